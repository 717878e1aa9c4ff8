-- Takes one from every counter, if each has one.
-- KEYS: the counters. ARGV: now in microseconds, slack in milliseconds, then interval and depth of
-- each counter in microseconds.
local granted, levels = take_from(KEYS, 1, ARGV, 3, tonumber(ARGV[1]), tonumber(ARGV[2]))
return { granted, unpack(levels) }
