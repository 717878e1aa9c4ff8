-- Says whether one could be taken from every counter, and takes nothing.
-- KEYS, ARGV: as to take one.
local granted, levels = look_at(KEYS, 1, ARGV, 3, tonumber(ARGV[1]))
return { granted, unpack(levels) }
