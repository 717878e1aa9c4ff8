-- Makes the beginning of a run, on PostgreSQL: its persons are numbered on from those of earlier
-- runs, and the months without partitions get them.

ANALYZE seed_place_slot, seed_client_slot, seed_arrival_slot, seed_reason_slot;
ANALYZE seed_place, seed_client, seed_arrival, seed_name, seed_role, seed_member, seed_run;

UPDATE seed_run SET persons_before = (
    SELECT coalesce(max(substring(email_normalised FROM '^person-([0-9]{1,15})@')::bigint), 0)
    FROM users WHERE email_normalised LIKE 'person-%@seeded.example');

SELECT kogents_make_session_partitions(
    (to_timestamp(begin_ms / 1000) AT TIME ZONE 'UTC')::date,
    ((extract(year FROM span) * 12 + extract(month FROM span)) + 1)::integer)
FROM (
    SELECT begin_ms, age(
        date_trunc('month', to_timestamp(end_ms / 1000) AT TIME ZONE 'UTC'),
        date_trunc('month', to_timestamp(begin_ms / 1000) AT TIME ZONE 'UTC')) AS span
    FROM seed_run) AS asked;
