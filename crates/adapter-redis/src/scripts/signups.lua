-- What the scripts of pending signups share.
--
-- A signup is a hash: sealed, version, expires_at, address, and as far as there are any
-- workspace, next_at (when the next code may be sent), code with code_issued_at, code_expires_at,
-- code_wrong, code_before (next_at before this code, or empty), lease with leased_until.
-- An address's wrong guesses are a hash for each of its budgets: wrong, ends_at.

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

-- How many wrong guesses a budget counts, and until when, or nil when none.
local function guesses_of(key, now)
  local kept = redis.call('HMGET', key, 'wrong', 'ends_at')
  local ends = kept[2] and tonumber(kept[2])
  if ends and now < ends then
    return tonumber(kept[1]), ends
  end
  return 0, nil
end

-- The budgets of a signup's address. `args` has for each, from `first_arg` on: how many it allows,
-- what the names of its counts begin with, when its window ends if it opens now, and how long that
-- is kept in milliseconds.
local function budgets_of(signup, args, first_arg, now)
  local budgets = {}
  for at = first_arg, #args, 4 do
    local key = args[at + 1] .. '{' .. signup.address .. '}'
    local wrong, ends = guesses_of(key, now)
    budgets[#budgets + 1] = {
      key = key,
      most = tonumber(args[at]),
      wrong = wrong,
      ends = ends,
      would_end = args[at + 2],
      ttl = args[at + 3],
    }
  end
  return budgets
end

-- Until when an address is locked, and the place, from 0 on, of the budget that locks it until
-- then; or nil.
local function locked_until(budgets)
  local latest, place
  for i, budget in ipairs(budgets) do
    if budget.ends and budget.wrong >= budget.most and (not latest or budget.ends > latest) then
      latest, place = budget.ends, i - 1
    end
  end
  return latest, place
end

-- The guesses left, where a code has so many of its own.
local function guesses_left(own, budgets)
  local left = own
  for _, budget in ipairs(budgets) do
    left = math.min(left, budget.most - budget.wrong)
  end
  return math.max(0, left)
end

-- Counts a wrong guess against every budget of the address, then the code; gives the guesses left.
local function count_wrong(key, signup, budgets, max_attempts)
  for _, budget in ipairs(budgets) do
    budget.wrong = budget.wrong + 1
    if budget.ends then
      redis.call('HINCRBY', budget.key, 'wrong', 1)
    else
      redis.call('HSET', budget.key, 'wrong', 1, 'ends_at', budget.would_end)
      redis.call('PEXPIRE', budget.key, budget.ttl)
    end
  end
  local own = 0
  if signup.code then
    own = max_attempts - redis.call('HINCRBY', key, 'code_wrong', 1)
  end
  return guesses_left(own, budgets)
end

