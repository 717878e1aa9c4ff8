-- What a command tells servers that their caches should forget: those with a cache in the process, which
-- no other process reaches, look here twice a second, the others every few seconds, in case the command
-- did not reach their cache.
--
-- Growth: a row per person that an operator suspends, unlocks or signs out; the sweep removes those
-- older than a day. No foreign key: a person may be gone before their notice is.
CREATE TABLE notices (
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    user_id UUID NOT NULL,
    at BIGINT NOT NULL,
    CONSTRAINT notices_pkey PRIMARY KEY (id)
);
-- What the sweep removes.
CREATE INDEX notices_at ON notices (at);

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
        IF NOT has_table_privilege('kogents_app', 'notices', 'INSERT') THEN
            EXECUTE format('GRANT USAGE ON SCHEMA %I TO kogents_app', current_schema());
            GRANT SELECT, INSERT, UPDATE, DELETE ON
                users, workspaces, memberships, roles, role_permissions, workspace_permissions,
                invitations, api_tokens, sessions, session_facts, session_activity, user_devices,
                one_time_tokens, outbox, leases, notices
                TO kogents_app;
            GRANT SELECT, INSERT, DELETE, UPDATE (actor_id, ip_address, session_id) ON audit
                TO kogents_app;
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
