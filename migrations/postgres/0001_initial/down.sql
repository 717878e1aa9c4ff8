-- The role kogents_app stays: it belongs to the cluster, and other databases may use it.
DROP VIEW sessions_flat;
DROP TABLE audit, outbox, one_time_tokens, user_devices, session_activity, session_facts, sessions,
    api_tokens, invitations, workspace_permissions, role_permissions, memberships, roles,
    workspaces, users;
DROP FUNCTION kogents_prepare_app_role();
DROP FUNCTION kogents_user();
DROP FUNCTION kogents_workspace();
DROP FUNCTION kogents_scope();
DROP FUNCTION kogents_spend(BIGINT[], BIGINT, BIGINT);
DROP FUNCTION kogents_spent_within(BIGINT[], BIGINT, BIGINT);
DROP FUNCTION kogents_default_partition_rows();
DROP FUNCTION kogents_make_session_partitions(DATE, INTEGER);
DROP FUNCTION kogents_uuid_floor(TIMESTAMPTZ);
