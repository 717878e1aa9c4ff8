-- Tries a code.
-- KEYS: the signup. ARGV: now, code, when a lease ends, attempts, then the budgets of the address,
-- as signups.lua says.
local now = tonumber(ARGV[1])
local signup = signup_of(KEYS[1], now)
if not signup then
  return { 'gone' }
end
if leased_until(signup, now) then
  return { 'in_progress' }
end
local max_attempts = tonumber(ARGV[4])
local budgets = budgets_of(signup, ARGV, 5, now)
local locked, by = locked_until(budgets)
if locked then
  return { 'locked', locked, by }
end
if not signup.code or now >= tonumber(signup.code_expires_at) then
  return { 'no_code' }
end
if tonumber(signup.code_wrong) >= max_attempts then
  return { 'exhausted' }
end
if signup.code ~= ARGV[2] then
  return { 'wrong', count_wrong(KEYS[1], signup, budgets, max_attempts) }
end
local lease = text(next_number(signup.lease))
redis.call('HSET', KEYS[1], 'lease', lease, 'leased_until', ARGV[3])
local answer = with_entry('right', signup)
answer[#answer + 1] = lease
return answer
