-- What the scripts of rate limits share: the generic cell rate algorithm.
--
-- A counter is one number: the moment, in microseconds, at which it is empty if nothing more is
-- taken. Taking one moves it by the limit's interval; it may lie at most the limit's depth ahead.
-- An empty counter is not kept. Moments in microseconds stay exact in a double until the year 2255.

-- The level of a counter, not before now.
local function level_of(key, now)
  return math.max(now, tonumber(redis.call('GET', key) or 0))
end

-- Keeps a level until it is reached by itself, and some slack in milliseconds longer.
local function keep_level(key, level, now, slack)
  redis.call('SET', key, text(level), 'PX', text(math.ceil((level - now) / 1000) + slack))
end

-- Whether one can be taken from every counter, and their levels as text. `keys` from `first_key`
-- on, with interval and depth of each in `args` from `first_arg` on.
local function look_at(keys, first_key, args, first_arg, now)
  local granted, levels = 1, {}
  for i = first_key, #keys do
    local at = first_arg + (i - first_key) * 2
    local level = level_of(keys[i], now)
    if level + tonumber(args[at]) - now > tonumber(args[at + 1]) then
      granted = 0
    end
    levels[#levels + 1] = text(level)
  end
  return granted, levels
end

-- Takes one from every counter if each has one; answers as look_at does.
local function take_from(keys, first_key, args, first_arg, now, slack)
  local granted, levels = look_at(keys, first_key, args, first_arg, now)
  if granted == 1 then
    for i = first_key, #keys do
      local interval = tonumber(args[first_arg + (i - first_key) * 2])
      local level = tonumber(levels[i - first_key + 1]) + interval
      keep_level(keys[i], level, now, slack)
      levels[i - first_key + 1] = text(level)
    end
  end
  return granted, levels
end

