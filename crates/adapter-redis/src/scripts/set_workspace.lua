-- Replaces the contents by some that have a workspace.
-- KEYS: the signup. ARGV: now, version, sealed.
local now = tonumber(ARGV[1])
local signup = signup_of(KEYS[1], now)
if not signup then
  return { 'gone' }
end
if leased_until(signup, now) then
  return { 'leased' }
end
if signup.version ~= ARGV[2] then
  return { 'moved' }
end
redis.call('HSET', KEYS[1], 'sealed', ARGV[3], 'version', text(tonumber(signup.version) + 1),
  'workspace', 1)
return { 'done', flag(signup.next_at) }
