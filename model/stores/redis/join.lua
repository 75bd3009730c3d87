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
local MAX_RUNS = 64
local call, find, sub, concat = redis.call, string.find, string.sub, table.concat

-- 1. The head

local function max(a, b)
  if b and b > a then return b end
  return a
end

local function begin_epoch(state_epoch, known_epoch)
  local epoch = max(tonumber(call('TIME')[1]), known_epoch + 1)
  local newest = call('XREVRANGE', STREAM, '+', '-', 'COUNT', 1)[1]
  if newest then epoch = max(epoch, tonumber(string.match(newest[1], '^%d+')) + 1) end
  if state_epoch then epoch = max(epoch, state_epoch + 1) end
  -- The first number stays unused when elements remain: this epoch's changes do not make up the whole state.
  local seq = call('EXISTS', ELEMENTS)
  call('DEL', STATE)
  call('HSET', STATE, 'epoch', epoch, 'seq', seq, 'run', RUN)
  return epoch, seq
end

-- The server has started again since the last call: whatever was read in earlier runs holds up to here, and no further.
local function begin_run(seq, last)
  local fields = call('HGETALL', STATE)
  for i = 1, #fields, 2 do
    if sub(fields[i], 1, 4) == 'run:' then
      -- A run that is no longer known counts as one of which nothing holds, so that forgetting many at once is safe.
      if #fields > 2 * MAX_RUNS then
        call('HDEL', STATE, fields[i])
      elseif tonumber(fields[i + 1]) > seq then
        call('HSET', STATE, fields[i], seq)
      end
    end
  end
  call('HSET', STATE, 'run:' .. last, seq, 'run', RUN)
end

local function current_head()
  local known_epoch, known_seq, known_run = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
  local state = call('HMGET', STATE, 'epoch', 'seq', 'run')
  local epoch, seq, run = tonumber(state[1]), tonumber(state[2]), state[3]
  if not epoch or not seq or not run or epoch < known_epoch then return begin_epoch(epoch, known_epoch) end
  if run ~= RUN then begin_run(seq, run) end
  if epoch > known_epoch then return epoch, seq end
  local holds = seq
  if known_run ~= RUN then holds = tonumber(call('HGET', STATE, 'run:' .. known_run)) or -1 end
  if known_seq > holds then return begin_epoch(epoch, known_epoch) end
  return epoch, seq
end

local epoch, seq = current_head()

-- 2. Sets of registers: names, each ended by a tab. Few different ones occur, so what was worked out is kept for the call.

local split_sets, differences = {}, {}

local function split(names)
  local list = split_sets[names]
  if not list then
    list = {}
    for name in string.gmatch(names, '([^\t]*)\t') do list[#list + 1] = name end
    split_sets[names] = list
  end
  return list
end

local function set_of(names)
  local set = {}
  for _, name in ipairs(split(names)) do set[name] = true end
  return set
end

-- Those of a that are not in b.
local function minus(a, b)
  if a == b then return '' end
  local row = differences[b]
  if not row then
    row = {}
    differences[b] = row
  end
  local rest = row[a]
  if not rest then
    local taken, left = set_of(b), {}
    for _, name in ipairs(split(a)) do
      if not taken[name] then left[#left + 1] = name .. '\t' end
    end
    rest = concat(left)
    row[a] = rest
  end
  return rest
end

-- 3. Elements

local function lines_of(text)
  local at, stop = 1, nil
  return function()
    stop = find(text, '\n', at, true)
    if not stop then return nil end
    local line = sub(text, at, stop - 1)
    at = stop + 1
    return line
  end
end

local line = lines_of(ARGV[7])

local function append(entry)
  seq = seq + 1
  local revision = string.format('%.0f-%.0f', epoch, seq)
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

local function join(name, groups)
  local key = ELEMENTS .. ':' .. name
  local previous, stamps, sets, count -- what the element's %head says
  local entry, written, won = { name, '' }, {}, 0
  for _ = 1, groups do
    local stamp, names = line(), line()
    local clock, registers = sub(stamp, 1, CLOCK_LENGTH), split(names)
    local held = call('HMGET', key, '%head', unpack(registers))

    if not count then
      stamps, sets, count = {}, {}, 0
      local next_line = lines_of(held[1] or '')
      previous = next_line()
      for held_stamp in next_line do
        count = count + 1
        stamps[count], sets[count] = held_stamp, next_line()
      end
    end

    -- The whole rule: for each register the greater clock wins.
    local winners, kept = names, 0
    for i = 1, count do
      local held_stamp, held_names = stamps[i], sets[i]
      if sub(held_stamp, 1, CLOCK_LENGTH) < clock then
        held_names = minus(held_names, names)
      else
        winners = minus(winners, held_names)
      end
      if held_names ~= '' then
        kept = kept + 1
        stamps[kept], sets[kept] = held_stamp, held_names
      end
    end
    count = kept

    local some = winners ~= names and set_of(winners)
    if winners ~= '' then
      count = count + 1
      stamps[count], sets[count] = stamp, winners
      entry[#entry + 1] = stamp
      entry[#entry + 1] = winners
    end
    for i = 1, #registers do
      local value, register = line(), registers[i]
      if not some or some[register] then
        won = won + 1
        if held[i + 1] == value then
          entry[#entry + 1] = ''
        else
          entry[#entry + 1] = value
          written[#written + 1] = register
          written[#written + 1] = value
        end
      end
    end
  end
  if won == 0 then return 0 end

  if previous then entry[2] = previous else call('SADD', ELEMENTS, name) end
  local head = { append(entry) }
  for i = 1, count do
    head[2 * i], head[2 * i + 1] = stamps[i], sets[i]
  end
  head[#head + 1] = ''
  call('HSET', key, '%head', concat(head, '\n'), unpack(written))
  return won
end

local before, won = seq, 0
for name in line do
  local groups = tonumber(line())
  if groups == 0 then forget(name) else won = won + join(name, groups) end
end

if seq > before then
  call('HSET', STATE, 'seq', seq)
  call('XTRIM', STREAM, 'MAXLEN', '~', RETENTION)
end
return { epoch, seq, won }
