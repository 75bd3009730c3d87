-- The last changes of one element that are still held, found by going from each to the one before it.
--
-- KEYS[1]  stream: the changes, as join.lua writes them
-- KEYS[2]  the element's hash
-- ARGV[1]  how many changes at most
--
-- Returns  revision, packed change, revision, packed change … newest first.

local function first_line(text)
  return string.match(text, '^[^\n]*')
end

local found = {}
local head = redis.call('HGET', KEYS[2], '%head')
local revision = head and first_line(head) or ''
while revision ~= '' and #found < 2 * tonumber(ARGV[1]) do
  local entry = redis.call('XRANGE', KEYS[1], revision, revision)[1]
  if not entry then break end
  local change = entry[2][2]
  found[#found + 1] = revision
  found[#found + 1] = change
  revision = string.match(change, '^[^\n]*\n([^\n]*)')
end
return found
