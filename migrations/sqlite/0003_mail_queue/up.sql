-- What the mail queue needs to be looked at and mended by operators.
--
-- A dead letter keeps its message until it expires, so that it can be queued again. A rule of a
-- table can only be changed by making the table anew; no other refers to this one.
-- Growth: as before, but for dead letters, which lose recipient and payload when they expire.
CREATE TABLE new_outbox (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    lane         TEXT    NOT NULL,
    template     TEXT    NOT NULL,
    language     TEXT    NOT NULL,
    recipient    TEXT,
    -- Sealed.
    payload      BLOB,
    dedupe_key   BLOB             CHECK (length(dedupe_key) = 32),
    dedupe_until INTEGER,
    replace_key  BLOB             CHECK (length(replace_key) = 32),
    run_at       INTEGER NOT NULL,
    expires_at   INTEGER,
    attempts     INTEGER NOT NULL CHECK (attempts >= 0),
    lease_until  INTEGER,
    lease_token  INTEGER,
    state        TEXT    NOT NULL CHECK (state IN ('queued', 'sent', 'dead', 'void')),
    last_error   TEXT,
    created_at   INTEGER NOT NULL,
    finished_at  INTEGER,
    CHECK (CASE state
        WHEN 'queued'
            THEN recipient IS NOT NULL AND payload IS NOT NULL AND finished_at IS NULL
        WHEN 'dead'
            THEN (recipient IS NULL) = (payload IS NULL) AND finished_at IS NOT NULL
        ELSE recipient IS NULL AND payload IS NULL AND finished_at IS NOT NULL END),
    CHECK ((dedupe_key IS NULL) = (dedupe_until IS NULL)),
    CHECK ((lease_until IS NULL) = (lease_token IS NULL))
) STRICT;
INSERT INTO new_outbox (
    id, lane, template, language, recipient, payload, dedupe_key, dedupe_until, replace_key, run_at,
    expires_at, attempts, lease_until, lease_token, state, last_error, created_at, finished_at)
SELECT
    id, lane, template, language, recipient, payload, dedupe_key, dedupe_until, replace_key, run_at,
    expires_at, attempts, lease_until, lease_token, state, last_error, created_at, finished_at
FROM outbox;
DROP TABLE outbox;
ALTER TABLE new_outbox RENAME TO outbox;

CREATE UNIQUE INDEX outbox_dedupe_key_key ON outbox (dedupe_key) WHERE dedupe_key IS NOT NULL;
-- A newer code voids older ones that are dead, too: they can be queued again now.
CREATE INDEX outbox_replace_key_unsent_idx ON outbox (replace_key)
    WHERE state IN ('queued', 'dead') AND replace_key IS NOT NULL;
-- With expiry, state and the moment it was queued, jobs that wait are counted, and the oldest is
-- found, without a look at them.
CREATE INDEX outbox_lane_run_at_queued_idx
    ON outbox (lane, run_at, id, expires_at, state, created_at) WHERE state = 'queued';
CREATE INDEX outbox_expires_at_queued_idx ON outbox (expires_at)
    WHERE state = 'queued' AND expires_at IS NOT NULL;
CREATE INDEX outbox_finished_at_idx ON outbox (finished_at) WHERE finished_at IS NOT NULL;
-- Dead letters: the newest first, of all lanes and of each, to be listed and counted; those given up
-- first, to be queued again or removed; those whose message has to go.
CREATE INDEX outbox_id_dead_idx ON outbox (id) WHERE state = 'dead';
CREATE INDEX outbox_lane_id_dead_idx ON outbox (lane, id, state) WHERE state = 'dead';
CREATE INDEX outbox_finished_at_dead_idx ON outbox (finished_at, id) WHERE state = 'dead';
CREATE INDEX outbox_expires_at_dead_idx ON outbox (expires_at)
    WHERE state = 'dead' AND payload IS NOT NULL;
