-- Gives one back to every counter.
-- KEYS: the counters. ARGV: now in microseconds, slack in milliseconds, then for each counter what
-- is given back in microseconds, or nothing to empty it.
local now = tonumber(ARGV[1])
local levels = {}
for i, key in ipairs(KEYS) do
  local given = tonumber(ARGV[2 + i])
  local level = given and level_of(key, now) - given or now
  if level > now then
    keep_level(key, level, now, tonumber(ARGV[2]))
  else
    level = now
    redis.call('DEL', key)
  end
  levels[i] = text(level)
end
return levels
