-- What the scripts of pending signups share.
--
-- A signup is a hash: sealed, version, expires_at, address, and as far as there are any
-- workspace, next_at (when the next code may be sent), code with code_issued_at, code_expires_at,
-- code_wrong, code_before (next_at before this code, or empty), lease with leased_until.
-- An address's wrong guesses are a hash: wrong, ends_at.

-- The fields of a signup, unless it has ended by `now` (or, without one, is not there).
local function signup_of(key, now)
  local fields = redis.call('HGETALL', key)
  if #fields == 0 then
    return nil
  end
  local signup = {}
  for i = 1, #fields, 2 do
    signup[fields[i]] = fields[i + 1]
  end
  if now and now >= tonumber(signup.expires_at) then
    return nil
  end
  return signup
end

local function flag(is)
  return is and 1 or 0
end

-- What a caller sees of a signup, behind the word that says what came of the step.
local function with_entry(word, signup)
  return {
    word,
    signup.sealed,
    signup.version,
    signup.expires_at,
    flag(signup.workspace),
    flag(signup.next_at),
  }
end

-- Until when a confirmation is at work on it, or nil.
local function leased_until(signup, now)
  local ends = tonumber(signup.leased_until)
  if ends and now < ends then
    return ends
  end
  return nil
end

-- Gives a lease back, unless somebody else holds it by now.
local function take_lease_back(key, signup, lease)
  if signup.lease == lease then
    redis.call('HDEL', key, 'lease', 'leased_until')
  end
end

-- How many wrong guesses count against an address, and until when, or nil when none does.
local function guesses_of(key, now)
  local kept = redis.call('HMGET', key, 'wrong', 'ends_at')
  local ends = kept[2] and tonumber(kept[2])
  if ends and now < ends then
    return tonumber(kept[1]), ends
  end
  return 0, nil
end

-- Until when an address is locked, or nil.
local function locked_until(key, now, budget)
  local wrong, ends = guesses_of(key, now)
  if ends and wrong >= budget then
    return ends
  end
  return nil
end

-- Counts a wrong guess against the address, then the code; gives the guesses left. `policy` has
-- max_attempts, budget, window_ends_at and ttl.
local function count_wrong(key, signup, guesses, now, policy)
  local wrong, ends = guesses_of(guesses, now)
  wrong = wrong + 1
  if ends then
    redis.call('HINCRBY', guesses, 'wrong', 1)
  else
    redis.call('HSET', guesses, 'wrong', 1, 'ends_at', policy.window_ends_at)
    redis.call('PEXPIRE', guesses, policy.ttl)
  end
  local left = 0
  if signup.code then
    left = policy.max_attempts - redis.call('HINCRBY', key, 'code_wrong', 1)
  end
  return math.max(0, math.min(left, policy.budget - wrong))
end

