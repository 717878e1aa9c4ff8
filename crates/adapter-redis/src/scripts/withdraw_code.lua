-- Takes a code back: what was sent is what was sent before it.
-- KEYS: the signup. ARGV: code, when it was issued.
local signup = signup_of(KEYS[1], nil)
if not signup or signup.code ~= ARGV[1] or signup.code_issued_at ~= ARGV[2] then
  return 0
end
-- The removal goes first: it needs no memory, and a full server lets pass what follows it.
redis.call('HDEL', KEYS[1], 'code', 'code_issued_at', 'code_expires_at', 'code_wrong',
  'code_before', 'next_at')
if signup.code_before ~= '' then
  redis.call('HSET', KEYS[1], 'next_at', signup.code_before)
end
return 1
