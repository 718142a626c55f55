-- The sign of life of a service instance. Answers which of the tasks that it runs are not its own any more.
-- KEYS  1 the sign of life, 2... the tasks
-- ARGV  1 owner  2 milliseconds until it counts as dead
redis.call('SET', KEYS[1], 'alive', 'PX', ARGV[2])
local lost = {}
for task = 2, #KEYS do
  if redis.call('HGET', KEYS[task], 'owner') ~= ARGV[1] then table.insert(lost, KEYS[task]) end
end
return lost
