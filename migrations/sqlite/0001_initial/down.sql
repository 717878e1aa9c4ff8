-- Undoes the first schema: children before parents.
DROP TABLE audit;
DROP TABLE outbox;
DROP TABLE one_time_tokens;
DROP TABLE user_devices;
DROP TABLE session_activity;
DROP TABLE session_facts;
DROP TABLE sessions;
DROP TABLE api_tokens;
DROP TABLE invitations;
DROP TABLE workspace_permissions;
DROP TABLE role_permissions;
DROP TABLE memberships;
DROP TABLE roles;
DROP TABLE workspaces;
DROP TABLE users;
