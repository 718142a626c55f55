-- The sign of life of a service instance. Answers which of the tasks that it runs are not its own any more.
-- KEYS  1 the sign of life, 2... the tasks
-- ARGV  1 owner  2 milliseconds until it counts as dead
redis.call('SET', KEYS[1], 'alive', 'PX', ARGV[2])
local lost = {}
for task = 2, #KEYS do
  local owner = redis.call('HGET', KEYS[task], 'owner')
  -- one that has no owner is about to be added
  if owner and owner ~= ARGV[1] then table.insert(lost, KEYS[task]) end
end
return lost
