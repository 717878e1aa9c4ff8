-- Goes on counting from what the database says, and puts a snapshot, unless the person is fenced or
-- the version has moved. Under a version of an earlier epoch it is void: versions are told under the
-- present one only, and none while everybody is fenced.
-- KEYS: the person, the session's counters, the unflushed. ARGV: now, what counting takes, the totals
-- that the database has, version or nothing, the snapshot's field, the snapshot, lifetime in
-- milliseconds.
local now = tonumber(ARGV[1])
local activity = latest(activity_of(KEYS[2], now), totals(ARGV, 10))
count_on(KEYS[2], KEYS[3], activity, counting(ARGV, 2), now)
local person = redis.call('HMGET', KEYS[1], 'fenced_until', 'version')
if ARGV[16] == '' or (person[1] and now < tonumber(person[1])) or person[2] ~= ARGV[16] then
  return 0
end
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  if begins(fields[i], 'session:') and believed_until(fields[i + 1]) <= now then
    redis.call('HDEL', KEYS[1], fields[i])
  end
end
redis.call('HSET', KEYS[1], ARGV[17], ARGV[18])
redis.call('PEXPIRE', KEYS[1], ARGV[19])
return 1
