-- The database has these counters: those that have not changed since wait no longer, the others
-- wait from now on.
-- KEYS: the unflushed, then the counters. ARGV: now, lifetime of the unflushed in milliseconds, for
-- how long counters stay that the database has, slack, then session and revision of each.
local now, keep, slack = tonumber(ARGV[1]), tonumber(ARGV[3]), tonumber(ARGV[4])
-- This needs no memory, and a full server lets pass whatever follows a change.
redis.call('PEXPIRE', KEYS[1], ARGV[2])
for i = 2, #KEYS do
  local session, revision = ARGV[1 + i * 2], ARGV[2 + i * 2]
  local found = redis.call('HGET', KEYS[i], 'revision')
  if found and found ~= revision then
    redis.call('ZADD', KEYS[1], 'XX', ARGV[1], session)
  elseif redis.call('ZREM', KEYS[1], session) == 1 and found then
    redis.call('HSET', KEYS[i], 'ends', text(now + keep))
    redis.call('PEXPIRE', KEYS[i], text(keep + slack))
  end
end
return 1
