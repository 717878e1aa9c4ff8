-- Asks for a session's snapshot.
-- KEYS: the person, the epoch, the distrust. ARGV: now, the snapshot's field, lifetime in
-- milliseconds.
local now = tonumber(ARGV[1])
local person = redis.call('HMGET', KEYS[1], 'fenced_until', 'epoch', 'version', ARGV[2], 'number')
local distrust = redis.call('GET', KEYS[3])
if (person[1] and now < tonumber(person[1])) or (distrust and now < tonumber(distrust)) then
  return { 'fenced' }
end
local epoch = redis.call('GET', KEYS[2])
if epoch and person[2] == epoch and person[3] then
  if person[4] and now < believed_until(person[4]) then
    return { 'known', person[4] }
  end
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return { 'unknown', person[3] }
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
return { 'unknown', version }
