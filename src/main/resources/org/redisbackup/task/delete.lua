-- Forgets tasks of a project, if all of them have finished. Answers whether they had.
-- KEYS  1 tasks of the project  2 names of the project  3 unfinished  4... what there is of each task, the same number of keys for all
-- ARGV  ids
local known = {}
for i, id in ipairs(ARGV) do
  if redis.call('ZSCORE', KEYS[1], id) then
    if redis.call('SISMEMBER', KEYS[3], id) == 1 then return 0 end
    table.insert(known, i)
  end
end
local each = (#KEYS - 3) / #ARGV
for _, i in ipairs(known) do
  redis.call('ZREM', KEYS[1], ARGV[i])
  redis.call('HDEL', KEYS[2], ARGV[i])
  local first = 4 + (i - 1) * each
  redis.call('UNLINK', unpack(KEYS, first, first + each - 1))
end
return 1
