-- Ends a task that its owner still has. Answers how: a task to be stopped has been, whatever became of its files.
-- KEYS  1 task  2 unfinished  3 tasks to be stopped  4 checkpoints of its files  5 log
-- ARGV  1 id  2 owner  3 status  4 now  5 log line  6 log line when it was to be stopped  7 error; missing when there is none
if redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 0 or redis.call('HGET', KEYS[1], 'owner') ~= ARGV[2] then
  return false
end
local status = ARGV[3]
if redis.call('HGET', KEYS[1], 'status') == 'TERMINATING' then status = 'TERMINATED' end
redis.call('HSET', KEYS[1], 'status', status, 'updated', ARGV[4], 'released', ARGV[4])
if status == 'FAILED' and ARGV[7] then redis.call('HSET', KEYS[1], 'error', ARGV[7]) end
redis.call('RPUSH', KEYS[5], status == 'TERMINATED' and ARGV[6] or ARGV[5])
local sets = redis.call('HMGET', KEYS[1], 'target', 'project')
for _, set in ipairs({KEYS[2], KEYS[3], sets[1], sets[2]}) do redis.call('SREM', set, ARGV[1]) end
redis.call('HDEL', KEYS[1], 'password', 'target', 'project', 'vain')
redis.call('UNLINK', KEYS[4])
return status
