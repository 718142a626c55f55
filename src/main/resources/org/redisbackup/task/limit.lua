-- Changes the limits of a task that runs; any other stays what it is.
-- KEYS  1 task
-- ARGV  name and value of each limit by turns
if redis.call('HGET', KEYS[1], 'status') ~= 'MIGRATING' then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV))
return 1
