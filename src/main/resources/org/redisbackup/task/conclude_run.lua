-- Ends the claim that a service instance has on a run of a schedule, and keeps what came of it. Answers whether it had it.
-- KEYS  1 schedule  2 tasks whose end was not seen yet
-- ARGV  1 the instance  2 time of the run  3 id of the task  4 the task (JSON), both empty when there is none
--       5... names and values of fields of the schedule; those with an empty value go, if they are the time of the run
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] or redis.call('HGET', KEYS[1], 'claimed') ~= ARGV[2] then
  return 0
end
redis.call('HDEL', KEYS[1], 'claimed', 'owner')
for i = 5, #ARGV, 2 do
  if ARGV[i + 1] ~= '' then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  elseif redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[2] then
    redis.call('HDEL', KEYS[1], ARGV[i])
  end
end
if ARGV[3] ~= '' then redis.call('HSET', KEYS[2], ARGV[3], ARGV[4]) end
return 1
