-- What the scripts of session states share.
--
-- A person is a hash: number (the last one drawn), epoch and version (under which the snapshots
-- were put), session:<id> with "<believed until> <rest>" for every snapshot, fence:<number> with
-- its end for every fence, fenced_until (the last end of them). What has another epoch than the
-- present one is void.

local function begins(field, with)
  return string.sub(field, 1, #with) == with
end

-- Until when a snapshot is believed.
local function believed_until(snapshot)
  return tonumber(string.match(snapshot, '^%-?%d+'))
end

