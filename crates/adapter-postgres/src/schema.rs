//! The tables that the repositories use, as `migrations/postgres` makes them. Written by hand:
//! whoever adds a migration brings this up to date in the same change.

diesel::table! {
    users (id) {
        id -> Uuid,
        email -> Text,
        email_normalised -> Text,
        name -> Text,
        phone -> Nullable<Text>,
        avatar_url -> Nullable<Text>,
        password_hash -> Text,
        language -> Nullable<Text>,
        notify_new_device -> Bool,
        suspended_at -> Nullable<BigInt>,
        first_touch -> Text,
        last_workspace_id -> Nullable<Uuid>,
        signup_id -> Uuid,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    workspaces (id) {
        id -> Uuid,
        name -> Text,
        slug -> Text,
        branding -> Text,
        language -> Nullable<Text>,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    roles (id) {
        id -> Uuid,
        workspace_id -> Uuid,
        name -> Text,
        description -> Text,
        system_key -> Nullable<Text>,
        is_active -> Bool,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    memberships (workspace_id, user_id) {
        workspace_id -> Uuid,
        user_id -> Uuid,
        role_id -> Uuid,
        status -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
        name_key -> Text,
        email_key -> Text,
    }
}

diesel::table! {
    role_permissions (role_id, permission) {
        role_id -> Uuid,
        permission -> Text,
    }
}

diesel::table! {
    workspace_permissions (id) {
        id -> Uuid,
        workspace_id -> Uuid,
        name -> Text,
        description -> Text,
        category -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    invitations (id) {
        id -> Uuid,
        workspace_id -> Uuid,
        email -> Text,
        email_normalised -> Text,
        name -> Text,
        phone -> Nullable<Text>,
        role_id -> Uuid,
        invited_by -> Nullable<Uuid>,
        digest -> Binary,
        expires_at -> BigInt,
        accepted_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
        created_at -> BigInt,
        updated_at -> BigInt,
        name_key -> Text,
        email_key -> Text,
    }
}

diesel::table! {
    api_tokens (id) {
        id -> Uuid,
        workspace_id -> Uuid,
        prefix -> Text,
        digest -> Binary,
        created_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    sessions (id) {
        id -> Uuid,
        user_id -> Uuid,
        workspace_id -> Nullable<Uuid>,
        session_type -> Text,
        started_at -> BigInt,
        idle_expires_at -> BigInt,
        absolute_expires_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        end_reason -> Nullable<Text>,
        refresh_generation -> BigInt,
        refresh_digest -> Binary,
        refresh_rotated_at -> BigInt,
        refresh_spent -> Array<BigInt>,
        minimised -> Bool,
    }
}

diesel::table! {
    session_facts (id) {
        id -> Uuid,
        ip_address -> Text,
        country_code -> Nullable<Text>,
        city -> Nullable<Text>,
        region_code -> Nullable<Text>,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
        timezone -> Nullable<Text>,
        geo_source -> Text,
        ip_country_code -> Nullable<Text>,
        device_type -> Nullable<Text>,
        device_name -> Nullable<Text>,
        device_fingerprint -> Nullable<Text>,
        browser_name -> Nullable<Text>,
        browser_version -> Nullable<Text>,
        os_name -> Nullable<Text>,
        os_version -> Nullable<Text>,
        referrer_url -> Nullable<Text>,
        referrer_domain -> Nullable<Text>,
        landing_page -> Nullable<Text>,
        utm_source -> Nullable<Text>,
        utm_medium -> Nullable<Text>,
        utm_campaign -> Nullable<Text>,
        utm_term -> Nullable<Text>,
        utm_content -> Nullable<Text>,
        channel -> Nullable<Text>,
        details -> Text,
    }
}

diesel::table! {
    session_activity (id) {
        id -> Uuid,
        total_requests -> BigInt,
        pages_visited -> BigInt,
        actions_performed -> BigInt,
        engaged_millis -> BigInt,
        visit_count -> BigInt,
        last_activity_at -> BigInt,
    }
}

diesel::table! {
    user_devices (user_id, fingerprint) {
        user_id -> Uuid,
        fingerprint -> Text,
        first_seen -> BigInt,
        last_seen -> BigInt,
    }
}

diesel::table! {
    leases (name) {
        name -> Text,
        holder -> Uuid,
        until -> BigInt,
    }
}

diesel::table! {
    notices (id) {
        id -> Uuid,
        kind -> Text,
        user_id -> Uuid,
        at -> BigInt,
    }
}

diesel::table! {
    one_time_tokens (id) {
        id -> Uuid,
        purpose -> Text,
        digest -> Binary,
        user_id -> Nullable<Uuid>,
        workspace_id -> Nullable<Uuid>,
        payload -> Nullable<Binary>,
        created_at -> BigInt,
        expires_at -> BigInt,
        consumed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    outbox (id) {
        id -> Uuid,
        lane -> Text,
        template -> Text,
        language -> Text,
        recipient -> Nullable<Text>,
        payload -> Nullable<Binary>,
        dedupe_key -> Nullable<Binary>,
        dedupe_until -> Nullable<BigInt>,
        replace_key -> Nullable<Binary>,
        run_at -> BigInt,
        expires_at -> Nullable<BigInt>,
        attempts -> BigInt,
        lease_until -> Nullable<BigInt>,
        lease_token -> Nullable<BigInt>,
        state -> Text,
        last_error -> Nullable<Text>,
        created_at -> BigInt,
        finished_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    audit (id) {
        id -> Uuid,
        workspace_id -> Nullable<Uuid>,
        at -> BigInt,
        actor_id -> Nullable<Uuid>,
        action -> Text,
        target -> Nullable<Text>,
        ip_address -> Nullable<Text>,
        session_id -> Nullable<Uuid>,
        details -> Text,
    }
}

diesel::joinable!(memberships -> workspaces (workspace_id));
diesel::joinable!(memberships -> roles (role_id));
diesel::joinable!(memberships -> users (user_id));
diesel::joinable!(invitations -> roles (role_id));
diesel::joinable!(role_permissions -> roles (role_id));
diesel::allow_tables_to_appear_in_same_query!(
    invitations,
    memberships,
    role_permissions,
    roles,
    users,
    workspace_permissions,
    workspaces,
);
diesel::allow_tables_to_appear_in_same_query!(session_activity, session_facts, sessions);
