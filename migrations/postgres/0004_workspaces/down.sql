DROP POLICY person_scope ON workspace_permissions;

-- As they were before.
ALTER POLICY member_scope ON invitations USING (
    kogents_scope() = 'member' AND workspace_id = kogents_workspace());
ALTER POLICY system_scope ON invitations USING (kogents_scope() = 'system');
ALTER POLICY person_scope ON memberships USING (
    kogents_scope() = 'person' AND user_id = kogents_user());
ALTER POLICY member_scope ON memberships USING (
    kogents_scope() = 'member' AND workspace_id = kogents_workspace());
ALTER POLICY system_scope ON memberships USING (kogents_scope() = 'system');

DROP TRIGGER follow_address ON users;
DROP FUNCTION kogents_follow_address();
DROP TRIGGER fill_member_keys ON memberships;
DROP FUNCTION kogents_fill_member_keys();
DROP FUNCTION kogents_set_member_keys(UUID, TEXT, TEXT);
DROP INDEX sessions_workspace_open;
DROP INDEX invitations_email;
DROP INDEX invitations_name;
DROP INDEX invitations_created;
DROP INDEX memberships_email;
DROP INDEX memberships_name;
DROP INDEX memberships_created;
ALTER TABLE invitations DROP COLUMN email_key, DROP COLUMN name_key;
ALTER TABLE memberships DROP COLUMN email_key, DROP COLUMN name_key;
