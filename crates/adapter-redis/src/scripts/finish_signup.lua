-- Removes a signup.
-- KEYS: the signup.
return redis.call('DEL', KEYS[1])
