-- Says which index tells what a target holds, unless another import into it has begun meanwhile. Answers whether it does.
-- KEYS  1 indexes of all targets
-- ARGV  1 address of the target  2 session of the run that has imported  3 the index (JSON)
local last = redis.call('HGET', KEYS[1], ARGV[1])
if not last or cjson.decode(last).holder ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
