-- Undoes the fifth migration.
DROP INDEX outbox_recipient_unsent_idx;
DROP TRIGGER audit_replace_refused;
DROP TRIGGER audit_delete_refused;
DROP TRIGGER audit_update_refused;
DROP INDEX audit_unproven_target_idx;
DROP INDEX audit_actor_id_at_idx;
DROP INDEX audit_workspace_id_actor_id_at_idx;
DROP INDEX audit_workspace_id_action_at_idx;
DROP INDEX audit_workspace_id_at_idx;
CREATE INDEX audit_workspace_id_id_idx ON audit (workspace_id, id);
CREATE INDEX audit_actor_id_id_idx ON audit (actor_id, id);
