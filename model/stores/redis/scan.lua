-- One page of a cloud's elements, each as a packed change that sets all its registers.
--
-- KEYS[1]  elements: a set of names; the hash of the element `name` is at KEYS[1] .. ':' .. name
-- ARGV[1]  cursor: 0 for the first page, then what the page before returned; 0 again after the last page
-- ARGV[2]  about how many elements
--
-- Returns  the next cursor, then the packed changes (see join.lua).

local function lines_of(text)
  return string.gmatch(text, '([^\n]*)\n')
end

local reply = redis.call('SSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
local found = { reply[1] }
for _, name in ipairs(reply[2]) do
  local fields = redis.call('HGETALL', KEYS[1] .. ':' .. name)
  local values = {}
  for i = 1, #fields, 2 do values[fields[i]] = fields[i + 1] end
  if values['%head'] then
    local next_line = lines_of(values['%head'])
    local entry = { name, next_line() }
    for stamp in next_line do
      local names = next_line()
      entry[#entry + 1] = stamp
      entry[#entry + 1] = names
      for register in string.gmatch(names, '([^\t]*)\t') do entry[#entry + 1] = values[register] end
    end
    entry[#entry + 1] = ''
    found[#found + 1] = table.concat(entry, '\n')
  end
end
return found
