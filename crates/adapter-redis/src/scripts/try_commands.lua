-- Uses every command that the other scripts use, so that one that is missing or not permitted
-- shows at the start.
-- KEYS: a name that nothing else has, one that nothing else has either.
redis.call('EXISTS', KEYS[1])
redis.call('HSET', KEYS[1], 'a', 1, 'b', text(next_number(false)))
redis.call('PEXPIRE', KEYS[1], 1000)
redis.call('HINCRBY', KEYS[1], 'a', 1)
redis.call('HMGET', KEYS[1], 'a', 'b')
redis.call('HDEL', KEYS[1], 'a')
redis.call('HGET', KEYS[1], 'b')
redis.call('HGETALL', KEYS[1])
redis.call('SET', KEYS[2], 1, 'PX', 1000)
redis.call('GET', KEYS[2])
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('ZADD', KEYS[1], 'NX', 1, 'a')
redis.call('ZADD', KEYS[1], 'XX', 2, 'a')
redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', 2, 'LIMIT', 0, 1)
redis.call('ZREM', KEYS[1], 'a')
return 1
