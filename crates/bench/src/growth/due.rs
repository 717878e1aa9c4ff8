//! Makes sessions that have been idle for too long, the same way in a database of any size.

use super::database::Database;
use crate::failure::Outcome;

/// `$1` sessions, of persons chosen at random, begun within the last month and timed out within
/// the last day; none follows in time on the one before it.
const MAKE: &str = "CREATE TEMP TABLE due AS \
    WITH persons AS MATERIALIZED ( \
        SELECT id, last_workspace_id, row_number() OVER (ORDER BY md5(id::text)) - 1 AS place \
        FROM users ORDER BY place LIMIT 100000), \
    span AS (SELECT (extract(epoch FROM now()) * 1000)::bigint AS now_ms, \
        (SELECT count(*) FROM persons) AS persons), \
    made AS MATERIALIZED ( \
        SELECT i, persons, now_ms - 3600000 - (random() * 86400000)::bigint AS idle_ms, \
            now_ms - 700000000 - (random() * 1800000000)::bigint AS started_ms \
        FROM span, generate_series(0, {count} - 1) AS i) \
    SELECT (lpad(to_hex(started_ms), 12, '0') || '7' || lpad(to_hex(i % 4096), 3, '0') \
            || '8' || lpad(to_hex(i), 7, '0') || substr(md5(i || 'due'), 1, 8))::uuid AS id, \
        persons.id AS user_id, last_workspace_id AS workspace_id, started_ms, idle_ms \
    FROM made JOIN persons ON place = i % made.persons; \
    INSERT INTO sessions (id, user_id, workspace_id, session_type, started_at, idle_expires_at, \
        absolute_expires_at, refresh_generation, refresh_digest, refresh_rotated_at) \
        SELECT id, user_id, workspace_id, 'WEB', started_ms, idle_ms, started_ms + 2592000000, \
            0, sha256(id::text::bytea), started_ms FROM due; \
    INSERT INTO session_facts (id, ip_address, geo_source, details) \
        SELECT id, '192.0.2.1', 'none', \
            '{\"v\":1,\"isBot\":false,\"isNewDevice\":false,\"fromFrontend\":[],\"clickIds\":{}}' \
        FROM due; \
    INSERT INTO session_activity (id, total_requests, pages_visited, actions_performed, \
        engaged_millis, visit_count, last_activity_at) \
        SELECT id, 9, 3, 1, 60000, 1, idle_ms - 604800000 FROM due; \
    DROP TABLE due;";

/// Makes so many.
pub(super) async fn make(database: &Database, count: u32) -> Outcome {
    let script = MAKE.replace("{count}", &count.to_string());
    database.client.batch_execute(&script).await?;
    Ok(())
}
