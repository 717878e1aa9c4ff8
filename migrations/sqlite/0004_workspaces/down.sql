-- Undoes the fourth migration.
DROP INDEX sessions_workspace_id_live_idx;
DROP INDEX invitations_email_key_idx;
DROP INDEX invitations_name_key_idx;
DROP INDEX invitations_created_at_idx;
DROP INDEX memberships_email_key_idx;
DROP INDEX memberships_name_key_idx;
DROP INDEX memberships_created_at_idx;
ALTER TABLE invitations DROP COLUMN email_key;
ALTER TABLE invitations DROP COLUMN name_key;
ALTER TABLE memberships DROP COLUMN email_key;
ALTER TABLE memberships DROP COLUMN name_key;
