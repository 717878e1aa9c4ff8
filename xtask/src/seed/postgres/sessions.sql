-- A batch of sessions, on PostgreSQL. Their beginnings lie evenly over the time that the run
-- fills, one after another; so do their ids, which begin with them.

TRUNCATE seed_session;

INSERT INTO seed_session
WITH
-- One session of five is of somebody who signs in a lot.
begun AS MATERIALIZED (
    SELECT batch.*,
        run.begin_ms + (run.end_ms - run.begin_ms) * (number - 1) / run.sessions
            + r3 % greatest((run.end_ms - run.begin_ms) / run.sessions, 1) AS started_ms,
        least(run.persons, 1 + 2 * run.persons * (number - 1) / run.sessions) AS persons_then,
        run.end_ms
    FROM seed_number AS batch, seed_run AS run
),
owned AS MATERIALIZED (
    SELECT begun.*, reason.end_reason AS reason,
        CASE r6 / 1000000 % 5
            WHEN 0 THEN 1 + persons_then * (r1 / 32768) * (r1 / 32768) / 4294967296
            ELSE 1 + r1 % persons_then END AS person,
        -- How long somebody is active in it: up to two hours, six days, or nearly thirty.
        CASE
            WHEN reason.end_reason = 'absolute_timeout' THEN 2505600000 + r2 % 77760000
            WHEN r4 % 1000 < 550 THEN 20000 + r2 % 7200000
            WHEN r4 % 1000 < 850 THEN 7200000 + r2 % 518400000
            ELSE 518400000 + r2 % 2064960000 END AS life_ms
    FROM begun JOIN seed_reason_slot AS reason ON reason.slot = r4 / 1000 % 1000
),
-- What is active still was last heard of within three days.
lived AS MATERIALIZED (
    SELECT owned.*, started_ms + life_ms <= end_ms AS is_over,
        CASE WHEN started_ms + life_ms <= end_ms THEN started_ms + life_ms
            ELSE end_ms - r2 % (least(end_ms - started_ms, 259200000) + 1) END AS last_ms
    FROM owned
),
ended AS MATERIALIZED (
    SELECT lived.*,
        CASE WHEN NOT is_over THEN NULL
            WHEN reason = 'idle_timeout' AND last_ms + 604800000 > end_ms THEN NULL
            WHEN reason = 'absolute_timeout' AND started_ms + 2592000000 > end_ms THEN NULL
            ELSE last_ms END AS ended_ms,
        1 + CASE WHEN r4 % 1000 < 550 THEN r5 / 1000 % 2
            ELSE (last_ms - started_ms) / 86400000 * (30 + r5 / 1000 % 70) / 100 END AS visits
    FROM lived
),
-- Seven of ten come from the person's own address.
placed AS MATERIALIZED (
    SELECT ended.*, owner.id AS user_id, owner.workspace_id, owner.language,
        owner.r1 AS owner_r1, owner.r2 AS owner_r2,
        CASE WHEN r6 % 10 < 7 THEN owner.r3 ELSE ended.r7 END AS address,
        CASE WHEN r6 / 1000 % 12 = 0 THEN away.place ELSE owner.place END AS place,
        CASE WHEN ended.r4 / 1000000 % 16 < 10 THEN owner.client_1
            WHEN ended.r4 / 1000000 % 16 < 14 THEN owner.client_2
            ELSE owner.client_3 END AS client,
        arrival.arrival
    FROM ended
    JOIN seed_person AS owner ON owner.person = ended.person
    JOIN seed_place_slot AS away ON away.slot = ended.r7 % 1000
    JOIN seed_arrival_slot AS arrival ON arrival.slot = ended.r5 % 1000
)
SELECT number,
    (lpad(to_hex(started_ms), 12, '0') || '7' || substr(lpad(to_hex(r1), 8, '0'), 6) || '8'
        || substr(lpad(to_hex(r2), 8, '0'), 2) || lpad(to_hex(r7), 8, '0'))::uuid,
    user_id, workspace_id, started_ms, last_ms, ended_ms,
    CASE WHEN ended_ms IS NOT NULL THEN reason END,
    -- Of one in twenty nobody knows where it is.
    CASE WHEN r6 / 12000 % 20 > 0 THEN place END,
    client, arrival, language,
    'fp1_' || lpad(to_hex(owner_r1), 8, '0') || lpad(to_hex(owner_r2), 8, '0')
        || lpad(to_hex(client), 5, '0') || 'A',
    CASE WHEN address / 131072 % 5 > 0
        THEN '198.' || (18 + address % 2) || '.' || (address / 2 % 256) || '.'
            || (address / 512 % 256)
        ELSE '2001:db8:' || to_hex(4096 + address % 61440) || ':'
            || to_hex(4096 + address / 61440) || '::1' END,
    visits,
    least(last_ms - started_ms, visits * (60000 + r5 / 1000000 % 1000 * 1200)),
    r1, r2, r3, r7
FROM placed;

INSERT INTO sessions (
    id, user_id, workspace_id, session_type, started_at, idle_expires_at, absolute_expires_at,
    ended_at, end_reason, refresh_generation, refresh_digest, refresh_rotated_at)
SELECT new.id, new.user_id, new.workspace_id, client.session_type, new.started_ms,
    new.last_ms + 604800000, new.started_ms + 2592000000, new.ended_ms, new.end_reason,
    new.visits + new.engaged_ms / 900000,
    decode(lpad(to_hex(new.r1), 8, '0') || lpad(to_hex(new.r2), 8, '0')
        || lpad(to_hex(new.r3), 8, '0') || lpad(to_hex(new.r7), 8, '0')
        || lpad(to_hex(new.r3), 8, '0') || lpad(to_hex(new.r2), 8, '0')
        || lpad(to_hex(new.r1), 8, '0') || lpad(to_hex(new.number), 8, '0'), 'hex'),
    new.last_ms
FROM seed_session AS new
JOIN seed_client AS client ON client.client = new.client
ORDER BY new.number;

INSERT INTO session_facts (
    id, ip_address, country_code, city, region_code, latitude, longitude, timezone, geo_source,
    ip_country_code, device_type, device_name, device_fingerprint, browser_name, browser_version,
    os_name, os_version, referrer_url, referrer_domain, landing_page, utm_source, utm_medium,
    utm_campaign, utm_term, utm_content, channel, details)
SELECT new.id, new.ip_address, place.country, place.city, place.region, place.latitude,
    place.longitude, place.timezone, CASE WHEN place.place IS NULL THEN 'none' ELSE 'ip' END,
    place.country, client.device_type, client.device_name, new.fingerprint, client.browser,
    client.browser_version, client.os, client.os_version, arrival.referrer_url,
    arrival.referrer_domain, arrival.landing_page, arrival.utm_source, arrival.utm_medium,
    arrival.utm_campaign, arrival.utm_term, arrival.utm_content, arrival.channel,
    '{"v":1,"language":"' || new.language || '"'
        || coalesce(',"screenResolution":"' || client.screen || '"', '')
        || coalesce(',"deviceBrand":"' || client.brand || '"', '')
        || coalesce(',"deviceModel":"' || client.model || '"', '')
        || ',"isBot":false,"isNewDevice":'
        || CASE WHEN known.user_id IS NULL AND 1 = row_number() OVER (
            PARTITION BY new.user_id, new.fingerprint ORDER BY new.number)
            THEN 'true' ELSE 'false' END
        || ',"fromFrontend":[],"clickIds":{'
        || coalesce('"' || arrival.click_name || '":"' || lpad(to_hex(new.r1), 8, '0')
            || lpad(to_hex(new.r2), 8, '0') || '"', '')
        || '}}'
FROM seed_session AS new
JOIN seed_client AS client ON client.client = new.client
JOIN seed_arrival AS arrival ON arrival.arrival = new.arrival
LEFT JOIN seed_place AS place ON place.place = new.place
LEFT JOIN user_devices AS known
    ON known.user_id = new.user_id AND known.fingerprint = new.fingerprint
ORDER BY new.number;

INSERT INTO session_activity (
    id, total_requests, pages_visited, actions_performed, engaged_millis, visit_count,
    last_activity_at)
SELECT id, visits * (3 + r7 % 60), visits * (3 + r7 % 60) / 3,
    visits * (3 + r7 % 60) * (r7 / 1000 % 30) / 100, engaged_ms, visits, last_ms
FROM seed_session
ORDER BY number;

INSERT INTO user_devices (user_id, fingerprint, first_seen, last_seen)
SELECT user_id, fingerprint, min(started_ms), max(last_ms)
FROM seed_session
WHERE TRUE
GROUP BY user_id, fingerprint
ON CONFLICT (user_id, fingerprint) DO UPDATE
    SET last_seen = greatest(user_devices.last_seen, excluded.last_seen);
