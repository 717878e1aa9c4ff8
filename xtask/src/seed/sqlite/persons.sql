-- A batch of persons with their workspaces, on SQLite: five persons in each, the first of
-- whom made it, and everybody was made in the first half of the time that the run fills.

INSERT INTO seed_person
WITH made AS MATERIALIZED (
    SELECT batch.number, r1, r2, r3, r4, (number - 1) / 5 AS workspace,
        run.begin_ms + (run.end_ms - run.begin_ms) * (number - 1) / (2 * run.persons)
            AS created_ms,
        run.begin_ms + (run.end_ms - run.begin_ms) * ((number - 1) / 5 * 5) / (2 * run.persons)
            AS workspace_created_ms
    FROM seed_number AS batch, seed_run AS run
)
SELECT made.number,
    unhex(printf('%012x', made.created_ms) || '7' || substr(printf('%08x', made.r1), 6) || '8'
        || substr(printf('%08x', made.r2), 2) || printf('%08x', made.r3)),
    made.created_ms, run.persons_before + made.workspace,
    unhex(printf('%012x', made.workspace_created_ms) || '70008' || printf('%08x', run.seed)
        || printf('%07x', run.persons_before + made.workspace)),
    made.workspace_created_ms, made.r1, made.r2, made.r3, made.r4, home.place, home.language,
    first_client.client, second_client.client, third_client.client
FROM made
CROSS JOIN seed_run AS run
JOIN seed_place_slot AS home_slot ON home_slot.slot = made.r4 % 1000
JOIN seed_place AS home ON home.place = home_slot.place
JOIN seed_client_slot AS first_client ON first_client.slot = made.r1 / 1000 % 1000
JOIN seed_client_slot AS second_client ON second_client.slot = made.r2 / 1000 % 1000
JOIN seed_client_slot AS third_client ON third_client.slot = made.r3 / 1000 % 1000;

INSERT INTO workspaces (id, name, slug, branding, language, created_at, updated_at)
SELECT new.workspace_id, name.family || ' & Co', 'seeded-' || (new.workspace + 1), '{}',
    new.language, new.workspace_created_ms, new.workspace_created_ms
FROM seed_run AS run
JOIN seed_person AS new ON new.person BETWEEN run.first_number AND run.last_number
JOIN seed_name AS name ON name.slot = new.r2 % 20
WHERE (new.person - 1) % 5 = 0;

INSERT INTO roles (
    id, workspace_id, name, description, system_key, is_active, created_at, updated_at)
SELECT unhex(printf('%012x', new.workspace_created_ms) || '700' || role.role || '8'
        || printf('%08x', run.seed) || printf('%07x', new.workspace)),
    new.workspace_id, role.name, role.description, role.name, 1, new.workspace_created_ms,
    new.workspace_created_ms
FROM seed_run AS run
JOIN seed_person AS new ON new.person BETWEEN run.first_number AND run.last_number
CROSS JOIN seed_role AS role
WHERE (new.person - 1) % 5 = 0;

INSERT INTO users (
    id, email, email_normalised, name, phone, avatar_url, password_hash, language,
    notify_new_device, suspended_at, first_touch, last_workspace_id, signup_id, created_at,
    updated_at)
SELECT new.id, 'person-' || (run.persons_before + new.person) || '@seeded.example',
    'person-' || (run.persons_before + new.person) || '@seeded.example',
    given.given || ' ' || family.family, NULL, NULL, password.hash, new.language, 1, NULL,
    '{"version":1,"analytics":{}}', new.workspace_id,
    unhex(printf('%012x', new.created_ms) || '7' || substr(printf('%08x', new.r4), 6) || '8'
        || substr(printf('%08x', new.r3), 2) || printf('%08x', run.persons_before + new.person)),
    new.created_ms, new.created_ms
FROM seed_run AS run
CROSS JOIN seed_password AS password
JOIN seed_person AS new ON new.person BETWEEN run.first_number AND run.last_number
JOIN seed_name AS given ON given.slot = new.r1 % 20
JOIN seed_name AS family ON family.slot = new.r2 % 20;

INSERT INTO memberships (
    workspace_id, user_id, role_id, status, created_at, updated_at, name_key, email_key)
SELECT new.workspace_id, new.id,
    unhex(printf('%012x', new.workspace_created_ms) || '700' || member.role || '8'
        || printf('%08x', run.seed) || printf('%07x', new.workspace)),
    'ACTIVE', new.created_ms, new.created_ms, lower(given.given || ' ' || family.family),
    'person-' || (run.persons_before + new.person) || '@seeded.example'
FROM seed_run AS run
JOIN seed_person AS new ON new.person BETWEEN run.first_number AND run.last_number
JOIN seed_member AS member ON member.place = (new.person - 1) % 5
JOIN seed_name AS given ON given.slot = new.r1 % 20
JOIN seed_name AS family ON family.slot = new.r2 % 20;
