-- Says whether a task pauses, if the owner still has it. Answers the limits that were set while it ran, by keys, by
-- bytes and by the target's latency, each false when it was not; false when another has the task.
-- KEYS  1 task
-- ARGV  1 owner  2 why it pauses; missing when it does not
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return false end
if ARGV[2] then redis.call('HSET', KEYS[1], 'paused', ARGV[2]) else redis.call('HDEL', KEYS[1], 'paused') end
return redis.call('HMGET', KEYS[1], 'max_keys_per_second', 'max_bytes_per_second', 'max_latency_ms')
