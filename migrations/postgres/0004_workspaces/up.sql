-- What workspaces with members need: what a directory is sorted and searched by, and that a person
-- reads the permissions which their workspaces define.
--
-- Invitations that were accepted or withdrawn are deleted from now on: accepted_at and revoked_at
-- stay NULL.

-- The name and the address of a member or of somebody who is invited, without case and accents, in
-- the order of code points. The server writes them with the row and when an address changes.
ALTER TABLE memberships
    ADD COLUMN name_key TEXT COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN email_key TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE invitations
    ADD COLUMN name_key TEXT COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN email_key TEXT COLLATE "C" NOT NULL DEFAULT '';

-- Those of rows that are there already know of case only. Row-level security binds the owner of
-- the tables, too, who would find no rows without a scope.
DO $$
    DECLARE
        scope_before TEXT := coalesce(current_setting('kogents.scope', true), '');
    BEGIN
        PERFORM set_config('kogents.scope', 'system', true);
        UPDATE memberships m SET name_key = lower(u.name), email_key = u.email_normalised
            FROM users u WHERE u.id = m.user_id;
        UPDATE invitations SET name_key = lower(name), email_key = email_normalised;
        PERFORM set_config('kogents.scope', scope_before, true);
    END
$$;

-- In the orders that a directory is asked for most, with what it is filtered by: a page is cut out
-- without a look at the rows.
CREATE INDEX memberships_created ON memberships (workspace_id, created_at, user_id)
    INCLUDE (status, role_id);
CREATE INDEX memberships_name ON memberships (workspace_id, name_key, user_id)
    INCLUDE (status, role_id);
CREATE INDEX memberships_email ON memberships (workspace_id, email_key, user_id)
    INCLUDE (status, role_id);
CREATE INDEX invitations_created ON invitations (workspace_id, created_at, id)
    INCLUDE (role_id);
CREATE INDEX invitations_name ON invitations (workspace_id, name_key, id)
    INCLUDE (role_id);
CREATE INDEX invitations_email ON invitations (workspace_id, email_key, id)
    INCLUDE (role_id);

-- Sessions of a workspace that are open are counted, and ended with the workspace, without a look at
-- those that have ended.
CREATE INDEX sessions_workspace_open ON sessions (workspace_id, idle_expires_at)
    INCLUDE (absolute_expires_at) WHERE ended_at IS NULL;

-- Writes what a person's memberships are sorted and searched by; what is NULL stays. They lie in
-- several workspaces, and a person may read their memberships, but not change them: this one change,
-- of nothing that the person has a say in, is the product's own. The scope is the caller's again when
-- it is done, or the transaction has failed.
CREATE FUNCTION kogents_set_member_keys(person UUID, new_name_key TEXT, new_email_key TEXT)
    RETURNS VOID
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        scope_before TEXT := coalesce(current_setting('kogents.scope', true), '');
    BEGIN
        PERFORM set_config('kogents.scope', 'system', true);
        UPDATE memberships SET
            name_key = coalesce(new_name_key, name_key),
            email_key = coalesce(new_email_key, email_key)
            WHERE user_id = person;
        PERFORM set_config('kogents.scope', scope_before, true);
    END
    $$;

-- A server of the previous release knows nothing of the keys, neither when it adds a member nor when
-- it changes an address. What it leaves undone is done here; as above, such keys know of case only.
CREATE FUNCTION kogents_fill_member_keys() RETURNS TRIGGER
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        SELECT lower(u.name), u.email_normalised INTO NEW.name_key, NEW.email_key
            FROM users u WHERE u.id = NEW.user_id;
        -- Nobody may be there yet: whether a person is, is asked at commit.
        NEW.name_key := coalesce(NEW.name_key, '');
        NEW.email_key := coalesce(NEW.email_key, '');
        RETURN NEW;
    END
    $$;
CREATE TRIGGER fill_member_keys BEFORE INSERT ON memberships
    FOR EACH ROW WHEN (NEW.name_key = '' AND NEW.email_key = '')
    EXECUTE FUNCTION kogents_fill_member_keys();

CREATE FUNCTION kogents_follow_address() RETURNS TRIGGER
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        PERFORM kogents_set_member_keys(NEW.id, NULL, NEW.email_normalised);
        RETURN NULL;
    END
    $$;
CREATE TRIGGER follow_address AFTER UPDATE OF email_normalised ON users
    FOR EACH ROW WHEN (NEW.email_normalised <> OLD.email_normalised)
    EXECUTE FUNCTION kogents_follow_address();

-- On whose behalf a transaction runs is asked once in a statement, and not of every row: a directory
-- goes over thousands.
ALTER POLICY system_scope ON memberships USING ((SELECT kogents_scope()) = 'system');
ALTER POLICY member_scope ON memberships USING (
    (SELECT kogents_scope()) = 'member' AND workspace_id = (SELECT kogents_workspace()));
ALTER POLICY person_scope ON memberships USING (
    (SELECT kogents_scope()) = 'person' AND user_id = (SELECT kogents_user()));
ALTER POLICY system_scope ON invitations USING ((SELECT kogents_scope()) = 'system');
ALTER POLICY member_scope ON invitations USING (
    (SELECT kogents_scope()) = 'member' AND workspace_id = (SELECT kogents_workspace()));

-- What a person may do is read on behalf of the person.
CREATE POLICY person_scope ON workspace_permissions FOR SELECT USING (
    kogents_scope() = 'person' AND workspace_id IN (
        SELECT m.workspace_id FROM memberships m WHERE m.user_id = kogents_user()));
