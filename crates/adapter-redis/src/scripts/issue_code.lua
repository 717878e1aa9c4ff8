-- Issues a code in place of the one before.
-- KEYS: the signup. ARGV: now, code, when the code ends at the latest, when the next may be
-- issued, attempts, budget of the address, what the names of addresses' guesses begin with.
local now = tonumber(ARGV[1])
local signup = signup_of(KEYS[1], now)
if not signup then
  return { 'gone' }
end
if not signup.workspace then
  return { 'workspace_required' }
end
local budget = tonumber(ARGV[6])
local guesses = ARGV[7] .. '{' .. signup.address .. '}'
local locked = locked_until(guesses, now, budget)
if locked then
  return { 'locked', locked }
end
-- A code that a confirmation is at work on is not replaced under its hands.
local pause = math.max(tonumber(signup.next_at or 0), leased_until(signup, now) or 0)
if now < pause then
  return { 'too_soon', pause }
end
local ends = math.min(tonumber(ARGV[3]), tonumber(signup.expires_at))
redis.call('HSET', KEYS[1], 'code', ARGV[2], 'code_issued_at', ARGV[1],
  'code_expires_at', text(ends), 'code_wrong', 0, 'code_before', signup.next_at or '',
  'next_at', ARGV[4])
local left = math.min(tonumber(ARGV[5]), budget - guesses_of(guesses, now))
return { 'issued', math.max(0, left), ends, tonumber(ARGV[4]) }
