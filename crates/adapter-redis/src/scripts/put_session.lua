-- Puts a snapshot, unless the person is fenced or the version has moved. Under a version of an
-- earlier epoch it is void: versions are told under the present one only, and none while everybody
-- is fenced.
-- KEYS: the person. ARGV: now, the snapshot's field, the snapshot, version, lifetime in
-- milliseconds.
local now = tonumber(ARGV[1])
local person = redis.call('HMGET', KEYS[1], 'fenced_until', 'version')
if (person[1] and now < tonumber(person[1])) or person[2] ~= ARGV[4] then
  return 0
end
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  if begins(fields[i], 'session:') and believed_until(fields[i + 1]) <= now then
    redis.call('HDEL', KEYS[1], fields[i])
  end
end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return 1
