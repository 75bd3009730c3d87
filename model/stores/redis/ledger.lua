-- Writes records of the ledger, all or none, and appends what was written to its stream as one entry.
--
-- KEYS[1]  state: a hash of epoch and seq (the head of the stream), and for each kind `removed:<kind>`, the greatest version
--          that was removed
-- KEYS[2]  stream: an entry's id is epoch-seq, its only value is the packed records
-- KEYS[3]  prefix of the kinds: KEYS[3] .. ':ids:' .. kind is a sorted set of ids, KEYS[3] .. ':values:' .. kind a hash by
--          id of the version, a newline and the value
-- KEYS[4]  leases: see lease.lua
-- KEYS[5]  what this very call came to, kept for a while: a call whose answer was lost is made again
--
-- ARGV[1]  how many entries of the stream to keep, about
-- ARGV[2]  the name, and
-- ARGV[3]  the token of a lease that must be held; empty when none need be
-- ARGV[4…] for each record: kind, id, version seen, value (empty: remove)
--
-- Returns  the new versions, or false when nothing was written.

local STATE, STREAM, PREFIX, LEASES, DONE = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local DONE_SECONDS = 600
local call = redis.call

local done = call('GET', DONE)
if done then return cjson.decode(done) end

if ARGV[2] ~= '' then
  local held = call('HGET', LEASES, ARGV[2])
  if not held then return false end
  local token, ends = string.match(held, '^(%d+)\n(%d+)\n')
  local now = call('TIME')
  local millis = tonumber(now[1]) * 1000 + math.floor(tonumber(now[2]) / 1000)
  if token ~= ARGV[3] or tonumber(ends) <= millis then return false end
end

for i = 4, #ARGV, 4 do
  local held = call('HGET', PREFIX .. ':values:' .. ARGV[i], ARGV[i + 1])
  local version = held and string.match(held, '^%d+') or '0'
  if version ~= ARGV[i + 2] then return false end
end

if #ARGV < 4 then return {} end
local versions, entry = {}, {}
for i = 4, #ARGV, 4 do
  local kind, id, seen, value = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2]), ARGV[i + 3]
  local removed = tonumber(call('HGET', STATE, 'removed:' .. kind)) or 0
  local version = string.format('%d', (seen == 0 and removed or seen) + 1)
  if value == '' then
    call('HDEL', PREFIX .. ':values:' .. kind, id)
    call('ZREM', PREFIX .. ':ids:' .. kind, id)
    if tonumber(version) > removed then call('HSET', STATE, 'removed:' .. kind, version) end
  else
    call('HSET', PREFIX .. ':values:' .. kind, id, version .. '\n' .. value)
    if seen == 0 then call('ZADD', PREFIX .. ':ids:' .. kind, 0, id) end
  end
  versions[#versions + 1] = tonumber(version)
  for _, text in ipairs({ kind, id, version, value }) do entry[#entry + 1] = text end
end

if not call('HGET', STATE, 'epoch') then
  local epoch = tonumber(call('TIME')[1])
  local newest = call('XREVRANGE', STREAM, '+', '-', 'COUNT', 1)[1]
  if newest then epoch = math.max(epoch, tonumber(string.match(newest[1], '^%d+')) + 1) end
  call('HSET', STATE, 'epoch', string.format('%d', epoch), 'seq', 0)
end
local seq = call('HINCRBY', STATE, 'seq', 1)
local id = call('HGET', STATE, 'epoch') .. '-' .. string.format('%d', seq)
call('XADD', STREAM, 'MAXLEN', '~', ARGV[1], id, 'r', cjson.encode(entry))
call('SET', DONE, cjson.encode(versions), 'EX', DONE_SECONDS)
return versions
