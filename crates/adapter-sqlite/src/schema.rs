//! The tables as diesel sees them, written by hand after `migrations/sqlite`.

diesel::table! {
    users (id) {
        id -> Binary,
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
        last_workspace_id -> Nullable<Binary>,
        signup_id -> Binary,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    workspaces (id) {
        id -> Binary,
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
        id -> Binary,
        workspace_id -> Binary,
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
        workspace_id -> Binary,
        user_id -> Binary,
        role_id -> Binary,
        status -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
        name_key -> Text,
        email_key -> Text,
    }
}

diesel::table! {
    role_permissions (role_id, permission) {
        role_id -> Binary,
        permission -> Text,
    }
}

diesel::table! {
    workspace_permissions (id) {
        id -> Binary,
        workspace_id -> Binary,
        name -> Text,
        description -> Text,
        category -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    invitations (id) {
        id -> Binary,
        workspace_id -> Binary,
        role_id -> Binary,
        email -> Text,
        email_normalised -> Text,
        name -> Text,
        phone -> Nullable<Text>,
        invited_by -> Nullable<Binary>,
        digest -> Binary,
        created_at -> BigInt,
        updated_at -> BigInt,
        expires_at -> BigInt,
        accepted_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
        name_key -> Text,
        email_key -> Text,
    }
}

diesel::table! {
    api_tokens (id) {
        id -> Binary,
        workspace_id -> Binary,
        prefix -> Text,
        digest -> Binary,
        created_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    sessions (id) {
        id -> Binary,
        user_id -> Binary,
        workspace_id -> Nullable<Binary>,
        session_type -> Text,
        started_at -> BigInt,
        idle_expires_at -> BigInt,
        absolute_expires_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        end_reason -> Nullable<Text>,
        refresh_generation -> BigInt,
        refresh_digest -> Binary,
        refresh_rotated_at -> BigInt,
        refresh_spent -> Text,
        minimised -> Bool,
    }
}

diesel::table! {
    session_facts (id) {
        id -> Binary,
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
        id -> Binary,
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
        user_id -> Binary,
        fingerprint -> Text,
        first_seen -> BigInt,
        last_seen -> BigInt,
    }
}

diesel::table! {
    one_time_tokens (id) {
        id -> Binary,
        purpose -> Text,
        digest -> Binary,
        user_id -> Nullable<Binary>,
        workspace_id -> Nullable<Binary>,
        payload -> Nullable<Binary>,
        created_at -> BigInt,
        expires_at -> BigInt,
        consumed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    audit (id) {
        id -> Binary,
        workspace_id -> Nullable<Binary>,
        at -> BigInt,
        actor_id -> Nullable<Binary>,
        action -> Text,
        target -> Nullable<Text>,
        ip_address -> Nullable<Text>,
        session_id -> Nullable<Binary>,
        details -> Text,
    }
}

diesel::table! {
    leases (name) {
        name -> Text,
        holder -> Binary,
        until -> BigInt,
    }
}

diesel::table! {
    outbox (id) {
        id -> Binary,
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
    notices (id) {
        id -> Binary,
        kind -> Text,
        user_id -> Binary,
        at -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    memberships,
    invitations,
    users,
    workspaces,
    roles,
    role_permissions,
);
diesel::allow_tables_to_appear_in_same_query!(sessions, session_facts, session_activity);
