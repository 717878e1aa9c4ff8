-- Tries a code.
-- KEYS: the signup. ARGV: now, code, when a lease ends, attempts, budget of the address, when its
-- window ends if it opens now, how long that is kept in milliseconds, what the names of
-- addresses' guesses begin with.
local now = tonumber(ARGV[1])
local signup = signup_of(KEYS[1], now)
if not signup then
  return { 'gone' }
end
if leased_until(signup, now) then
  return { 'in_progress' }
end
local policy = {
  max_attempts = tonumber(ARGV[4]),
  budget = tonumber(ARGV[5]),
  window_ends_at = ARGV[6],
  ttl = ARGV[7],
}
local guesses = ARGV[8] .. '{' .. signup.address .. '}'
local locked = locked_until(guesses, now, policy.budget)
if locked then
  return { 'locked', locked }
end
if not signup.code or now >= tonumber(signup.code_expires_at) then
  return { 'no_code' }
end
if tonumber(signup.code_wrong) >= policy.max_attempts then
  return { 'exhausted' }
end
if signup.code ~= ARGV[2] then
  return { 'wrong', count_wrong(KEYS[1], signup, guesses, now, policy) }
end
local lease = text(next_number(signup.lease))
redis.call('HSET', KEYS[1], 'lease', lease, 'leased_until', ARGV[3])
local answer = with_entry('right', signup)
answer[#answer + 1] = lease
return answer
