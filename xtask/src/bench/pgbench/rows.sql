-- Sessions that differ from one that there is in their ids alone: as many for each client.
CREATE TABLE bench_refresh AS
    SELECT left(id::text, 24) AS prefix, user_id::text AS user_id, id FROM sessions
    WHERE ended_at IS NULL ORDER BY id DESC LIMIT 1;
CREATE TABLE bench_refresh_ids AS
    SELECT (b.prefix || lpad(to_hex(c.client * 1000000 + t.turn), 12, '0'))::uuid AS id
    FROM bench_refresh b, generate_series(0::bigint, :clients - 1) AS c (client),
        generate_series(0::bigint, :each - 1) AS t (turn);
INSERT INTO sessions
    SELECT (jsonb_populate_record(s, jsonb_build_object(
        'id', i.id, 'refresh_generation', 0, 'refresh_spent', '{}'::bigint[],
        'refresh_digest', '\x' || repeat('00', 32)))).*
    FROM bench_refresh b JOIN sessions s ON s.id = b.id, bench_refresh_ids i;
INSERT INTO session_activity
    SELECT (jsonb_populate_record(a, jsonb_build_object('id', i.id))).*
    FROM bench_refresh b JOIN session_activity a ON a.id = b.id, bench_refresh_ids i;
