-- Voids every snapshot; where fences could not be set, fences everybody until they would end.
-- KEYS: the epoch, the distrust. ARGV: until when to fence everybody (0: not at all), lifetime of
-- that in milliseconds.
local ends = tonumber(ARGV[1])
if ends > tonumber(redis.call('GET', KEYS[2]) or 0) then
  redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
end
redis.call('SET', KEYS[1], text(next_number(redis.call('GET', KEYS[1]))))
return 1
