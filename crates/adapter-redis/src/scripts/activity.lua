-- What the scripts of session counters share.
--
-- A session's counters are a hash: requests, pages, actions, engaged (milliseconds), visits, last
-- (the moment of the last activity), revision (it moves with every change and never comes back) and
-- ends (the moment from which on they are gone). The unflushed are a sorted set of the sessions whose
-- counters the database has not got, each by the moment from which on they may be given out.
--
-- In here counters are a list of the six totals in that order, with their revision and ends, which
-- new ones lack. Whole numbers below 2^53 are exact in a double.
local ENGAGED, VISITS, LAST = 4, 5, 6

-- Totals out of `values` from `at` on; nil where there are none.
local function totals(values, at)
  if values[at] == '' then
    return nil
  end
  local activity = {}
  for i = 1, LAST do
    activity[i] = tonumber(values[at + i - 1])
  end
  return activity
end

-- The counters of a session; nil where there are none.
local function activity_of(key, now)
  local fields = redis.call('HMGET', key, 'requests', 'pages', 'actions', 'engaged', 'visits',
    'last', 'revision', 'ends')
  if not fields[8] or tonumber(fields[8]) <= now then
    return nil
  end
  local activity = totals(fields, 1)
  activity.revision, activity.ends = tonumber(fields[7]), tonumber(fields[8])
  return activity
end

-- The totals as text.
local function told(activity)
  local texts = {}
  for i = 1, LAST do
    texts[i] = text(activity[i])
  end
  return texts
end

-- What scripts that count are told in `args` from `at` on: the session; in milliseconds the longest
-- gap within a visit, for how long counters stay that the database has not got, for how long those
-- that it has, and the slack; then requests, pages and actions to add, or nothing three times.
local function counting(args, at)
  local counted = nil
  if args[at + 5] ~= '' then
    counted = { tonumber(args[at + 5]), tonumber(args[at + 6]), tonumber(args[at + 7]) }
  end
  return {
    session = args[at],
    gap = tonumber(args[at + 1]),
    keep_unflushed = tonumber(args[at + 2]),
    keep_flushed = tonumber(args[at + 3]),
    slack = tonumber(args[at + 4]),
    counted = counted,
  }
end

-- Of two readings of the same counters the greater of each; either may be nil.
local function latest(activity, other)
  if not activity or not other then
    return activity or other
  end
  for i = 1, LAST do
    activity[i] = math.max(activity[i], other[i])
  end
  return activity
end

-- Keeps counters for so long from now on, and never shorter than before.
local function keep_activity(key, activity, now, keep, slack)
  activity.ends = math.max(activity.ends or now, now + keep)
  local texts = told(activity)
  -- The first thing that is written: a full server refuses it, and with it all that follows.
  redis.call('HSET', key, 'requests', texts[1], 'pages', texts[2], 'actions', texts[3],
    'engaged', texts[4], 'visits', texts[5], 'last', texts[6],
    'revision', text(activity.revision), 'ends', text(activity.ends))
  redis.call('PEXPIRE', key, text(activity.ends - now + slack))
end

-- Adds to counters what there is to add, and keeps them. Without anything to add they are kept as
-- the database has them.
local function count_on(key, unflushed, activity, how, now)
  if not how.counted then
    activity.revision = activity.revision or next_number(false)
    keep_activity(key, activity, now, how.keep_flushed, how.slack)
    return
  end
  local gap = now - activity[LAST]
  if gap > 0 then
    if gap <= how.gap then
      activity[ENGAGED] = activity[ENGAGED] + gap
    else
      activity[VISITS] = activity[VISITS] + 1
    end
    activity[LAST] = now
  end
  for i, count in ipairs(how.counted) do
    activity[i] = activity[i] + count
  end
  activity.revision = activity.revision and activity.revision + 1 or next_number(false)
  keep_activity(key, activity, now, how.keep_unflushed, how.slack)
  -- What is claimed stays claimed.
  redis.call('ZADD', unflushed, 'NX', text(now), how.session)
  redis.call('PEXPIRE', unflushed, text(how.keep_unflushed + how.slack))
end

