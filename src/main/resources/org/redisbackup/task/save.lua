-- Keeps how far the files of a task are, if the owner still has it. Answers whether it does.
-- KEYS  1 task  2 progress of its files  3 their checkpoints
-- ARGV  1 owner  2 whether a checkpoint is beyond the one before  3 number of arguments with progress
--       4... file and progress by turns, then file and checkpoint by turns
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
local function keep(key, from, to)
  for i = from, to, 2 do redis.call('HSET', key, ARGV[i], ARGV[i + 1]) end
end
local first = 4 + tonumber(ARGV[3])
keep(KEYS[2], 4, first - 1)
keep(KEYS[3], first, #ARGV)
if ARGV[2] == '1' then redis.call('HDEL', KEYS[1], 'vain') end
return 1
