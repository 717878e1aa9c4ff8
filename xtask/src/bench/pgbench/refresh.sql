-- What the server sends to refresh a session: an opening in one round trip, two statements, the end.
\set turn :turn + 1
\set row :client_id * 1000000 + :turn
\startpipeline
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SET LOCAL kogents.scope = 'person';
SET LOCAL kogents.workspace_id = '';
SET LOCAL kogents.user_id = '{user}';
\endpipeline
UPDATE sessions SET
    refresh_generation = refresh_generation + 1,
    refresh_digest = decode(repeat('01', 32), 'hex'),
    refresh_rotated_at = (extract(epoch FROM now()) * 1000)::bigint,
    refresh_spent = kogents_spend(
        refresh_spent, (extract(epoch FROM now()) * 1000)::bigint, 30000),
    idle_expires_at = greatest(idle_expires_at, least(
        (extract(epoch FROM now()) * 1000)::bigint + 604800000, absolute_expires_at))
    WHERE id = ('{prefix}' || lpad(to_hex(:row::bigint), 12, '0'))::uuid
    AND refresh_generation = 0
    AND refresh_digest = decode(repeat('00', 32), 'hex')
    AND ended_at IS NULL
    AND idle_expires_at > (extract(epoch FROM now()) * 1000)::bigint
    AND absolute_expires_at > (extract(epoch FROM now()) * 1000)::bigint
    AND cardinality(kogents_spent_within(
        refresh_spent, (extract(epoch FROM now()) * 1000)::bigint, 30000)) < 32
    RETURNING id, user_id, workspace_id, session_type, started_at, idle_expires_at,
        absolute_expires_at, ended_at, end_reason, refresh_generation, refresh_digest,
        refresh_rotated_at, refresh_spent;
SELECT id, total_requests, pages_visited, actions_performed, engaged_millis, visit_count,
    last_activity_at FROM session_activity
    WHERE id = ('{prefix}' || lpad(to_hex(:row::bigint), 12, '0'))::uuid;
COMMIT;
