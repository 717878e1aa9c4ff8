-- What a command tells servers that their caches should forget: those with a cache in the process, which
-- no other process reaches, look here twice a second, the others every few seconds, in case the command
-- did not reach their cache.
--
-- Growth: a row per person that an operator suspends, unlocks or signs out; the sweep removes those
-- older than a day. No foreign key: a person may be gone before their notice is.
CREATE TABLE notices (
    id      BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    kind    TEXT    NOT NULL,
    user_id BLOB    NOT NULL CHECK (length(user_id) = 16),
    at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- What the sweep removes.
CREATE INDEX notices_at_idx ON notices (at);
