-- A task that runs is to be stopped; any other stays what it is.
-- KEYS  1 task  2 tasks to be stopped
-- ARGV  1 id  2 now
if redis.call('HGET', KEYS[1], 'status') == 'MIGRATING' then
  redis.call('HSET', KEYS[1], 'status', 'TERMINATING', 'updated', ARGV[2])
  redis.call('SADD', KEYS[2], ARGV[1])
  return 1
end
return 0
