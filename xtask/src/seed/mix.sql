-- What seeded sessions are mixed from, for both stores: temporary tables in which each row has a
-- weight in thousandths, and for each mix a table of a thousand slots that says whose each is.
-- A number below a thousand so finds a row as often as the row's weight says.

CREATE TEMP TABLE seed_place (
    place INTEGER PRIMARY KEY, weight INTEGER NOT NULL, country TEXT, city TEXT, region TEXT,
    latitude DOUBLE PRECISION, longitude DOUBLE PRECISION, timezone TEXT, language TEXT);
INSERT INTO seed_place VALUES
    (1, 130, 'US', 'New York', 'NY', 40.7128, -74.006, 'America/New_York', 'en-US'),
    (2, 90, 'US', 'Los Angeles', 'CA', 34.0522, -118.2437, 'America/Los_Angeles', 'en-US'),
    (3, 60, 'US', 'Chicago', 'IL', 41.8781, -87.6298, 'America/Chicago', 'en-US'),
    (4, 90, 'DE', 'Berlin', 'BE', 52.52, 13.405, 'Europe/Berlin', 'de-DE'),
    (5, 50, 'DE', 'Munich', 'BY', 48.1351, 11.582, 'Europe/Berlin', 'de-DE'),
    (6, 90, 'GB', 'London', 'ENG', 51.5074, -0.1278, 'Europe/London', 'en-GB'),
    (7, 70, 'FR', 'Paris', 'IDF', 48.8566, 2.3522, 'Europe/Paris', 'fr-FR'),
    (8, 70, 'IN', 'Bengaluru', 'KA', 12.9716, 77.5946, 'Asia/Kolkata', 'en-IN'),
    (9, 60, 'BR', 'São Paulo', 'SP', -23.5505, -46.6333, 'America/Sao_Paulo', 'pt-BR'),
    (10, 40, 'NL', 'Amsterdam', 'NH', 52.3676, 4.9041, 'Europe/Amsterdam', 'nl-NL'),
    (11, 40, 'ES', 'Madrid', 'MD', 40.4168, -3.7038, 'Europe/Madrid', 'es-ES'),
    (12, 35, 'IT', 'Milan', '25', 45.4642, 9.19, 'Europe/Rome', 'it-IT'),
    (13, 30, 'PL', 'Warsaw', '14', 52.2297, 21.0122, 'Europe/Warsaw', 'pl-PL'),
    (14, 30, 'CA', 'Toronto', 'ON', 43.6532, -79.3832, 'America/Toronto', 'en-CA'),
    (15, 25, 'AU', 'Sydney', 'NSW', -33.8688, 151.2093, 'Australia/Sydney', 'en-AU'),
    (16, 25, 'JP', 'Tokyo', '13', 35.6762, 139.6503, 'Asia/Tokyo', 'ja-JP'),
    (17, 20, 'AT', 'Vienna', '9', 48.2082, 16.3738, 'Europe/Vienna', 'de-AT'),
    (18, 20, 'CH', 'Zurich', 'ZH', 47.3769, 8.5417, 'Europe/Zurich', 'de-CH'),
    (19, 15, 'MX', 'Mexico City', 'CMX', 19.4326, -99.1332, 'America/Mexico_City', 'es-MX'),
    (20, 5, 'NZ', 'Wellington', 'WGN', -41.2866, 174.7756, 'Pacific/Auckland', 'en-NZ'),
    (21, 5, 'IS', 'Reykjavík', '1', 64.1466, -21.9426, 'Atlantic/Reykjavik', 'is-IS');

CREATE TEMP TABLE seed_client (
    client INTEGER PRIMARY KEY, weight INTEGER NOT NULL, session_type TEXT, device_type TEXT,
    device_name TEXT, browser TEXT, browser_version TEXT, os TEXT, os_version TEXT, brand TEXT,
    model TEXT, screen TEXT);
INSERT INTO seed_client VALUES
    (1, 270, 'WEB', 'desktop', 'Chrome on Windows', 'Chrome', '131.0', 'Windows', '10', NULL, NULL, '1920x1080'),
    (2, 120, 'WEB', 'desktop', 'Chrome on macOS', 'Chrome', '131.0', 'macOS', '10.15', 'Apple', 'Mac', '1512x982'),
    (3, 110, 'WEB', 'mobile', 'Safari on iPhone', 'Safari', '18.1', 'iOS', '18.1', 'Apple', 'iPhone', '393x852'),
    (4, 90, 'WEB', 'mobile', 'Chrome on Android', 'Chrome', '131.0', 'Android', '15', 'Google', 'Pixel 9', '412x923'),
    (5, 80, 'WEB', 'desktop', 'Edge on Windows', 'Edge', '131.0', 'Windows', '10', NULL, NULL, '1536x864'),
    (6, 70, 'WEB', 'desktop', 'Safari on macOS', 'Safari', '18.1', 'macOS', '10.15', 'Apple', 'Mac', '1440x900'),
    (7, 70, 'WEB', 'mobile', 'Chrome on Android', 'Chrome', '131.0', 'Android', '14', 'Samsung', 'SM-S921B', '360x780'),
    (8, 60, 'WEB', 'desktop', 'Firefox on Windows', 'Firefox', '133.0', 'Windows', '10', NULL, NULL, '1920x1080'),
    (9, 30, 'WEB', 'desktop', 'Firefox on Linux', 'Firefox', '133.0', 'Linux', NULL, NULL, NULL, '2560x1440'),
    (10, 25, 'WEB', 'mobile', 'Samsung Internet on Android', 'Samsung Internet', '27.0', 'Android', '14', 'Samsung', 'SM-A556B', '384x832'),
    (11, 25, 'WEB', 'tablet', 'Safari on iPad', 'Safari', '18.1', 'iOS', '18.1', 'Apple', 'iPad', '820x1180'),
    (12, 20, 'MOBILE', 'mobile', 'Android', NULL, NULL, 'Android', '15', 'Google', 'Pixel 8a', '412x915'),
    (13, 15, 'WIDGET', 'desktop', 'Chrome on Windows', 'Chrome', '130.0', 'Windows', '10', NULL, NULL, '1366x768'),
    (14, 10, 'DESKTOP', 'desktop', 'Electron on Windows', 'Electron', '33.2', 'Windows', '10', NULL, NULL, '1920x1200'),
    (15, 4, 'API', 'other', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (16, 1, 'WEB', 'tv', 'Samsung Internet on Tizen', 'Samsung Internet', '6.0', 'Tizen', '8.0', 'Samsung', NULL, '1920x1080');

-- A click id's value is the session's own.
CREATE TEMP TABLE seed_arrival (
    arrival INTEGER PRIMARY KEY, weight INTEGER NOT NULL, channel TEXT, referrer_url TEXT,
    referrer_domain TEXT, landing_page TEXT, utm_source TEXT, utm_medium TEXT, utm_campaign TEXT,
    utm_term TEXT, utm_content TEXT, click_name TEXT);
INSERT INTO seed_arrival VALUES
    (1, 380, 'direct', NULL, NULL, 'https://app.seeded.example/', NULL, NULL, NULL, NULL, NULL, NULL),
    (2, 210, 'organic search', 'https://www.google.com/', 'www.google.com', 'https://www.seeded.example/', NULL, NULL, NULL, NULL, NULL, NULL),
    (3, 110, 'paid search', 'https://www.google.com/', 'www.google.com', 'https://www.seeded.example/pricing?utm_source=google&utm_medium=cpc&utm_campaign=brand&utm_term=chat+software', 'google', 'cpc', 'brand', 'chat software', 'headline-2', 'gclid'),
    (4, 70, 'email', NULL, NULL, 'https://www.seeded.example/news?utm_source=newsletter&utm_medium=email&utm_campaign=monthly', 'newsletter', 'email', 'monthly', NULL, 'first-link', NULL),
    (5, 60, 'referral', 'https://blog.neighbour.example/the-best-chat-tools?page=2', 'blog.neighbour.example', 'https://www.seeded.example/', NULL, NULL, NULL, NULL, NULL, NULL),
    (6, 50, 'organic social', 'https://www.linkedin.com/', 'www.linkedin.com', 'https://www.seeded.example/stories', NULL, NULL, NULL, NULL, NULL, NULL),
    (7, 40, 'paid social', 'https://www.facebook.com/', 'www.facebook.com', 'https://www.seeded.example/demo?utm_source=facebook&utm_medium=paid-social&utm_campaign=demo', 'facebook', 'paid-social', 'demo', NULL, 'video-a', 'fbclid'),
    (8, 25, 'organic search', 'https://www.bing.com/', 'www.bing.com', 'https://www.seeded.example/', NULL, NULL, NULL, NULL, NULL, NULL),
    (9, 20, 'ai assistants', 'https://chatgpt.com/', 'chatgpt.com', 'https://www.seeded.example/compare', NULL, NULL, NULL, NULL, NULL, NULL),
    (10, 12, 'display', 'https://news.neighbour.example/', 'news.neighbour.example', 'https://www.seeded.example/demo?utm_source=dv360&utm_medium=display&utm_campaign=reach', 'dv360', 'display', 'reach', NULL, 'banner-4', 'dclid'),
    (11, 10, 'organic video', 'https://www.youtube.com/', 'www.youtube.com', 'https://www.seeded.example/', NULL, NULL, NULL, NULL, NULL, NULL),
    (12, 6, 'affiliates', 'https://deals.neighbour.example/', 'deals.neighbour.example', 'https://www.seeded.example/?utm_source=deals&utm_medium=affiliate', 'deals', 'affiliate', NULL, NULL, NULL, NULL),
    (13, 4, 'paid video', 'https://www.youtube.com/', 'www.youtube.com', 'https://www.seeded.example/demo?utm_source=youtube&utm_medium=cpv&utm_campaign=reach', 'youtube', 'cpv', 'reach', NULL, NULL, 'gclid'),
    (14, 2, 'sms', NULL, NULL, 'https://app.seeded.example/?utm_source=reminder&utm_medium=sms', 'reminder', 'sms', NULL, NULL, NULL, NULL),
    (15, 1, 'push', NULL, NULL, 'https://app.seeded.example/?utm_source=app&utm_medium=push', 'app', 'push', NULL, NULL, NULL, NULL);

-- Why sessions end whose activity is over.
CREATE TEMP TABLE seed_reason (
    reason INTEGER PRIMARY KEY, weight INTEGER NOT NULL, end_reason TEXT NOT NULL);
INSERT INTO seed_reason VALUES
    (1, 430, 'logout'), (2, 400, 'idle_timeout'), (3, 20, 'absolute_timeout'),
    (4, 40, 'revoked'), (5, 20, 'revoked_all'), (6, 30, 'replaced'), (7, 25, 'password_changed'),
    (8, 8, 'email_changed'), (9, 2, 'refresh_token_reused'), (10, 5, 'suspended'),
    (11, 12, 'removed'), (12, 8, 'admin');

CREATE TEMP TABLE seed_place_slot (slot INTEGER PRIMARY KEY, place INTEGER NOT NULL);
INSERT INTO seed_place_slot
    WITH RECURSIVE slots (slot) AS (
        SELECT 0 UNION ALL SELECT slot + 1 FROM slots WHERE slot < 999),
    bounds AS (SELECT place, weight, sum(weight) OVER (ORDER BY place) AS above FROM seed_place)
    SELECT slot, place FROM slots, bounds WHERE slot >= above - weight AND slot < above;

CREATE TEMP TABLE seed_client_slot (slot INTEGER PRIMARY KEY, client INTEGER NOT NULL);
INSERT INTO seed_client_slot
    WITH RECURSIVE slots (slot) AS (
        SELECT 0 UNION ALL SELECT slot + 1 FROM slots WHERE slot < 999),
    bounds AS (SELECT client, weight, sum(weight) OVER (ORDER BY client) AS above FROM seed_client)
    SELECT slot, client FROM slots, bounds WHERE slot >= above - weight AND slot < above;

CREATE TEMP TABLE seed_arrival_slot (slot INTEGER PRIMARY KEY, arrival INTEGER NOT NULL);
INSERT INTO seed_arrival_slot
    WITH RECURSIVE slots (slot) AS (
        SELECT 0 UNION ALL SELECT slot + 1 FROM slots WHERE slot < 999),
    bounds AS (
        SELECT arrival, weight, sum(weight) OVER (ORDER BY arrival) AS above FROM seed_arrival)
    SELECT slot, arrival FROM slots, bounds WHERE slot >= above - weight AND slot < above;

CREATE TEMP TABLE seed_reason_slot (slot INTEGER PRIMARY KEY, end_reason TEXT NOT NULL);
INSERT INTO seed_reason_slot
    WITH RECURSIVE slots (slot) AS (
        SELECT 0 UNION ALL SELECT slot + 1 FROM slots WHERE slot < 999),
    bounds AS (
        SELECT end_reason, weight, sum(weight) OVER (ORDER BY reason) AS above FROM seed_reason)
    SELECT slot, end_reason FROM slots, bounds WHERE slot >= above - weight AND slot < above;

CREATE TEMP TABLE seed_name (slot INTEGER PRIMARY KEY, given TEXT NOT NULL, family TEXT NOT NULL);
INSERT INTO seed_name VALUES
    (0, 'Ada', 'Albrecht'), (1, 'Bruno', 'Baptiste'), (2, 'Chiara', 'Costa'), (3, 'Daniel', 'Dubois'),
    (4, 'Elif', 'Eriksen'), (5, 'Farid', 'Fischer'), (6, 'Grace', 'García'), (7, 'Hana', 'Hoffmann'),
    (8, 'Ivan', 'Ishikawa'), (9, 'Julia', 'Jansen'), (10, 'Kofi', 'Kowalska'), (11, 'Lena', 'Larsen'),
    (12, 'Mateo', 'Moreau'), (13, 'Nora', 'Novák'), (14, 'Oskar', 'Okafor'), (15, 'Priya', 'Patel'),
    (16, 'Ravi', 'Rossi'), (17, 'Sofia', 'Schneider'), (18, 'Thomas', 'Tanaka'), (19, 'Zoé', 'Weber');

-- The roles that every workspace has, and which members of five hold each.
CREATE TEMP TABLE seed_role (role INTEGER PRIMARY KEY, name TEXT NOT NULL, description TEXT NOT NULL);
INSERT INTO seed_role VALUES
    (1, 'admin', 'Holds every permission of the workspace.'),
    (2, 'manager', 'Runs the workspace''s daily business.'),
    (3, 'agent', 'Talks to the workspace''s customers.'),
    (4, 'viewer', 'Looks on without changing anything.');
CREATE TEMP TABLE seed_member (place INTEGER PRIMARY KEY, role INTEGER NOT NULL);
INSERT INTO seed_member VALUES (0, 1), (1, 2), (2, 3), (3, 3), (4, 4);

-- Everybody's password is "seeded persons sign in with this" (argon2id, the server's own cost).
CREATE TEMP TABLE seed_password (hash TEXT NOT NULL);
INSERT INTO seed_password VALUES
    ('$argon2id$v=19$m=19456,t=2,p=1$a29nZW50cyBzZWVkIDAwMQ$4WhU7lafwF2QCbaxYp+yvxHu1ONslqpUsajB8Ip853s');

-- The one run: what is asked for, and the batch at hand, `first_number` to `last_number`.
-- `persons_before` are those of earlier runs; `salt` differs between batches of persons and sessions.
CREATE TEMP TABLE seed_run (
    seed BIGINT NOT NULL, persons BIGINT NOT NULL, sessions BIGINT NOT NULL,
    begin_ms BIGINT NOT NULL, end_ms BIGINT NOT NULL,
    persons_before BIGINT NOT NULL, first_number BIGINT NOT NULL, last_number BIGINT NOT NULL,
    salt BIGINT NOT NULL);
