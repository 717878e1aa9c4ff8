-- The totals of sessions.
-- KEYS: the counters of each. ARGV: now.
-- Answers the totals of each, or nil.
local now = tonumber(ARGV[1])
local found = {}
for i, key in ipairs(KEYS) do
  local activity = activity_of(key, now)
  found[i] = activity and told(activity) or false
end
return found
