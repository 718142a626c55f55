-- Keeps a new task, unless there is one of its id (EXISTS) or too many have not finished yet. Answers what there are too
-- many of, or nothing.
-- KEYS  1 task  2 tasks of the project  3 names of the project  4 sequence
--       5 unfinished  6 unfinished of the target  7 unfinished of the project
-- ARGV  1 id  2 name  3 created  4 task (JSON)  5 owner  6 limit of the target  7 of the project  8 of the service
--       9 sealed password, empty when it can't be kept; missing when there is none
if redis.call('EXISTS', KEYS[1]) == 1 then return 'EXISTS' end
if redis.call('SCARD', KEYS[6]) >= tonumber(ARGV[6]) then return 'TARGET' end
if redis.call('SCARD', KEYS[7]) >= tonumber(ARGV[7]) then return 'PROJECT' end
if redis.call('SCARD', KEYS[5]) >= tonumber(ARGV[8]) then return 'SERVICE' end

redis.call('HSET', KEYS[1], 'task', ARGV[4], 'status', 'MIGRATING', 'updated', ARGV[3], 'owner', ARGV[5],
    'attempt', 1, 'target', KEYS[6], 'project', KEYS[7])
if ARGV[9] then redis.call('HSET', KEYS[1], 'password', ARGV[9]) end
redis.call('ZADD', KEYS[2], redis.call('INCR', KEYS[4]), ARGV[1])
redis.call('HSET', KEYS[3], ARGV[1], ARGV[2])
for set = 5, 7 do redis.call('SADD', KEYS[set], ARGV[1]) end
return false
