-- What the directory of a workspace sorts and searches by: the name and the address of a member or
-- of somebody who is invited, without case and accents. The server writes them with the row and
-- when an address changes; those of rows that are there already know of case only.
--
-- Invitations that were accepted or withdrawn are deleted from now on: accepted_at and revoked_at
-- stay NULL.

ALTER TABLE memberships ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE memberships ADD COLUMN email_key TEXT NOT NULL DEFAULT '';
ALTER TABLE invitations ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE invitations ADD COLUMN email_key TEXT NOT NULL DEFAULT '';

UPDATE memberships SET
    name_key = coalesce(
        (SELECT lower(u.name) FROM users u WHERE u.id = memberships.user_id), ''),
    email_key = coalesce(
        (SELECT u.email_normalised FROM users u WHERE u.id = memberships.user_id), '');
UPDATE invitations SET name_key = lower(name), email_key = email_normalised;

-- In the orders that a directory is asked for most, with what it is filtered by: a page is cut out
-- without a look at the rows.
CREATE INDEX memberships_created_at_idx
    ON memberships (workspace_id, created_at, user_id, status, role_id);
CREATE INDEX memberships_name_key_idx
    ON memberships (workspace_id, name_key, user_id, status, role_id);
CREATE INDEX memberships_email_key_idx
    ON memberships (workspace_id, email_key, user_id, status, role_id);
CREATE INDEX invitations_created_at_idx ON invitations (workspace_id, created_at, id, role_id);
CREATE INDEX invitations_name_key_idx ON invitations (workspace_id, name_key, id, role_id);
CREATE INDEX invitations_email_key_idx ON invitations (workspace_id, email_key, id, role_id);

-- Sessions of a workspace that are open are counted, and ended with the workspace, without a look at
-- those that have ended.
CREATE INDEX sessions_workspace_id_live_idx
    ON sessions (workspace_id, idle_expires_at, absolute_expires_at, ended_at)
    WHERE ended_at IS NULL;
