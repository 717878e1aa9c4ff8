-- The signup as it is kept.
-- KEYS: the signup. ARGV: now.
local signup = signup_of(KEYS[1], tonumber(ARGV[1]))
if not signup then
  return { 'gone' }
end
return with_entry('found', signup)
