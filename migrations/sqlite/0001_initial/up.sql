-- The first schema: every table of the product.
--
-- Conventions
--   * Tables are STRICT. Ids are UUIDv7 in 16 bytes (BLOB), moments are whole milliseconds since
--     1970-01-01T00:00:00Z (INTEGER), truth values are 0 or 1 (INTEGER), documents are JSON (TEXT).
--   * Digests are SHA-256 or HMAC-SHA-256: 32 bytes. No secret rests here in the clear.
--   * Sets of names that may grow (purposes, templates, reasons, kinds) have no CHECK, because
--     SQLite cannot change one in place; the server parses every name when it reads a row.
--   * Foreign keys are checked at commit, so that a unit of work may write in any order.
--   * A broken unique index is told by its columns; the store maps those to the domain's
--     constraints. Where two are broken at once, the index made last is told.
--   * Every table states the bound of its growth.

-- Persons: global, one per mailbox.
-- Growth: one row per confirmed signup or accepted invitation; leaves with the account.
CREATE TABLE users (
    id                BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    email             TEXT    NOT NULL,
    email_normalised  TEXT    NOT NULL,
    name              TEXT    NOT NULL,
    phone             TEXT,
    avatar_url        TEXT,
    password_hash     TEXT    NOT NULL,
    language          TEXT,
    notify_new_device INTEGER NOT NULL CHECK (notify_new_device IN (0, 1)),
    suspended_at      INTEGER,
    first_touch       TEXT    NOT NULL CHECK (json_valid(first_touch)),
    -- A wish, checked against the memberships whenever it is used; hence no foreign key.
    last_workspace_id BLOB             CHECK (length(last_workspace_id) = 16),
    signup_id         BLOB    NOT NULL CHECK (length(signup_id) = 16),
    created_at        INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX users_email_normalised_key ON users (email_normalised);
-- After the address's: a signup that commits a second time breaks both, and is told as this one.
CREATE UNIQUE INDEX users_signup_id_key ON users (signup_id);

-- Workspaces: the tenants.
-- Growth: one row per confirmed signup or further workspace; leaves when it is deleted.
CREATE TABLE workspaces (
    id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name       TEXT    NOT NULL,
    slug       TEXT    NOT NULL,
    branding   TEXT    NOT NULL CHECK (json_valid(branding)),
    language   TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX workspaces_slug_key ON workspaces (slug);

-- Roles of a workspace. What a system role (system_key) permits stands in the domain.
-- Growth: four per workspace and those it makes itself; leave with it.
CREATE TABLE roles (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    workspace_id BLOB    NOT NULL CHECK (length(workspace_id) = 16)
                 REFERENCES workspaces (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    name         TEXT    NOT NULL,
    description  TEXT    NOT NULL,
    system_key   TEXT,
    is_active    INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;
-- What a membership refers to: a role of its own workspace, never of another.
CREATE UNIQUE INDEX roles_workspace_id_id_key ON roles (workspace_id, id);
CREATE UNIQUE INDEX roles_workspace_id_name_key ON roles (workspace_id, name);

-- A person's place in a workspace.
-- Growth: one row per person and workspace; leaves with either, or when the member is removed.
CREATE TABLE memberships (
    workspace_id BLOB    NOT NULL CHECK (length(workspace_id) = 16)
                 REFERENCES workspaces (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    user_id      BLOB    NOT NULL CHECK (length(user_id) = 16)
                 REFERENCES users (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    role_id      BLOB    NOT NULL CHECK (length(role_id) = 16),
    status       TEXT    NOT NULL
                 CHECK (status IN ('ACTIVE', 'INACTIVE', 'SUSPENDED', 'PENDING')),
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, user_id),
    FOREIGN KEY (workspace_id, role_id) REFERENCES roles (workspace_id, id)
                 DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_user_id_created_at_idx ON memberships (user_id, created_at);
CREATE INDEX memberships_workspace_id_role_id_idx ON memberships (workspace_id, role_id);

-- Permissions of custom roles.
-- Growth: at most one row per custom role and permission; leave with the role.
CREATE TABLE role_permissions (
    role_id    BLOB NOT NULL CHECK (length(role_id) = 16)
               REFERENCES roles (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    permission TEXT NOT NULL,
    PRIMARY KEY (role_id, permission)
) STRICT, WITHOUT ROWID;

-- A workspace's own permissions, which other services check. Built-in ones stand in the domain.
-- Growth: as many as the workspace makes; leave with it.
CREATE TABLE workspace_permissions (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    workspace_id BLOB    NOT NULL CHECK (length(workspace_id) = 16)
                 REFERENCES workspaces (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    name         TEXT    NOT NULL,
    description  TEXT    NOT NULL,
    category     TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX workspace_permissions_workspace_id_name_key
    ON workspace_permissions (workspace_id, name);

-- Invitations into a workspace, by a mailed secret of which only the digest is kept.
-- Growth: at most 500 pending per workspace, one per address; finished and expired ones are
-- removed by the sweep.
CREATE TABLE invitations (
    id               BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    workspace_id     BLOB    NOT NULL CHECK (length(workspace_id) = 16)
                     REFERENCES workspaces (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    role_id          BLOB    NOT NULL CHECK (length(role_id) = 16),
    email            TEXT    NOT NULL,
    email_normalised TEXT    NOT NULL,
    name             TEXT    NOT NULL,
    phone            TEXT,
    -- Whose rights are checked again on acceptance; null when that person is gone.
    invited_by       BLOB             CHECK (length(invited_by) = 16)
                     REFERENCES users (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    digest           BLOB    NOT NULL CHECK (length(digest) = 32),
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    expires_at       INTEGER NOT NULL,
    accepted_at      INTEGER,
    revoked_at       INTEGER,
    FOREIGN KEY (workspace_id, role_id) REFERENCES roles (workspace_id, id)
                     DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE UNIQUE INDEX invitations_digest_key ON invitations (digest);
CREATE UNIQUE INDEX invitations_pending_key ON invitations (workspace_id, email_normalised)
    WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX invitations_workspace_id_id_idx ON invitations (workspace_id, id);
CREATE INDEX invitations_workspace_id_role_id_idx ON invitations (workspace_id, role_id);
CREATE INDEX invitations_invited_by_idx ON invitations (invited_by) WHERE invited_by IS NOT NULL;
CREATE INDEX invitations_expires_at_idx ON invitations (expires_at);

-- API tokens of a workspace: the first characters to tell them apart by, and a digest.
-- Growth: one row per token made; leave with the workspace.
CREATE TABLE api_tokens (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    workspace_id BLOB    NOT NULL CHECK (length(workspace_id) = 16)
                 REFERENCES workspaces (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    prefix       TEXT    NOT NULL,
    digest       BLOB    NOT NULL CHECK (length(digest) = 32),
    created_at   INTEGER NOT NULL,
    revoked_at   INTEGER
) STRICT;
CREATE UNIQUE INDEX api_tokens_digest_key ON api_tokens (digest);
CREATE INDEX api_tokens_workspace_id_id_idx ON api_tokens (workspace_id, id);

-- Sessions: identity, workspace, lifetime, end and refresh state. Their facts and counters stand
-- in the two tables below, under the same id. No foreign key leads to or from the three, so that
-- what history outlives an account is decided by the use case that deletes the account.
-- Growth: one row per sign-in; ended ones are minimised after 30 days and removed after 13 months
-- by the sweep.
CREATE TABLE sessions (
    id                  BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user_id             BLOB    NOT NULL CHECK (length(user_id) = 16),
    workspace_id        BLOB             CHECK (length(workspace_id) = 16),
    session_type        TEXT    NOT NULL,
    started_at          INTEGER NOT NULL,
    idle_expires_at     INTEGER NOT NULL,
    absolute_expires_at INTEGER NOT NULL,
    ended_at            INTEGER,
    end_reason          TEXT,
    refresh_generation  INTEGER NOT NULL CHECK (refresh_generation >= 0),
    refresh_digest      BLOB    NOT NULL CHECK (length(refresh_digest) = 32),
    refresh_rotated_at  INTEGER NOT NULL,
    -- When the latest generations were spent: an array of moments, oldest first, at most 32.
    refresh_spent       TEXT    NOT NULL CHECK (json_array_length(refresh_spent) <= 32),
    CHECK ((ended_at IS NULL) = (end_reason IS NULL))
) STRICT;
CREATE INDEX sessions_user_id_id_idx ON sessions (user_id, id);
CREATE INDEX sessions_user_id_live_idx ON sessions (user_id) WHERE ended_at IS NULL;
CREATE INDEX sessions_workspace_id_id_idx ON sessions (workspace_id, id);
CREATE INDEX sessions_idle_expires_at_live_idx ON sessions (idle_expires_at)
    WHERE ended_at IS NULL;

-- What was learnt of a session's client when it was opened; written once.
-- Growth: one row per session; leaves with it.
CREATE TABLE session_facts (
    id                 BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    ip_address         TEXT NOT NULL,
    country_code       TEXT,
    city               TEXT,
    region_code        TEXT,
    latitude           REAL,
    longitude          REAL,
    timezone           TEXT,
    geo_source         TEXT NOT NULL,
    ip_country_code    TEXT,
    device_type        TEXT,
    device_name        TEXT,
    device_fingerprint TEXT,
    browser_name       TEXT,
    browser_version    TEXT,
    os_name            TEXT,
    os_version         TEXT,
    referrer_url       TEXT,
    referrer_domain    TEXT,
    landing_page       TEXT,
    utm_source         TEXT,
    utm_medium         TEXT,
    utm_campaign       TEXT,
    utm_term           TEXT,
    utm_content        TEXT,
    channel            TEXT,
    -- {"v": 1, language, screenResolution, deviceBrand, deviceModel, isBot, isNewDevice, clickIds}
    details            TEXT NOT NULL CHECK (json_extract(details, '$.v') >= 1),
    CHECK ((latitude IS NULL) = (longitude IS NULL))
) STRICT;

-- What a session did since: totals that only grow, written often.
-- Growth: one row per session; leaves with it.
CREATE TABLE session_activity (
    id                BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    total_requests    INTEGER NOT NULL CHECK (total_requests >= 0),
    pages_visited     INTEGER NOT NULL CHECK (pages_visited >= 0),
    actions_performed INTEGER NOT NULL CHECK (actions_performed >= 0),
    engaged_millis    INTEGER NOT NULL CHECK (engaged_millis >= 0),
    visit_count       INTEGER NOT NULL CHECK (visit_count >= 0),
    last_activity_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The kinds of device a person was seen on: decides whether one is new.
-- Growth: one row per person and fingerprint; those not seen for 13 months are removed by the
-- sweep, all leave with the person.
CREATE TABLE user_devices (
    user_id     BLOB    NOT NULL CHECK (length(user_id) = 16)
                REFERENCES users (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    fingerprint TEXT    NOT NULL,
    first_seen  INTEGER NOT NULL,
    last_seen   INTEGER NOT NULL,
    PRIMARY KEY (user_id, fingerprint)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_devices_last_seen_idx ON user_devices (last_seen);

-- Mailed secrets that work once: password resets, changes of address, "that was not me".
-- Growth: limited by the rate of the mails; expired ones are removed by the sweep.
CREATE TABLE one_time_tokens (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    purpose      TEXT    NOT NULL,
    digest       BLOB    NOT NULL CHECK (length(digest) = 32),
    user_id      BLOB             CHECK (length(user_id) = 16)
                 REFERENCES users (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    workspace_id BLOB             CHECK (length(workspace_id) = 16)
                 REFERENCES workspaces (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    -- Sealed.
    payload      BLOB,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    consumed_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX one_time_tokens_digest_key ON one_time_tokens (digest);
CREATE INDEX one_time_tokens_user_id_idx ON one_time_tokens (user_id, purpose)
    WHERE user_id IS NOT NULL;
CREATE INDEX one_time_tokens_workspace_id_idx ON one_time_tokens (workspace_id)
    WHERE workspace_id IS NOT NULL;
CREATE INDEX one_time_tokens_expires_at_idx ON one_time_tokens (expires_at);

-- The mail queue: jobs are written in the transaction of the change they tell of.
-- Growth: finished jobs lose recipient and payload at once, and are removed by the sweep when
-- their retention and their dedupe window are over; jobs that expire are finished by it.
CREATE TABLE outbox (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    lane         TEXT    NOT NULL,
    template     TEXT    NOT NULL,
    language     TEXT    NOT NULL,
    recipient    TEXT,
    -- Sealed.
    payload      BLOB,
    dedupe_key   BLOB             CHECK (length(dedupe_key) = 32),
    dedupe_until INTEGER,
    replace_key  BLOB             CHECK (length(replace_key) = 32),
    run_at       INTEGER NOT NULL,
    expires_at   INTEGER,
    attempts     INTEGER NOT NULL CHECK (attempts >= 0),
    lease_until  INTEGER,
    lease_token  INTEGER,
    state        TEXT    NOT NULL CHECK (state IN ('queued', 'sent', 'dead', 'void')),
    last_error   TEXT,
    created_at   INTEGER NOT NULL,
    finished_at  INTEGER,
    CHECK ((state = 'queued') = (finished_at IS NULL)),
    CHECK (CASE state WHEN 'queued'
        THEN recipient IS NOT NULL AND payload IS NOT NULL
        ELSE recipient IS NULL AND payload IS NULL END),
    CHECK ((dedupe_key IS NULL) = (dedupe_until IS NULL)),
    CHECK ((lease_until IS NULL) = (lease_token IS NULL))
) STRICT;
CREATE UNIQUE INDEX outbox_dedupe_key_key ON outbox (dedupe_key) WHERE dedupe_key IS NOT NULL;
CREATE INDEX outbox_replace_key_queued_idx ON outbox (replace_key)
    WHERE state = 'queued' AND replace_key IS NOT NULL;
CREATE INDEX outbox_lane_run_at_queued_idx ON outbox (lane, run_at, id) WHERE state = 'queued';
CREATE INDEX outbox_expires_at_queued_idx ON outbox (expires_at)
    WHERE state = 'queued' AND expires_at IS NOT NULL;
CREATE INDEX outbox_finished_at_idx ON outbox (finished_at) WHERE finished_at IS NOT NULL;

-- Who did what: only ever added to.
-- Growth: one row per change worth telling; removed after 13 months by the sweep. No foreign
-- keys: entries outlive what they tell of.
CREATE TABLE audit (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    workspace_id BLOB             CHECK (length(workspace_id) = 16),
    at           INTEGER NOT NULL,
    actor_id     BLOB             CHECK (length(actor_id) = 16),
    action       TEXT    NOT NULL,
    target       TEXT,
    ip_address   TEXT,
    session_id   BLOB             CHECK (length(session_id) = 16),
    details      TEXT    NOT NULL CHECK (json_valid(details))
) STRICT;
CREATE INDEX audit_workspace_id_id_idx ON audit (workspace_id, id);
CREATE INDEX audit_actor_id_id_idx ON audit (actor_id, id);
CREATE INDEX audit_at_idx ON audit (at);
