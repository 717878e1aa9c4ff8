-- Gives out counters that the database has not got, those that have waited longest first.
-- KEYS: the unflushed. ARGV: now, how many at most, until when nobody else gets them, lifetime of the
-- unflushed in milliseconds, what the names of counters begin with.
-- Answers the session, its totals and its revision, for each.
local now, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
-- This needs no memory, and a full server lets pass whatever follows a change.
redis.call('PEXPIRE', KEYS[1], ARGV[4])
local given = {}
-- Those that are gone are dropped, so that others come in their place; but there may be many.
for _ = 1, 8 do
  local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, limit - #given)
  for _, session in ipairs(due) do
    local activity = activity_of(ARGV[5] .. '{' .. session .. '}', now)
    if activity then
      redis.call('ZADD', KEYS[1], 'XX', ARGV[3], session)
      local answer = told(activity)
      table.insert(answer, 1, session)
      answer[#answer + 1] = text(activity.revision)
      given[#given + 1] = answer
    else
      redis.call('ZREM', KEYS[1], session)
    end
  end
  if #due == 0 or #given >= limit then
    break
  end
end
return given
