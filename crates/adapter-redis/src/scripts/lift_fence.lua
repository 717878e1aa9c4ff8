-- Drops a person's snapshots and version, and lifts one fence.
-- KEYS: the person. ARGV: the fence's number.
local lifted = 'fence:' .. ARGV[1]
local ends = nil
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  local field, value = fields[i], fields[i + 1]
  if begins(field, 'fence:') and field ~= lifted then
    ends = math.max(ends or 0, tonumber(value))
  elseif field ~= 'number' and field ~= 'fenced_until' then
    redis.call('HDEL', KEYS[1], field)
  end
end
if ends then
  redis.call('HSET', KEYS[1], 'fenced_until', text(ends))
else
  redis.call('HDEL', KEYS[1], 'fenced_until')
end
return 1
