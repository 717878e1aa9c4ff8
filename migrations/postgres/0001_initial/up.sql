-- All tables. Ids are UUIDv7, times are whole milliseconds since the epoch, JSON is text. Foreign
-- keys are checked at commit, so that a unit of work may write in any order.

-- Persons, global. Growth: one row per confirmed signup or accepted invitation.
CREATE TABLE users (
    id UUID NOT NULL,
    email TEXT NOT NULL,
    email_normalised TEXT NOT NULL,
    name TEXT NOT NULL,
    phone TEXT,
    avatar_url TEXT,
    password_hash TEXT NOT NULL,
    language TEXT,
    notify_new_device BOOLEAN NOT NULL DEFAULT TRUE,
    suspended_at BIGINT,
    first_touch TEXT NOT NULL,
    -- A hint where to open the next session, hence without a foreign key.
    last_workspace_id UUID,
    signup_id UUID NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    -- A signup commits once, even after a crash. One that commits a second time breaks this and
    -- the next, and the first of them is told.
    CONSTRAINT users_signup_unique UNIQUE (signup_id),
    CONSTRAINT users_email_unique UNIQUE (email_normalised)
);

-- Tenants. Growth: one row per confirmed signup or further workspace.
CREATE TABLE workspaces (
    id UUID NOT NULL,
    name TEXT NOT NULL,
    slug TEXT NOT NULL,
    branding TEXT NOT NULL DEFAULT '{}',
    language TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT workspaces_pkey PRIMARY KEY (id),
    CONSTRAINT workspaces_slug_unique UNIQUE (slug)
);

-- Growth: four per workspace, and those it makes itself.
CREATE TABLE roles (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE
        DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    system_key TEXT,
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT roles_pkey PRIMARY KEY (id),
    CONSTRAINT roles_name_unique UNIQUE (workspace_id, name),
    -- So that others can refer to a role of their own workspace only.
    CONSTRAINT roles_workspace_unique UNIQUE (workspace_id, id)
);

-- A person's place in a workspace. Growth: one row per person and workspace.
CREATE TABLE memberships (
    workspace_id UUID NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE
        DEFERRABLE INITIALLY DEFERRED,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE
        DEFERRABLE INITIALLY DEFERRED,
    role_id UUID NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('ACTIVE', 'INACTIVE', 'SUSPENDED', 'PENDING')),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT memberships_pkey PRIMARY KEY (workspace_id, user_id),
    CONSTRAINT memberships_role_fkey
        FOREIGN KEY (workspace_id, role_id) REFERENCES roles (workspace_id, id)
        DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX memberships_user ON memberships (user_id, created_at);
CREATE INDEX memberships_role ON memberships (workspace_id, role_id);

-- Permissions of custom roles; those of system roles are the domain's. Growth: bounded by roles
-- times permissions.
CREATE TABLE role_permissions (
    role_id UUID NOT NULL REFERENCES roles (id) ON DELETE CASCADE
        DEFERRABLE INITIALLY DEFERRED,
    permission TEXT NOT NULL,
    CONSTRAINT role_permissions_pkey PRIMARY KEY (role_id, permission)
);

-- A workspace's own permissions. Growth: those it makes itself.
CREATE TABLE workspace_permissions (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE
        DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    category TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT workspace_permissions_pkey PRIMARY KEY (id),
    CONSTRAINT workspace_permissions_name_unique UNIQUE (workspace_id, name)
);

-- Growth: 500 pending ones per workspace; the sweep removes finished and expired ones.
CREATE TABLE invitations (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE
        DEFERRABLE INITIALLY DEFERRED,
    email TEXT NOT NULL,
    email_normalised TEXT NOT NULL,
    name TEXT NOT NULL,
    phone TEXT,
    role_id UUID NOT NULL,
    invited_by UUID REFERENCES users (id) ON DELETE SET NULL
        DEFERRABLE INITIALLY DEFERRED,
    digest BYTEA NOT NULL CHECK (octet_length(digest) = 32),
    expires_at BIGINT NOT NULL,
    accepted_at BIGINT,
    revoked_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT invitations_pkey PRIMARY KEY (id),
    CONSTRAINT invitations_digest_unique UNIQUE (digest),
    CONSTRAINT invitations_role_fkey
        FOREIGN KEY (workspace_id, role_id) REFERENCES roles (workspace_id, id)
        DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX invitations_pending_unique ON invitations (workspace_id, email_normalised)
    WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX invitations_workspace ON invitations (workspace_id, id);
CREATE INDEX invitations_role ON invitations (workspace_id, role_id);
CREATE INDEX invitations_inviter ON invitations (invited_by) WHERE invited_by IS NOT NULL;
CREATE INDEX invitations_expiry ON invitations (expires_at);

-- Growth: one row per token made; void ones go with their workspace.
CREATE TABLE api_tokens (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE
        DEFERRABLE INITIALLY DEFERRED,
    prefix TEXT NOT NULL,
    digest BYTEA NOT NULL CHECK (octet_length(digest) = 32),
    created_at BIGINT NOT NULL,
    revoked_at BIGINT,
    CONSTRAINT api_tokens_pkey PRIMARY KEY (id),
    CONSTRAINT api_tokens_digest_unique UNIQUE (digest)
);
CREATE INDEX api_tokens_workspace ON api_tokens (workspace_id, id);

-- The three tables of a session are keyed by its id and partitioned alike, by month of that id.
-- Whole partitions are dropped 13 months on; so nothing refers to them, and they refer to
-- nothing: who deletes a person deletes the person's sessions.
CREATE TABLE sessions (
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    workspace_id UUID,
    session_type TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    idle_expires_at BIGINT NOT NULL,
    absolute_expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    end_reason TEXT,
    refresh_generation BIGINT NOT NULL,
    refresh_digest BYTEA NOT NULL CHECK (octet_length(refresh_digest) = 32),
    refresh_rotated_at BIGINT NOT NULL,
    -- When the generations within the grace were spent, oldest first; at most 32.
    refresh_spent BIGINT[] NOT NULL DEFAULT '{}',
    CONSTRAINT sessions_pkey PRIMARY KEY (id),
    CONSTRAINT sessions_end CHECK ((ended_at IS NULL) = (end_reason IS NULL))
) PARTITION BY RANGE (id);
CREATE INDEX sessions_user ON sessions (user_id, id);
CREATE INDEX sessions_user_open ON sessions (user_id) WHERE ended_at IS NULL;
CREATE INDEX sessions_workspace ON sessions (workspace_id, id);
CREATE INDEX sessions_idle ON sessions (idle_expires_at) WHERE ended_at IS NULL;

-- Written once, when a session is opened.
CREATE TABLE session_facts (
    id UUID NOT NULL,
    ip_address TEXT NOT NULL,
    country_code TEXT,
    city TEXT,
    region_code TEXT,
    latitude DOUBLE PRECISION,
    longitude DOUBLE PRECISION,
    timezone TEXT,
    geo_source TEXT NOT NULL,
    ip_country_code TEXT,
    device_type TEXT,
    device_name TEXT,
    device_fingerprint TEXT,
    browser_name TEXT,
    browser_version TEXT,
    os_name TEXT,
    os_version TEXT,
    referrer_url TEXT,
    referrer_domain TEXT,
    landing_page TEXT,
    utm_source TEXT,
    utm_medium TEXT,
    utm_campaign TEXT,
    utm_term TEXT,
    utm_content TEXT,
    channel TEXT,
    -- The other facts: one versioned JSON document.
    details TEXT NOT NULL,
    CONSTRAINT session_facts_pkey PRIMARY KEY (id),
    CONSTRAINT session_facts_coordinate CHECK ((latitude IS NULL) = (longitude IS NULL))
) PARTITION BY RANGE (id);

-- Updated in batches: narrow, and without an index on what changes.
CREATE TABLE session_activity (
    id UUID NOT NULL,
    total_requests BIGINT NOT NULL DEFAULT 0,
    pages_visited BIGINT NOT NULL DEFAULT 0,
    actions_performed BIGINT NOT NULL DEFAULT 0,
    engaged_millis BIGINT NOT NULL DEFAULT 0,
    visit_count BIGINT NOT NULL DEFAULT 1,
    last_activity_at BIGINT NOT NULL,
    CONSTRAINT session_activity_pkey PRIMARY KEY (id)
) PARTITION BY RANGE (id);

-- What no month's partition takes. Rows here are a fault that a metric watches.
CREATE TABLE sessions_default PARTITION OF sessions DEFAULT;
CREATE TABLE session_facts_default PARTITION OF session_facts DEFAULT;
CREATE TABLE session_activity_default PARTITION OF session_activity DEFAULT
    WITH (fillfactor = 70);

-- The least UUIDv7 that can be made at a moment: its milliseconds on top, all else zero.
CREATE FUNCTION kogents_uuid_floor(moment TIMESTAMPTZ) RETURNS UUID
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
        SELECT (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0')
            || repeat('0', 20))::uuid
    $$;

-- Makes the partitions of so many months from a month on that do not exist yet, and says how many
-- it made. Rows of those months that waited in a DEFAULT partition are moved. May be called again
-- at any time, by any number of servers at once. It runs as its owner, who owns the tables.
CREATE FUNCTION kogents_make_session_partitions(first_month DATE, months INTEGER)
    RETURNS INTEGER
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        first_start TIMESTAMP := date_trunc('month', first_month::timestamp);
        month_start TIMESTAMP;
        lower_bound UUID;
        upper_bound UUID;
        parent TEXT;
        part TEXT;
        storage TEXT;
        made INTEGER := 0;
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtext('kogents_make_session_partitions'));
        FOR ahead IN 0 .. months - 1 LOOP
            month_start := first_start + make_interval(months => ahead);
            lower_bound := kogents_uuid_floor(month_start AT TIME ZONE 'UTC');
            upper_bound := kogents_uuid_floor(
                (first_start + make_interval(months => ahead + 1)) AT TIME ZONE 'UTC');
            FOREACH parent IN ARRAY ARRAY['sessions', 'session_facts', 'session_activity'] LOOP
                part := parent || to_char(month_start, '"_y"YYYY"m"MM');
                CONTINUE WHEN to_regclass(quote_ident(part)) IS NOT NULL;
                storage := CASE parent
                    WHEN 'session_activity' THEN ' WITH (fillfactor = 70)' ELSE '' END;
                EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)',
                    part, parent) || storage;
                EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', parent || '_default');
                EXECUTE format(
                    'WITH moved AS (DELETE FROM %I WHERE id >= %L AND id < %L RETURNING *)'
                    ' INSERT INTO %I SELECT * FROM moved',
                    parent || '_default', lower_bound, upper_bound, part);
                EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                    parent, part, lower_bound, upper_bound);
                made := made + 1;
            END LOOP;
        END LOOP;
        RETURN made;
    END
    $$;
REVOKE EXECUTE ON FUNCTION kogents_make_session_partitions(DATE, INTEGER) FROM PUBLIC;

-- How many rows rest in a DEFAULT partition. It runs as its owner, because who may read the tables
-- may not for that read their partitions one by one.
CREATE FUNCTION kogents_default_partition_rows()
    RETURNS BIGINT
    LANGUAGE sql STABLE
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
        SELECT (SELECT count(*) FROM sessions_default)
            + (SELECT count(*) FROM session_facts_default)
            + (SELECT count(*) FROM session_activity_default)
    $$;
REVOKE EXECUTE ON FUNCTION kogents_default_partition_rows() FROM PUBLIC;

-- This month and the next two.
SELECT kogents_make_session_partitions((now() AT TIME ZONE 'UTC')::date, 3);

-- The times at which generations of a refresh token were spent, those older than the grace left
-- out.
CREATE FUNCTION kogents_spent_within(spent BIGINT[], now_millis BIGINT, grace_millis BIGINT)
    RETURNS BIGINT[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
        SELECT coalesce(array_agg(s.moment ORDER BY s.place), '{}')
        FROM unnest(spent) WITH ORDINALITY AS s (moment, place)
        WHERE now_millis - s.moment < grace_millis
    $$;

-- The same with one more generation spent now, never before the one that was spent last.
CREATE FUNCTION kogents_spend(spent BIGINT[], now_millis BIGINT, grace_millis BIGINT)
    RETURNS BIGINT[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
        SELECT array_append(
            kogents_spent_within(spent, now_millis, grace_millis),
            greatest(now_millis, spent[cardinality(spent)]))
    $$;

-- Every field of a session in a column of its own, for people who look.
CREATE VIEW sessions_flat WITH (security_invoker = true) AS
    SELECT
        s.id, s.user_id, s.workspace_id, s.session_type, s.started_at, s.idle_expires_at,
        s.absolute_expires_at, least(s.idle_expires_at, s.absolute_expires_at) AS expires_at,
        s.ended_at, s.end_reason, s.refresh_generation, s.refresh_rotated_at,
        f.ip_address, f.country_code, f.city, f.region_code, f.latitude, f.longitude, f.timezone,
        f.geo_source, f.ip_country_code, f.device_type, f.device_name, f.device_fingerprint,
        f.browser_name, f.browser_version, f.os_name, f.os_version,
        f.details::jsonb ->> 'deviceBrand' AS device_brand,
        f.details::jsonb ->> 'deviceModel' AS device_model,
        (f.details::jsonb ->> 'isBot')::boolean AS is_bot,
        (f.details::jsonb ->> 'isNewDevice')::boolean AS is_new_device,
        f.details::jsonb ->> 'language' AS language,
        f.details::jsonb ->> 'screenResolution' AS screen_resolution,
        f.referrer_url, f.referrer_domain, f.landing_page, f.utm_source, f.utm_medium,
        f.utm_campaign, f.utm_term, f.utm_content,
        (f.details::jsonb -> 'clickIds')::text AS click_ids,
        f.channel,
        a.total_requests, a.pages_visited, a.actions_performed, a.last_activity_at,
        (a.last_activity_at - s.started_at) / 1000 AS session_duration_sec,
        a.engaged_millis / 1000 AS engaged_duration_sec,
        a.visit_count
    FROM sessions s
    JOIN session_facts f ON f.id = s.id
    JOIN session_activity a ON a.id = s.id;

-- The kinds of device a person was seen on: decides whether one is new. Growth: at most 200 per
-- person.
CREATE TABLE user_devices (
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE
        DEFERRABLE INITIALLY DEFERRED,
    fingerprint TEXT NOT NULL,
    first_seen BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    CONSTRAINT user_devices_pkey PRIMARY KEY (user_id, fingerprint)
);
CREATE INDEX user_devices_last_seen ON user_devices (last_seen);

-- Mailed tokens: resets, changes of address, "that was not me". Growth: the sweep removes expired
-- ones.
CREATE TABLE one_time_tokens (
    id UUID NOT NULL,
    purpose TEXT NOT NULL,
    digest BYTEA NOT NULL CHECK (octet_length(digest) = 32),
    user_id UUID REFERENCES users (id) ON DELETE CASCADE
        DEFERRABLE INITIALLY DEFERRED,
    workspace_id UUID REFERENCES workspaces (id) ON DELETE CASCADE
        DEFERRABLE INITIALLY DEFERRED,
    -- Sealed.
    payload BYTEA,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    consumed_at BIGINT,
    CONSTRAINT one_time_tokens_pkey PRIMARY KEY (id),
    CONSTRAINT one_time_tokens_digest_unique UNIQUE (digest)
);
CREATE INDEX one_time_tokens_user ON one_time_tokens (user_id, purpose);
CREATE INDEX one_time_tokens_workspace ON one_time_tokens (workspace_id)
    WHERE workspace_id IS NOT NULL;
CREATE INDEX one_time_tokens_expiry ON one_time_tokens (expires_at);

-- The mail queue. Growth: finished jobs lose payload and recipient at once and are removed by the
-- sweep.
CREATE TABLE outbox (
    id UUID NOT NULL,
    lane TEXT NOT NULL,
    template TEXT NOT NULL,
    language TEXT NOT NULL,
    recipient TEXT,
    -- Sealed.
    payload BYTEA,
    dedupe_key BYTEA CHECK (octet_length(dedupe_key) = 32),
    dedupe_until BIGINT,
    replace_key BYTEA CHECK (octet_length(replace_key) = 32),
    run_at BIGINT NOT NULL,
    expires_at BIGINT,
    attempts BIGINT NOT NULL DEFAULT 0,
    lease_until BIGINT,
    lease_token BIGINT,
    state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'dead', 'void')),
    last_error TEXT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    CONSTRAINT outbox_pkey PRIMARY KEY (id),
    CONSTRAINT outbox_wiped CHECK (
        (state = 'queued') = (payload IS NOT NULL)
        AND (state = 'queued') = (recipient IS NOT NULL)
        AND (state = 'queued') = (finished_at IS NULL)),
    CONSTRAINT outbox_dedupe CHECK ((dedupe_key IS NULL) = (dedupe_until IS NULL)),
    CONSTRAINT outbox_lease CHECK ((lease_until IS NULL) = (lease_token IS NULL))
);
CREATE UNIQUE INDEX outbox_dedupe_unique ON outbox (dedupe_key) WHERE dedupe_key IS NOT NULL;
CREATE INDEX outbox_due ON outbox (run_at) WHERE state = 'queued';
CREATE INDEX outbox_expiry ON outbox (expires_at) WHERE state = 'queued';
CREATE INDEX outbox_replace ON outbox (replace_key) WHERE state = 'queued';
CREATE INDEX outbox_finished ON outbox (finished_at) WHERE state <> 'queued';

-- Who did what. Append-only. Growth: the sweep removes rows past their keeping time. No foreign
-- keys: entries outlive what they tell of.
CREATE TABLE audit (
    id UUID NOT NULL,
    workspace_id UUID,
    at BIGINT NOT NULL,
    actor_id UUID,
    action TEXT NOT NULL,
    target TEXT,
    ip_address TEXT,
    session_id UUID,
    details TEXT NOT NULL DEFAULT '{}',
    CONSTRAINT audit_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_workspace ON audit (workspace_id, id);
CREATE INDEX audit_actor ON audit (actor_id, id);
CREATE INDEX audit_at ON audit (at);

-- Row-level security: the second wall between tenants. Each transaction says on whose behalf it
-- runs; one that does not sees nothing. FORCE holds the tables' owner to it as well.
CREATE FUNCTION kogents_scope() RETURNS TEXT
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT current_setting('kogents.scope', true) $$;
CREATE FUNCTION kogents_workspace() RETURNS UUID
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('kogents.workspace_id', true), '')::uuid $$;
CREATE FUNCTION kogents_user() RETURNS UUID
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('kogents.user_id', true), '')::uuid $$;

DO $$
    DECLARE
        tenant_table TEXT;
    BEGIN
        FOREACH tenant_table IN ARRAY ARRAY['memberships', 'roles', 'role_permissions',
            'workspace_permissions', 'invitations', 'api_tokens', 'audit'] LOOP
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
            EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
        END LOOP;
        FOREACH tenant_table IN ARRAY ARRAY['memberships', 'roles', 'role_permissions',
            'workspace_permissions', 'invitations', 'api_tokens'] LOOP
            EXECUTE format(
                'CREATE POLICY system_scope ON %I USING (kogents_scope() = ''system'')',
                tenant_table);
        END LOOP;
        FOREACH tenant_table IN ARRAY ARRAY['memberships', 'roles', 'workspace_permissions',
            'invitations', 'api_tokens'] LOOP
            EXECUTE format(
                'CREATE POLICY member_scope ON %I USING'
                ' (kogents_scope() = ''member'' AND workspace_id = kogents_workspace())',
                tenant_table);
        END LOOP;
    END
$$;

-- A role's permissions follow the role.
CREATE POLICY member_scope ON role_permissions USING (
    kogents_scope() = 'member' AND EXISTS (
        SELECT 1 FROM roles r WHERE r.id = role_id AND r.workspace_id = kogents_workspace()));

-- A person over all their workspaces reads; what they change, they change as a member of one.
CREATE POLICY person_scope ON memberships FOR SELECT USING (
    kogents_scope() = 'person' AND user_id = kogents_user());
CREATE POLICY person_scope ON roles FOR SELECT USING (
    kogents_scope() = 'person' AND workspace_id IN (
        SELECT m.workspace_id FROM memberships m WHERE m.user_id = kogents_user()));
CREATE POLICY person_scope ON role_permissions FOR SELECT USING (
    kogents_scope() = 'person' AND EXISTS (SELECT 1 FROM roles r WHERE r.id = role_id));

-- Append-only: nobody updates, and only the product itself removes what is past keeping.
CREATE POLICY system_scope_reads ON audit FOR SELECT USING (kogents_scope() = 'system');
CREATE POLICY system_scope_adds ON audit FOR INSERT WITH CHECK (kogents_scope() = 'system');
CREATE POLICY system_scope_removes ON audit FOR DELETE USING (kogents_scope() = 'system');
CREATE POLICY member_scope_reads ON audit FOR SELECT USING (
    kogents_scope() = 'member' AND workspace_id = kogents_workspace());
CREATE POLICY member_scope_adds ON audit FOR INSERT WITH CHECK (
    kogents_scope() = 'member' AND workspace_id = kogents_workspace());
CREATE POLICY person_scope_reads ON audit FOR SELECT USING (
    kogents_scope() = 'person' AND actor_id = kogents_user());
CREATE POLICY person_scope_adds ON audit FOR INSERT WITH CHECK (
    kogents_scope() = 'person' AND actor_id = kogents_user() AND workspace_id IS NULL);

-- Prepares the role that a login steps down to when row-level security does not bind it (a
-- superuser, BYPASSRLS). Says whether the role is ready; a login that may not make roles leaves it
-- to one that may. Roles belong to the whole cluster, so others may be making it at this moment.
CREATE FUNCTION kogents_prepare_app_role() RETURNS BOOLEAN
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtext('kogents_prepare_app_role'));
        IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'kogents_app') THEN
            BEGIN
                CREATE ROLE kogents_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
            EXCEPTION
                WHEN duplicate_object OR unique_violation THEN NULL;
                WHEN insufficient_privilege THEN RETURN FALSE;
            END;
        END IF;
        -- A login with BYPASSRLS alone steps down only into a role it is a member of.
        IF NOT pg_has_role(current_user, 'kogents_app', 'MEMBER') THEN
            BEGIN
                EXECUTE format('GRANT kogents_app TO %I', current_user);
            EXCEPTION
                WHEN duplicate_object OR unique_violation OR internal_error
                    OR insufficient_privilege THEN NULL;
            END;
        END IF;
        IF NOT has_table_privilege('kogents_app', 'users', 'INSERT') THEN
            EXECUTE format('GRANT USAGE ON SCHEMA %I TO kogents_app', current_schema());
            GRANT SELECT, INSERT, UPDATE, DELETE ON
                users, workspaces, memberships, roles, role_permissions, workspace_permissions,
                invitations, api_tokens, sessions, session_facts, session_activity, user_devices,
                one_time_tokens, outbox
                TO kogents_app;
            GRANT SELECT, INSERT, DELETE ON audit TO kogents_app;
            GRANT SELECT ON sessions_flat TO kogents_app;
            GRANT EXECUTE ON FUNCTION kogents_make_session_partitions(DATE, INTEGER)
                TO kogents_app;
            GRANT EXECUTE ON FUNCTION kogents_default_partition_rows() TO kogents_app;
        END IF;
        RETURN TRUE;
    EXCEPTION
        WHEN insufficient_privilege THEN RETURN FALSE;
    END
    $$;
SELECT kogents_prepare_app_role();
