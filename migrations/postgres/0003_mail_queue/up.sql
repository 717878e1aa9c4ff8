-- What the mail queue needs to be served lane by lane, and to be looked at and mended by operators;
-- and a bound on what it costs to count stray sessions.

-- A dead letter keeps its message until it expires, so that it can be queued again. Whatever held
-- before holds still: a server of the previous release wipes its dead letters, which is as good.
ALTER TABLE outbox
    DROP CONSTRAINT outbox_wiped,
    ADD CONSTRAINT outbox_wiped CHECK (CASE state
        WHEN 'queued'
            THEN recipient IS NOT NULL AND payload IS NOT NULL AND finished_at IS NULL
        WHEN 'dead'
            THEN (recipient IS NULL) = (payload IS NULL) AND finished_at IS NOT NULL
        ELSE recipient IS NULL AND payload IS NULL AND finished_at IS NOT NULL END);

-- A backlog in one lane costs a claim in another nothing. With the expiry and the moment it was
-- queued, jobs that wait are counted, and the oldest is found, without a look at them.
CREATE INDEX outbox_lane_due ON outbox (lane, run_at, id) INCLUDE (expires_at, created_at)
    WHERE state = 'queued';
DROP INDEX outbox_due;

-- A newer code voids older ones that are dead, too: they can be queued again now.
DROP INDEX outbox_replace;
CREATE INDEX outbox_replace ON outbox (replace_key) WHERE state IN ('queued', 'dead');

-- Dead letters: the newest first, of all lanes and of each, to be listed and counted; those given up
-- first, to be queued again or removed; those whose message has to go.
CREATE INDEX outbox_dead ON outbox (id) WHERE state = 'dead';
CREATE INDEX outbox_dead_lane ON outbox (lane, id) WHERE state = 'dead';
CREATE INDEX outbox_dead_finished ON outbox (finished_at, id) WHERE state = 'dead';
CREATE INDEX outbox_dead_expiry ON outbox (expires_at)
    WHERE state = 'dead' AND payload IS NOT NULL;

-- How many rows rest in a DEFAULT partition, of each table no more than 10,000: whether there are
-- any is what matters. It runs as its owner, because who may read the tables may not for that read
-- their partitions one by one.
CREATE OR REPLACE FUNCTION kogents_default_partition_rows()
    RETURNS BIGINT
    LANGUAGE sql STABLE
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
        SELECT (SELECT count(*) FROM (SELECT FROM sessions_default LIMIT 10000) AS s)
            + (SELECT count(*) FROM (SELECT FROM session_facts_default LIMIT 10000) AS f)
            + (SELECT count(*) FROM (SELECT FROM session_activity_default LIMIT 10000) AS a)
    $$;
