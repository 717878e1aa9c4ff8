-- Issues a code in place of the one before.
-- KEYS: the signup. ARGV: now, code, when the code ends at the latest, when the next may be
-- issued, attempts, then the budgets of the address, as signups.lua says.
local now = tonumber(ARGV[1])
local signup = signup_of(KEYS[1], now)
if not signup then
  return { 'gone' }
end
if not signup.workspace then
  return { 'workspace_required' }
end
local budgets = budgets_of(signup, ARGV, 6, now)
local locked, by = locked_until(budgets)
if locked then
  return { 'locked', locked, by }
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
return { 'issued', guesses_left(tonumber(ARGV[5]), budgets), ends, tonumber(ARGV[4]) }
