-- What a command tells the servers that keep their cache in the process, where no other process
-- reaches it: they look here twice a second.
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
