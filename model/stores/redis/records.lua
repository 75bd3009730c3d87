-- Keeps records of one kind, dropping those with the least ids above a limit.
--
-- KEYS[1]  ids: a sorted set, all with score 0, so in the order of their bytes
-- KEYS[2]  values: a hash by id
-- KEYS[3]  counts: a hash by kind of how many records were ever put
-- ARGV[1]  the kind
-- ARGV[2]  the limit
-- ARGV[3…] id, value, id, value …
--
-- Returns  how many records are held.

for i = 3, #ARGV, 2 do
  local id, value = ARGV[i], ARGV[i + 1]
  if redis.call('ZADD', KEYS[1], 0, id) == 1 then redis.call('HINCRBY', KEYS[3], ARGV[1], 1) end
  redis.call('HSET', KEYS[2], id, value)
end
local surplus = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[2])
if surplus > 0 then
  local dropped = redis.call('ZPOPMIN', KEYS[1], surplus)
  for i = 1, #dropped, 2 do redis.call('HDEL', KEYS[2], dropped[i]) end
end
return redis.call('ZCARD', KEYS[1])
