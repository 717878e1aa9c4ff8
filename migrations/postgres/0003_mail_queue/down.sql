-- Dead letters lose their messages, which they may not have without this migration.
UPDATE outbox SET recipient = NULL, payload = NULL
    WHERE state = 'dead' AND payload IS NOT NULL;
ALTER TABLE outbox
    DROP CONSTRAINT outbox_wiped,
    ADD CONSTRAINT outbox_wiped CHECK (
        (state = 'queued') = (payload IS NOT NULL)
        AND (state = 'queued') = (recipient IS NOT NULL)
        AND (state = 'queued') = (finished_at IS NULL));
DROP INDEX outbox_dead_expiry;
DROP INDEX outbox_dead_finished;
DROP INDEX outbox_dead_lane;
DROP INDEX outbox_dead;
CREATE INDEX outbox_due ON outbox (run_at) WHERE state = 'queued';
DROP INDEX outbox_lane_due;
DROP INDEX outbox_replace;
CREATE INDEX outbox_replace ON outbox (replace_key) WHERE state = 'queued';

-- As it was before.
CREATE OR REPLACE FUNCTION kogents_default_partition_rows()
    RETURNS BIGINT
    LANGUAGE sql STABLE
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
        SELECT (SELECT count(*) FROM sessions_default)
            + (SELECT count(*) FROM session_facts_default)
            + (SELECT count(*) FROM session_activity_default)
    $$;
