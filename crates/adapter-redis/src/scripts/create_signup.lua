-- Keeps a new signup.
-- KEYS: the signup. ARGV: sealed, address, expires_at, lifetime in milliseconds.
-- A full server lets pass whatever follows a removal, so nothing is removed in vain.
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('DEL', KEYS[1])
end
redis.call('HSET', KEYS[1], 'sealed', ARGV[1], 'version', 1, 'address', ARGV[2],
  'expires_at', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
