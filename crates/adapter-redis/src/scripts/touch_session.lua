-- Asks for a session's snapshot, counts the request against the session's limit, and adds it to the
-- session's counters if the session is known.
-- KEYS: the person, the epoch, the distrust, the session's counters, the unflushed, then the limit's
-- counters. ARGV: now, what counting takes, the snapshot's field, lifetime in milliseconds, idle
-- lifetime of sessions in milliseconds, now in microseconds, slack of the limit's counters in
-- milliseconds, then interval and depth of each in microseconds.
-- Answers what is known (a word, and the snapshot or version), when something was last heard of the
-- session or nil, then what the limit says: 1 granted, 0 refused, -1 not counted, and the levels.
local now = tonumber(ARGV[1])
local activity = activity_of(KEYS[4], now)
local heard_at = activity and text(activity[LAST]) or false

-- A full server still tells what it knows, and says that it could not count.
local counted, granted, levels =
  pcall(take_from, KEYS, 6, ARGV, 15, tonumber(ARGV[13]), tonumber(ARGV[14]))
if not counted then
  granted, levels = -1, {}
end

-- Whether what the request adds was counted; a full server refuses.
local function add()
  local how = counting(ARGV, 2)
  if granted == 0 and how.counted then
    -- The client was refused and tells of pages and actions again.
    how.counted[2], how.counted[3] = 0, 0
  end
  return not how.counted or pcall(count_on, KEYS[4], KEYS[5], activity, how, now)
end

local function known()
  local person = redis.call('HMGET', KEYS[1], 'fenced_until', 'epoch', 'version', ARGV[10], 'number')
  local distrust = redis.call('GET', KEYS[3])
  if (person[1] and now < tonumber(person[1])) or (distrust and now < tonumber(distrust)) then
    return 'fenced', ''
  end
  local epoch = redis.call('GET', KEYS[2])
  if epoch and person[2] == epoch and person[3] then
    if person[4] and activity
      and vouches(person[4], activity[LAST], tonumber(ARGV[12]), now) then
      if add() then
        return 'known', person[4]
      end
      return 'unknown', person[3]
    end
    redis.call('PEXPIRE', KEYS[1], ARGV[11])
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
  redis.call('PEXPIRE', KEYS[1], ARGV[11])
  return 'unknown', version
end

local word, what = known()
return { word, what, heard_at, granted, unpack(levels) }
