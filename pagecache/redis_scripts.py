"""
What must happen in Redis in one piece. KEYS[1] is the latest instant that was given out; ARGV[1] begins the names of
all other keys: `t:` a tag's stamp (the four numbers of `stamps.Stamp`), `e:` an entry, `i:` the entries of a tag.
"""

_COMMON = """
local function text(number) return string.format('%.0f', number) end

-- Later than any that was given out before, even if the clock was set back.
local function instant()
  local time = redis.call('TIME')
  local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
  local last = tonumber(redis.call('GET', KEYS[1]) or '0')
  if now <= last then now = last + 1 end
  redis.call('SET', KEYS[1], text(now))
  return now
end

local function read(tag)
  local told = redis.call('GET', ARGV[1] .. 't:' .. tag)
  if not told then return nil end
  local settled, pending, due, gone = string.match(told, '(%d+) (%d+) (%d+) (%d+)')
  return {tonumber(settled), tonumber(pending), tonumber(due), tonumber(gone)}
end

local function put(tag, stamp, seconds)
  local told = text(stamp[1]) .. ' ' .. text(stamp[2]) .. ' ' .. text(stamp[3]) .. ' ' .. text(stamp[4])
  redis.call('SET', ARGV[1] .. 't:' .. tag, told, 'EX', seconds)
end
"""

# The first of a run, and the first after `purged` was evicted, says that everything before it is unknown.
INSTANT = f"""{_COMMON}
redis.call('SET', ARGV[1] .. 'purged', text(instant()), 'NX')
return text(instant())
"""

# ARGV: names, seconds that stamps are kept, then for each purge its tag, '1' if gone, its rhythm in microseconds. A
# stamp that is missing may have said that pages are gone: as in WRITE, all before the last purge of anything are.
PURGE = f"""{_COMMON}
local seconds = tonumber(ARGV[2])
local now = instant()
local unknown = tonumber(redis.call('GET', ARGV[1] .. 'purged') or text(now))
for place = 3, #ARGV, 3 do
  local tag, every = ARGV[place], tonumber(ARGV[place + 2])
  local stamp = read(tag) or {{unknown, 0, 0, unknown}}
  if ARGV[place + 1] == '1' then
    stamp = {{now, 0, 0, now}}
  elseif every == 0 then
    stamp[1] = now
  else
    if stamp[3] <= now then
      stamp[1] = math.max(stamp[1], stamp[2])
      stamp[3] = math.ceil(now / every) * every
    end
    stamp[2] = now
  end
  put(tag, stamp, seconds)
end
redis.call('SET', ARGV[1] .. 'purged', text(now))
for place = 3, #ARGV, 3 do
  if ARGV[place + 1] == '1' then
    local index = ARGV[1] .. 'i:' .. ARGV[place]
    for _, entry in ipairs(redis.call('ZRANGE', index, 0, -1)) do redis.call('UNLINK', entry) end
    redis.call('DEL', index)
  end
end
return text(now)
"""

# ARGV: names, seconds that stamps are kept, seconds that the entry is kept, its key, its bytes, the instant at which it
# was begun, then its tags. A tag without a stamp was never purged, or the stamp was evicted: whatever was begun
# before the last purge of anything counts as gone. Gives 1 if the entry is kept.
WRITE = f"""{_COMMON}
local seconds, kept, key, began = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4], tonumber(ARGV[6])
local is_gone = false
for place = 7, #ARGV do
  local stamp = read(ARGV[place])
  if not stamp then
    local purged = redis.call('GET', ARGV[1] .. 'purged')
    if not purged then
      purged = text(instant())
      redis.call('SET', ARGV[1] .. 'purged', purged)
    end
    stamp = {{tonumber(purged), 0, 0, tonumber(purged)}}
  end
  put(ARGV[place], stamp, seconds)
  if began <= stamp[4] then is_gone = true end
end
if is_gone then return 0 end
redis.call('SET', key, ARGV[5], 'EX', kept)
local now = tonumber(redis.call('TIME')[1])
for place = 7, #ARGV do
  local index = ARGV[1] .. 'i:' .. ARGV[place]
  redis.call('ZADD', index, now, key)
  redis.call('ZREMRANGEBYSCORE', index, '-inf', now - kept)
  redis.call('EXPIRE', index, kept)
end
return 1
"""

# KEYS[1] is a lock here; ARGV[1] what its holder wrote into it.
RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
