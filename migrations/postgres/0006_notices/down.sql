-- Undoes the sixth migration.
DROP TABLE notices;

-- As the fifth migration made it.
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
        IF NOT has_column_privilege('kogents_app', 'audit', 'actor_id', 'UPDATE') THEN
            EXECUTE format('GRANT USAGE ON SCHEMA %I TO kogents_app', current_schema());
            GRANT SELECT, INSERT, UPDATE, DELETE ON
                users, workspaces, memberships, roles, role_permissions, workspace_permissions,
                invitations, api_tokens, sessions, session_facts, session_activity, user_devices,
                one_time_tokens, outbox, leases
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
