-- The tables that a batch of seeded rows passes through, on PostgreSQL.

-- Row-level security lets nobody write for all workspaces but the product itself.
SELECT set_config('kogents.scope', 'system', false);
-- What a crash of the server may lose is the last batch.
SET synchronous_commit = off;
SET temp_buffers = '64MB';

-- The numbers of a batch.
CREATE TEMP TABLE seed_number (
    number BIGINT PRIMARY KEY,
    r1 BIGINT NOT NULL, r2 BIGINT NOT NULL, r3 BIGINT NOT NULL, r4 BIGINT NOT NULL,
    r5 BIGINT NOT NULL, r6 BIGINT NOT NULL, r7 BIGINT NOT NULL);

-- Every person of the run. `r1` and so on are numbers below 2^31 that look random and follow from
-- the seed, here and in the tables below.
CREATE TEMP TABLE seed_person (
    person BIGINT PRIMARY KEY, id UUID NOT NULL, created_ms BIGINT NOT NULL,
    workspace BIGINT NOT NULL, workspace_id UUID NOT NULL, workspace_created_ms BIGINT NOT NULL,
    r1 BIGINT NOT NULL, r2 BIGINT NOT NULL, r3 BIGINT NOT NULL, r4 BIGINT NOT NULL,
    place INTEGER NOT NULL, language TEXT NOT NULL,
    client_1 INTEGER NOT NULL, client_2 INTEGER NOT NULL, client_3 INTEGER NOT NULL);

-- The sessions of a batch.
CREATE TEMP TABLE seed_session (
    number BIGINT PRIMARY KEY, id UUID NOT NULL, user_id UUID NOT NULL,
    workspace_id UUID NOT NULL, started_ms BIGINT NOT NULL, last_ms BIGINT NOT NULL,
    ended_ms BIGINT, end_reason TEXT, place INTEGER, client INTEGER NOT NULL,
    arrival INTEGER NOT NULL, language TEXT NOT NULL, fingerprint TEXT NOT NULL,
    ip_address TEXT NOT NULL, visits BIGINT NOT NULL, engaged_ms BIGINT NOT NULL,
    r1 BIGINT NOT NULL, r2 BIGINT NOT NULL, r3 BIGINT NOT NULL, r7 BIGINT NOT NULL);
