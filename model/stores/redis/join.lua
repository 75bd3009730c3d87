-- Joins a batch of facts into a cloud's elements, or forgets elements, in one step: compares, writes the winners, numbers
-- and appends one change for each changed element. Begins a new epoch first when the cloud's state is missing or has gone
-- back. An empty batch only does that and tells the head. Making the same call again changes nothing.
--
-- KEYS[1]  state: a hash of epoch and seq (the head), run (the server run that wrote last), and for each earlier server
--          run `run:<id>` (the seq up to which what was read in that run still holds)
-- KEYS[2]  stream: the changes; an entry's id is its revision, its only value is the packed change
-- KEYS[3]  elements: a set of names; the hash of the element `name` is at KEYS[3] .. ':' .. name
--
-- ARGV[1]  the epoch and
-- ARGV[2]  the seq of a revision that the caller has read, 0 and 0 when none, and
-- ARGV[3]  the server run in which it has read it
-- ARGV[4]  the present server run
-- ARGV[5]  how many changes to keep, about
-- ARGV[6]  how many characters of a stamp are its clock
-- ARGV[7]  the batch, in lines that each end with a newline; an element is
--            its name
--            how many groups of facts follow; 0 forgets the element
--          and a group, which is the facts that share one stamp, is
--            the stamp: clock, then cause (opaque)
--            the registers' names, each ended by a tab
--            their values (opaque), a line each
--
-- Returns  the head's epoch and seq after the batch, and how many facts won.
--
-- The hash of an element has a field for each register's value, and `%head`: lines of the element's last revision, then of
-- stamp and registers, group by group. The packed change is lines of the element's name, its revision before (or nothing),
-- then of stamp, registers and values, group by group; the line of a value that has not changed is empty.

local STATE, STREAM, ELEMENTS = KEYS[1], KEYS[2], KEYS[3]
local RUN, RETENTION, CLOCK_LENGTH = ARGV[4], ARGV[5], tonumber(ARGV[6])
local MAX_FIELDS = 64
local call, find, sub, concat = redis.call, string.find, string.sub, table.concat

-- 1. The head

local function begin_epoch(known_epoch)
  local epoch = math.max(tonumber(call('TIME')[1]), known_epoch + 1)
  local newest = call('XREVRANGE', STREAM, '+', '-', 'COUNT', 1)[1]
  if newest then epoch = math.max(epoch, tonumber(string.match(newest[1], '^%d+')) + 1) end
  -- The first number stays unused when elements remain: this epoch's changes do not make up the whole state.
  local seq = call('EXISTS', ELEMENTS)
  call('DEL', STATE)
  call('HSET', STATE, 'epoch', epoch, 'seq', seq, 'run', RUN)
  return epoch, seq
end

-- The server has started again since the last call: what was read in the last run holds up to here, and no further. What
-- was noted of the runs before still is true, since all this goes back together if it does.
local function begin_run(seq, last)
  if call('HLEN', STATE) > MAX_FIELDS then
    -- Of a run that is not noted nothing holds, so that forgetting some is safe.
    for _, field in ipairs(call('HKEYS', STATE)) do
      if sub(field, 1, 4) == 'run:' then call('HDEL', STATE, field) end
    end
  end
  call('HSET', STATE, 'run:' .. last, seq, 'run', RUN)
end

local function current_head()
  local known_epoch, known_seq, known_run = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
  local state = call('HMGET', STATE, 'epoch', 'seq', 'run')
  local epoch, seq, run = tonumber(state[1]), tonumber(state[2]), state[3]
  if not epoch or not seq or not run or epoch < known_epoch then return begin_epoch(known_epoch) end
  if run ~= RUN then begin_run(seq, run) end
  if epoch > known_epoch then return epoch, seq end
  local holds = seq
  if known_run ~= RUN then holds = tonumber(call('HGET', STATE, 'run:' .. known_run)) or -1 end
  if known_seq > holds then return begin_epoch(known_epoch) end
  return epoch, seq
end

local epoch, seq = current_head()

-- 2. Texts

local function lines_of(text)
  local at = 1
  return function()
    local stop = find(text, '\n', at, true)
    if not stop then return nil end
    local line = sub(text, at, stop - 1)
    at = stop + 1
    return line
  end
end

-- Lists of registers by the text of their names: few different ones occur in a call.
local lists = {}

local function split(names)
  local list = lists[names]
  if not list then
    list = {}
    for name in string.gmatch(names, '([^\t]*)\t') do list[#list + 1] = name end
    lists[names] = list
  end
  return list
end

-- 3. Elements

local line = lines_of(ARGV[7])

local function append(entry)
  seq = seq + 1
  local revision = string.format('%d-%d', epoch, seq)
  call('XADD', STREAM, revision, 'c', concat(entry, '\n') .. '\n')
  return revision
end

local function forget(name)
  local key = ELEMENTS .. ':' .. name
  local head = call('HGET', key, '%head')
  if not head then return end
  call('DEL', key)
  call('SREM', ELEMENTS, name)
  append({ name, lines_of(head)() })
end

-- A group of registers that share a stamp; `left` of them still belong to it.
local function new_group(stamp, names)
  return { stamp = stamp, clock = sub(stamp, 1, CLOCK_LENGTH), names = names, left = 0 }
end

local function names_left(group, owner)
  local registers = split(group.names)
  if group.left == #registers then return group.names end
  local names = {}
  for _, register in ipairs(registers) do
    if owner[register] == group then names[#names + 1] = register .. '\t' end
  end
  return concat(names)
end

-- The element's revision, its groups and the group of each register.
local function read_head(head)
  local groups, owner = {}, {}
  local next_line = lines_of(head or '')
  local revision = next_line()
  for stamp in next_line do
    local group = new_group(stamp, next_line())
    local registers = split(group.names)
    for i = 1, #registers do owner[registers[i]] = group end
    group.left = #registers
    groups[#groups + 1] = group
  end
  return revision, groups, owner
end

local function join(name, count)
  local key = ELEMENTS .. ':' .. name
  local head = call('HGET', key, '%head')
  local previous, groups, owner = read_head(head)
  local entry, written, won = { name, previous or '' }, {}, 0
  for _ = 1, count do
    local group = new_group(line(), line())
    local registers = split(group.names)
    local held = call('HMGET', key, unpack(registers))
    local names_at = #entry + 2
    for i = 1, #registers do
      local register, value = registers[i], line()
      local holder = owner[register]
      -- The whole rule: for each register the greater clock wins.
      if not holder or holder.clock < group.clock then
        if holder then holder.left = holder.left - 1 end
        owner[register] = group
        group.left = group.left + 1
        local at = names_at + group.left
        if held[i] == value then
          entry[at] = ''
        else
          entry[at] = value
          written[#written + 1] = register
          written[#written + 1] = value
        end
      end
    end
    if group.left > 0 then
      won = won + group.left
      groups[#groups + 1] = group
      entry[names_at - 1], entry[names_at] = group.stamp, names_left(group, owner)
    end
  end
  if won == 0 then return 0 end

  if not previous then call('SADD', ELEMENTS, name) end
  head = { append(entry) }
  for _, group in ipairs(groups) do
    if group.left > 0 then
      head[#head + 1] = group.stamp
      head[#head + 1] = names_left(group, owner)
    end
  end
  head[#head + 1] = ''
  call('HSET', key, '%head', concat(head, '\n'), unpack(written))
  return won
end

local before, won = seq, 0
local whole, failure = pcall(function()
  for name in line do
    local count = tonumber(line())
    if count == 0 then forget(name) else won = won + join(name, count) end
  end
end)

-- Also after a failure, such as a foreign key in the place of an element: what is in the stream counts.
if seq > before then
  call('HSET', STATE, 'seq', seq)
  call('XTRIM', STREAM, 'MAXLEN', '~', RETENTION)
end
if not whole then return redis.error_reply(type(failure) == 'table' and failure.err or failure) end
return { epoch, seq, won }
