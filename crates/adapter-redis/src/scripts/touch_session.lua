-- Asks for a session's snapshot, and counts the request against the session's limit.
-- KEYS: the person, the epoch, the distrust, then the limit's counters. ARGV: now, the snapshot's
-- field, lifetime in milliseconds, now in microseconds, slack of the counters in milliseconds, then
-- interval and depth of each counter in microseconds.
-- Answers what is known (a word, and the snapshot or version), then what the limit says: 1 granted,
-- 0 refused, -1 not counted, and the levels.

local function known()
  local now = tonumber(ARGV[1])
  local person = redis.call('HMGET', KEYS[1], 'fenced_until', 'epoch', 'version', ARGV[2], 'number')
  local distrust = redis.call('GET', KEYS[3])
  if (person[1] and now < tonumber(person[1])) or (distrust and now < tonumber(distrust)) then
    return 'fenced', ''
  end
  local epoch = redis.call('GET', KEYS[2])
  if epoch and person[2] == epoch and person[3] then
    if person[4] and now < believed_until(person[4]) then
      return 'known', person[4]
    end
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
    return 'unknown', person[3]
  end
  if not epoch then
    epoch = text(next_number(false))
    redis.call('SET', KEYS[2], epoch)
  end
  -- Nothing of an earlier epoch stays, and every fence there was has run out. A full server lets
  -- pass whatever follows a removal, so nothing is removed in vain.
  local version = text(next_number(person[5]))
  if person[5] then
    redis.call('DEL', KEYS[1])
  end
  redis.call('HSET', KEYS[1], 'number', version, 'epoch', epoch, 'version', version)
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return 'unknown', version
end

local word, what = known()
-- A full server still tells what it knows, and says that it could not count.
local counted, granted, levels =
  pcall(take_from, KEYS, 4, ARGV, 6, tonumber(ARGV[4]), tonumber(ARGV[5]))
if not counted then
  granted, levels = -1, {}
end
return { word, what, granted, unpack(levels) }
