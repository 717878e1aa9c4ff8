-- Fences a person and forgets what was known of them; gives the fence's number.
-- KEYS: the person. ARGV: now, when the fence ends, lifetime in milliseconds.
local now = tonumber(ARGV[1])
local last = false
local ends = tonumber(ARGV[2])
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  local field, value = fields[i], fields[i + 1]
  if field == 'number' then
    last = value
  elseif begins(field, 'fence:') and now < tonumber(value) then
    ends = math.max(ends, tonumber(value))
  elseif field ~= 'fenced_until' then
    -- Removing needs no memory, and a full server lets pass whatever follows a removal: where
    -- anything is known that must not be believed, the fence is set.
    redis.call('HDEL', KEYS[1], field)
  end
end
local number = text(next_number(last))
redis.call('HSET', KEYS[1], 'number', number, 'fence:' .. number, ARGV[2],
  'fenced_until', text(ends))
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return number
