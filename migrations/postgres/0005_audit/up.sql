-- What the audit log needs to be written, read and trusted, and what leaving for good needs: who did
-- what is forgotten, and no mail goes out any more.
--
-- Nothing has written to the audit log before: its indexes are made anew at no cost.
-- Growth of the log: a row per deed that is worth telling, which the limits on requests bound; the
-- sweep removes those older than 13 months, and nobody else can.

-- Lists come by moment and id, the newest first: a workspace's whole log, what was done of one kind,
-- what one person did there, and what one person did anywhere. The last also finds what is forgotten
-- when a person goes.
DROP INDEX audit_workspace;
DROP INDEX audit_actor;
DROP INDEX audit_at;
CREATE INDEX audit_workspace ON audit (workspace_id, at, id);
CREATE INDEX audit_workspace_action ON audit (workspace_id, action, at, id);
CREATE INDEX audit_workspace_actor ON audit (workspace_id, actor_id, at, id);
CREATE INDEX audit_actor ON audit (actor_id, at, id);
-- Where somebody, whom nobody knows, failed to sign in as a person: forgotten with that person.
CREATE INDEX audit_unproven ON audit (target) WHERE actor_id IS NULL AND ip_address IS NOT NULL;
-- What the sweep removes. By an expression, so that no list is read by it: it has everybody's log in
-- their order, and the planner would go through that for the few entries of one workspace. By this
-- one, because row-level security lets none be looked up that may fail.
CREATE INDEX audit_at ON audit (greatest(at, 0));

-- Entries of this moment and later are kept: 13 months of 31 days, by the clock of the database.
CREATE FUNCTION kogents_audit_kept_since() RETURNS BIGINT
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT (extract(epoch FROM now()) * 1000)::bigint - 13::bigint * 31 * 24 * 3600 * 1000 $$;

-- Append-only, for the application and for the owner of the table alike. What may be changed is that
-- a person who is gone is forgotten: that it was they, and from where it was or was tried in their
-- name; nothing else of the entry. What may be removed is what is past keeping.
CREATE FUNCTION kogents_audit_is_append_only() RETURNS TRIGGER
    LANGUAGE plpgsql
    AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND OLD.at < kogents_audit_kept_since() THEN
            RETURN OLD;
        END IF;
        IF TG_OP = 'UPDATE'
            AND NEW.actor_id IS NULL AND NEW.ip_address IS NULL AND NEW.session_id IS NULL
            AND (NEW.id, NEW.workspace_id, NEW.at, NEW.action, NEW.target, NEW.details)
                IS NOT DISTINCT FROM
                (OLD.id, OLD.workspace_id, OLD.at, OLD.action, OLD.target, OLD.details)
            -- In parentheses, or the language takes the first THEN for its own.
            AND (CASE
                WHEN OLD.actor_id IS NOT NULL
                THEN NOT EXISTS (SELECT 1 FROM users u WHERE u.id = OLD.actor_id)
                WHEN OLD.target LIKE 'person:%'
                THEN NOT EXISTS (
                    SELECT 1 FROM users u WHERE u.id = substr(OLD.target, 8)::uuid)
                ELSE FALSE END)
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'the audit log is append-only' USING
            ERRCODE = 'insufficient_privilege',
            DETAIL = format('%s of the table %s was refused', TG_OP, TG_TABLE_NAME);
    END
    $$;
-- Not what somebody calls a table of persons for the time being.
DO $$
    BEGIN
        EXECUTE format('ALTER FUNCTION kogents_audit_is_append_only() SET search_path = %I, pg_temp',
            current_schema());
    END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION kogents_audit_is_append_only();
CREATE TRIGGER append_only_as_a_whole BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION kogents_audit_is_append_only();

-- Forgetting who did what is the product's own, of whatever workspace.
CREATE POLICY system_scope_forgets ON audit FOR UPDATE
    USING (kogents_scope() = 'system')
    WITH CHECK (kogents_scope() = 'system' AND actor_id IS NULL);

-- What a person does on their own behalf is told to the workspace that it concerns, too: a sign-in to
-- the one that the session opens in. So is what somebody does who does not prove who they are.
ALTER POLICY person_scope_adds ON audit WITH CHECK (
    kogents_scope() = 'person' AND (actor_id = kogents_user() OR actor_id IS NULL));

-- Mail that waits for somebody who goes is found by the mailbox: addresses in ASCII in lower case;
-- whatever else there is, which the server compares, all in one place.
-- Growth: as that of the mail that waits.
CREATE INDEX outbox_recipient ON outbox ((CASE
        WHEN octet_length(recipient) = char_length(recipient) THEN lower(recipient COLLATE "C")
        ELSE '' END))
    WHERE state IN ('queued', 'dead');

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
SELECT kogents_prepare_app_role();
