-- Gives a lease back.
-- KEYS: the signup. ARGV: lease.
local signup = signup_of(KEYS[1], nil)
if signup then
  take_lease_back(KEYS[1], signup, ARGV[1])
end
return 1
