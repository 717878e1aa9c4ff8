-- What the upkeep of sessions needs: which of them are minimised, and who looks after them. Sessions
-- of long ago are removed row by row here.

-- Whether the traces of an ended session were made coarse.
ALTER TABLE sessions ADD COLUMN minimised INTEGER NOT NULL DEFAULT 0 CHECK (minimised IN (0, 1));
CREATE INDEX sessions_ended_at_traces_idx ON sessions (ended_at)
    WHERE ended_at IS NOT NULL AND minimised = 0;

-- Who does what one must do at a time, until when.
-- Growth: one row per name, and names are constants of the product.
CREATE TABLE leases (
    name   TEXT    NOT NULL PRIMARY KEY,
    holder BLOB    NOT NULL CHECK (length(holder) = 16),
    until  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
