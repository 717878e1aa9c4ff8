-- Adds an activity to a session's counters; without an entry and without totals to go on from,
-- nothing.
-- KEYS: the counters, the unflushed. ARGV: now, what counting takes, the totals that the database
-- has or nothing.
local now = tonumber(ARGV[1])
local activity = latest(activity_of(KEYS[1], now), totals(ARGV, 10))
if not activity then
  return 0
end
count_on(KEYS[1], KEYS[2], activity, counting(ARGV, 2), now)
return 1
