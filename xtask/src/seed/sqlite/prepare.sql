-- The tables that a batch of seeded rows passes through, on SQLite.


-- The numbers of a batch.
CREATE TEMP TABLE seed_number (
    number INTEGER PRIMARY KEY,
    r1 INTEGER NOT NULL, r2 INTEGER NOT NULL, r3 INTEGER NOT NULL, r4 INTEGER NOT NULL,
    r5 INTEGER NOT NULL, r6 INTEGER NOT NULL, r7 INTEGER NOT NULL);

-- Every person of the run. `r1` and so on are numbers below 2^31 that look random and follow from
-- the seed, here and in the tables below.
CREATE TEMP TABLE seed_person (
    person INTEGER PRIMARY KEY, id BLOB NOT NULL, created_ms INTEGER NOT NULL,
    workspace INTEGER NOT NULL, workspace_id BLOB NOT NULL, workspace_created_ms INTEGER NOT NULL,
    r1 INTEGER NOT NULL, r2 INTEGER NOT NULL, r3 INTEGER NOT NULL, r4 INTEGER NOT NULL,
    place INTEGER NOT NULL, language TEXT NOT NULL,
    client_1 INTEGER NOT NULL, client_2 INTEGER NOT NULL, client_3 INTEGER NOT NULL);

-- The sessions of a batch.
CREATE TEMP TABLE seed_session (
    number INTEGER PRIMARY KEY, id BLOB NOT NULL, user_id BLOB NOT NULL,
    workspace_id BLOB NOT NULL, started_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL,
    ended_ms INTEGER, end_reason TEXT, place INTEGER, client INTEGER NOT NULL,
    arrival INTEGER NOT NULL, language TEXT NOT NULL, fingerprint TEXT NOT NULL,
    ip_address TEXT NOT NULL, visits INTEGER NOT NULL, engaged_ms INTEGER NOT NULL,
    r1 INTEGER NOT NULL, r2 INTEGER NOT NULL, r3 INTEGER NOT NULL, r7 INTEGER NOT NULL);
