-- Takes, prolongs or gives back a lease, by the time of Redis.
--
-- KEYS[1]  leases: a hash by name of token, end (milliseconds since 1970) and holder, in lines
--
-- ARGV[1]  the name
-- ARGV[2]  the holder
-- ARGV[3]  for how many milliseconds; 0 gives it back
-- ARGV[4]  the token to give back
--
-- Returns  the token, or false while another holds it.

local LEASES, NAME, HOLDER, MILLIS = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3])

local now = redis.call('TIME')
local millis = tonumber(now[1]) * 1000 + math.floor(tonumber(now[2]) / 1000)
local held = redis.call('HGET', LEASES, NAME)
local token, ends, holder = string.match(held or '', '^(%d+)\n(%d+)\n(.*)$')

local function put(new_token, new_end)
  redis.call('HSET', LEASES, NAME, string.format('%d\n%d\n%s', new_token, new_end, HOLDER))
  return new_token
end

if MILLIS == 0 then
  -- The token stays: the next one is greater. Nobody is called by the empty name.
  if token == ARGV[4] then redis.call('HSET', LEASES, NAME, token .. '\n0\n') end
  return false
end
if holder == HOLDER then return put(tonumber(token), millis + MILLIS) end
if token and tonumber(ends) > millis then return false end
-- Above any token that a Redis which lost its data may have given.
return put(math.max((tonumber(token) or 0) + 1, millis), millis + MILLIS)
