-- Gives a lease back and counts the guess as a wrong one; gives the guesses left.
-- KEYS: the signup. ARGV: now, lease, attempts, budget of the address, when its window ends if it
-- opens now, how long that is kept in milliseconds, what the names of addresses' guesses begin
-- with.
local now = tonumber(ARGV[1])
local signup = signup_of(KEYS[1], now)
if not signup then
  return 0
end
take_lease_back(KEYS[1], signup, ARGV[2])
return count_wrong(KEYS[1], signup, ARGV[7] .. '{' .. signup.address .. '}', now, {
  max_attempts = tonumber(ARGV[3]),
  budget = tonumber(ARGV[4]),
  window_ends_at = ARGV[5],
  ttl = ARGV[6],
})
