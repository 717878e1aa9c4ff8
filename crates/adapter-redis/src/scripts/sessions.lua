-- What the scripts of session states share.
--
-- A person is a hash: number (the last one drawn), epoch and version (under which the snapshots
-- were put), session:<id> with "<believed until> <idle end> <absolute end> <workspace> <permissions>" for every
-- snapshot, fence:<number> with its end for every fence, fenced_until (the last end of them). What
-- has another epoch than the present one is void.

local function begins(field, with)
  return string.sub(field, 1, #with) == with
end

-- Until when a snapshot is believed.
local function believed_until(snapshot)
  return tonumber(string.match(snapshot, '^%-?%d+'))
end

-- Whether a snapshot is believed and its session is live, when something was last heard of it at
-- `last`. A snapshot of another form, which an earlier version put, is not believed.
local function vouches(snapshot, last, session_idle, now)
  local believed, idle, absolute = string.match(snapshot, '^(%-?%d+) (%-?%d+) (%-?%d+) %S+ %x+$')
  if not believed or now >= tonumber(believed) then
    return false
  end
  local idle_end = math.max(tonumber(idle), last + session_idle)
  return now < math.min(idle_end, tonumber(absolute))
end

