-- What the upkeep of sessions needs: which of them are minimised, who looks after them, and how
-- whole months of them are dropped.

-- Whether the traces of an ended session were made coarse.
ALTER TABLE sessions ADD COLUMN minimised BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX sessions_traces ON sessions (ended_at) WHERE ended_at IS NOT NULL AND NOT minimised;

-- Who does what one must do at a time, until when. Growth: one row per name, and names are
-- constants of the product.
CREATE TABLE leases (
    name TEXT NOT NULL,
    holder UUID NOT NULL,
    until BIGINT NOT NULL,
    CONSTRAINT leases_pkey PRIMARY KEY (name)
);

-- The ids of a batch, each with its place, for statements that look up every one of them. The
-- planner is told of one row, whatever their number: it does not reckon with partitions being
-- left out while a statement runs, and would rather read them all. It believes this because a
-- volatile function is not taken apart.
CREATE FUNCTION kogents_given(ids UUID[])
    RETURNS TABLE (id UUID, place INTEGER)
    LANGUAGE sql VOLATILE
    ROWS 1
    AS $$
        SELECT u.id, u.place::integer FROM unnest(ids) WITH ORDINALITY AS u (id, place)
    $$;

-- Drops the partitions of whole months that were over at a moment and in which every session has
-- ended, oldest first, and says of how many months. It runs as its owner, who owns the tables.
--
-- Dropping takes the three tables for itself, until the transaction ends. While it waits for that,
-- everybody else waits behind it, so it waits for a moment only; if that does not do, or somebody
-- else makes or drops partitions, nothing is dropped this time.
CREATE FUNCTION kogents_drop_session_partitions(before TIMESTAMPTZ, most INTEGER)
    RETURNS INTEGER
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    SET lock_timeout = '250ms'
    -- Whether a session is open is told by an index.
    SET enable_seqscan = off
    AS $$
    DECLARE
        month TEXT;
        is_open BOOLEAN;
        dropped INTEGER := 0;
    BEGIN
        IF NOT pg_try_advisory_xact_lock(hashtext('kogents_make_session_partitions')) THEN
            RETURN 0;
        END IF;
        FOR month IN
            SELECT substr(c.relname::text, length('sessions') + 1)
            FROM pg_inherits i
            JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'sessions'::regclass
                AND CASE WHEN c.relname ~ '^sessions_y\d{4}m\d{2}$'
                    THEN (to_date(substr(c.relname::text, length('sessions') + 1),
                        '"_y"YYYY"m"MM') + interval '1 month') AT TIME ZONE 'UTC' <= before
                    ELSE FALSE END
            ORDER BY c.relname
        LOOP
            EXIT WHEN dropped >= most;
            EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE ended_at IS NULL)',
                'sessions' || month) INTO is_open;
            CONTINUE WHEN is_open;
            BEGIN
                LOCK TABLE ONLY sessions, ONLY session_facts, ONLY session_activity
                    IN ACCESS EXCLUSIVE MODE;
                -- Again, now that nobody can add any.
                EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE ended_at IS NULL)',
                    'sessions' || month) INTO is_open;
                CONTINUE WHEN is_open;
                EXECUTE format('DROP TABLE %I', 'sessions' || month);
                EXECUTE format('DROP TABLE IF EXISTS %I', 'session_facts' || month);
                EXECUTE format('DROP TABLE IF EXISTS %I', 'session_activity' || month);
                dropped := dropped + 1;
            EXCEPTION
                WHEN lock_not_available OR deadlock_detected THEN RETURN dropped;
            END;
        END LOOP;
        RETURN dropped;
    END
    $$;
REVOKE EXECUTE ON FUNCTION kogents_drop_session_partitions(TIMESTAMPTZ, INTEGER) FROM PUBLIC;

-- As before, with what is new here.
CREATE OR REPLACE FUNCTION kogents_prepare_app_role() RETURNS BOOLEAN
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtext('kogents_prepare_app_role'));
        IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'kogents_app') THEN
            BEGIN
                CREATE ROLE kogents_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
            EXCEPTION
                WHEN duplicate_object OR unique_violation THEN NULL;
                WHEN insufficient_privilege THEN RETURN FALSE;
            END;
        END IF;
        -- A login with BYPASSRLS alone steps down only into a role it is a member of.
        IF NOT pg_has_role(current_user, 'kogents_app', 'MEMBER') THEN
            BEGIN
                EXECUTE format('GRANT kogents_app TO %I', current_user);
            EXCEPTION
                WHEN duplicate_object OR unique_violation OR internal_error
                    OR insufficient_privilege THEN NULL;
            END;
        END IF;
        IF NOT has_table_privilege('kogents_app', 'leases', 'INSERT') THEN
            EXECUTE format('GRANT USAGE ON SCHEMA %I TO kogents_app', current_schema());
            GRANT SELECT, INSERT, UPDATE, DELETE ON
                users, workspaces, memberships, roles, role_permissions, workspace_permissions,
                invitations, api_tokens, sessions, session_facts, session_activity, user_devices,
                one_time_tokens, outbox, leases
                TO kogents_app;
            GRANT SELECT, INSERT, DELETE ON audit TO kogents_app;
            GRANT SELECT ON sessions_flat TO kogents_app;
            GRANT EXECUTE ON FUNCTION kogents_make_session_partitions(DATE, INTEGER)
                TO kogents_app;
            GRANT EXECUTE ON FUNCTION kogents_drop_session_partitions(TIMESTAMPTZ, INTEGER)
                TO kogents_app;
            GRANT EXECUTE ON FUNCTION kogents_default_partition_rows() TO kogents_app;
        END IF;
        RETURN TRUE;
    EXCEPTION
        WHEN insufficient_privilege THEN RETURN FALSE;
    END
    $$;
SELECT kogents_prepare_app_role();
