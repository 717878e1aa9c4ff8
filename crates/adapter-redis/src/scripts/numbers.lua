-- Numbers that never come back.

-- A number as decimal text; Lua itself would write a large one with an exponent.
local function text(number)
  return string.format('%.0f', number)
end

-- A number greater than `last` (or false), and greater than any that was drawn before the server
-- lost what it kept: the microseconds of its clock, or one more than the last.
local function next_number(last)
  local time = redis.call('TIME')
  local number = tonumber(time[1]) * 1000000 + tonumber(time[2])
  last = tonumber(last or 0)
  if number <= last then
    number = last + 1
  end
  return number
end

