-- Takes over an unfinished task of a service instance that gives no sign of life, or that is the new owner itself.
-- Answers which attempt begins, 0 for none.
-- KEYS  1 task  2 unfinished  3 the old owner's sign of life
-- ARGV  1 id  2 old owner  3 new owner
if (ARGV[2] ~= ARGV[3] and redis.call('EXISTS', KEYS[3]) == 1)
    or redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 0
    or redis.call('HGET', KEYS[1], 'owner') ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], 'owner', ARGV[3])
return redis.call('HINCRBY', KEYS[1], 'attempt', 1)
