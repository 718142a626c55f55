-- Claims a run of a schedule for a service instance, unless another one that lives has a claim or the schedule has gone
-- on. Answers whether it does.
-- KEYS  1 schedule  2 sign of life of the instance that had a claim
-- ARGV  1 time of the run  2 up to when the schedule is dealt with  3 instance that had a claim  4 the new one; times and
--       instances are empty when there is none
if (redis.call('HGET', KEYS[1], 'fired') or '') ~= ARGV[2]
    or (redis.call('HGET', KEYS[1], 'owner') or '') ~= ARGV[3]
    or (ARGV[3] ~= ARGV[4] and redis.call('EXISTS', KEYS[2]) == 1) then
  return 0
end
redis.call('HSET', KEYS[1], 'claimed', ARGV[1], 'owner', ARGV[4])
return 1
