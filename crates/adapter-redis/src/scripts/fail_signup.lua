-- Gives a lease back and counts the guess as a wrong one; gives the guesses left.
-- KEYS: the signup. ARGV: now, lease, attempts, then the budgets of the address, as signups.lua
-- says.
local now = tonumber(ARGV[1])
local signup = signup_of(KEYS[1], now)
if not signup then
  return 0
end
take_lease_back(KEYS[1], signup, ARGV[2])
return count_wrong(KEYS[1], signup, budgets_of(signup, ARGV, 4, now), tonumber(ARGV[3]))
