//! Every table, and those that are not moved.

use super::table::{Column, Kind, Table};

/// Every table that is moved, in an order in which a row comes after those it refers to.
pub const TABLES: &[Table] = &[
    Table {
        name: "users",
        key: &["id"],
        columns: &[
            id("id"),
            text("email"),
            text("email_normalised"),
            text("name"),
            text("phone").or_none(),
            text("avatar_url").or_none(),
            text("password_hash"),
            text("language").or_none(),
            flag("notify_new_device"),
            integer("suspended_at").or_none(),
            text("first_touch"),
            id("last_workspace_id").or_none(),
            id("signup_id"),
            integer("created_at"),
            integer("updated_at"),
        ],
    },
    Table {
        name: "workspaces",
        key: &["id"],
        columns: &[
            id("id"),
            text("name"),
            text("slug"),
            text("branding"),
            text("language").or_none(),
            integer("created_at"),
            integer("updated_at"),
        ],
    },
    Table {
        name: "roles",
        key: &["id"],
        columns: &[
            id("id"),
            id("workspace_id"),
            text("name"),
            text("description"),
            text("system_key").or_none(),
            flag("is_active"),
            integer("created_at"),
            integer("updated_at"),
        ],
    },
    Table {
        name: "role_permissions",
        key: &["role_id", "permission"],
        columns: &[id("role_id"), text("permission")],
    },
    Table {
        name: "workspace_permissions",
        key: &["id"],
        columns: &[
            id("id"),
            id("workspace_id"),
            text("name"),
            text("description"),
            text("category"),
            integer("created_at"),
            integer("updated_at"),
        ],
    },
    Table {
        name: "memberships",
        key: &["workspace_id", "user_id"],
        columns: &[
            id("workspace_id"),
            id("user_id"),
            id("role_id"),
            text("status"),
            integer("created_at"),
            integer("updated_at"),
            text("name_key"),
            text("email_key"),
        ],
    },
    Table {
        name: "invitations",
        key: &["id"],
        columns: &[
            id("id"),
            id("workspace_id"),
            id("role_id"),
            text("email"),
            text("email_normalised"),
            text("name"),
            text("phone").or_none(),
            id("invited_by").or_none(),
            bytes("digest"),
            integer("created_at"),
            integer("updated_at"),
            integer("expires_at"),
            integer("accepted_at").or_none(),
            integer("revoked_at").or_none(),
            text("name_key"),
            text("email_key"),
        ],
    },
    Table {
        name: "api_tokens",
        key: &["id"],
        columns: &[
            id("id"),
            id("workspace_id"),
            text("prefix"),
            bytes("digest"),
            integer("created_at"),
            integer("revoked_at").or_none(),
        ],
    },
    Table {
        name: "user_devices",
        key: &["user_id", "fingerprint"],
        columns: &[
            id("user_id"),
            text("fingerprint"),
            integer("first_seen"),
            integer("last_seen"),
        ],
    },
    Table {
        name: "one_time_tokens",
        key: &["id"],
        columns: &[
            id("id"),
            text("purpose"),
            bytes("digest"),
            id("user_id").or_none(),
            id("workspace_id").or_none(),
            bytes("payload").or_none(),
            integer("created_at"),
            integer("expires_at"),
            integer("consumed_at").or_none(),
        ],
    },
    Table {
        name: "sessions",
        key: &["id"],
        columns: &[
            id("id"),
            id("user_id"),
            id("workspace_id").or_none(),
            text("session_type"),
            integer("started_at"),
            integer("idle_expires_at"),
            integer("absolute_expires_at"),
            integer("ended_at").or_none(),
            text("end_reason").or_none(),
            integer("refresh_generation"),
            bytes("refresh_digest"),
            integer("refresh_rotated_at"),
            integers("refresh_spent"),
            flag("minimised"),
        ],
    },
    Table {
        name: "session_facts",
        key: &["id"],
        columns: &[
            id("id"),
            text("ip_address"),
            text("country_code").or_none(),
            text("city").or_none(),
            text("region_code").or_none(),
            real("latitude").or_none(),
            real("longitude").or_none(),
            text("timezone").or_none(),
            text("geo_source"),
            text("ip_country_code").or_none(),
            text("device_type").or_none(),
            text("device_name").or_none(),
            text("device_fingerprint").or_none(),
            text("browser_name").or_none(),
            text("browser_version").or_none(),
            text("os_name").or_none(),
            text("os_version").or_none(),
            text("referrer_url").or_none(),
            text("referrer_domain").or_none(),
            text("landing_page").or_none(),
            text("utm_source").or_none(),
            text("utm_medium").or_none(),
            text("utm_campaign").or_none(),
            text("utm_term").or_none(),
            text("utm_content").or_none(),
            text("channel").or_none(),
            text("details"),
        ],
    },
    Table {
        name: "session_activity",
        key: &["id"],
        columns: &[
            id("id"),
            integer("total_requests"),
            integer("pages_visited"),
            integer("actions_performed"),
            integer("engaged_millis"),
            integer("visit_count"),
            integer("last_activity_at"),
        ],
    },
    Table {
        name: "outbox",
        key: &["id"],
        columns: &[
            id("id"),
            text("lane"),
            text("template"),
            text("language"),
            text("recipient").or_none(),
            bytes("payload").or_none(),
            bytes("dedupe_key").or_none(),
            integer("dedupe_until").or_none(),
            bytes("replace_key").or_none(),
            integer("run_at"),
            integer("expires_at").or_none(),
            integer("attempts"),
            integer("lease_until").or_none(),
            integer("lease_token").or_none(),
            text("state"),
            text("last_error").or_none(),
            integer("created_at"),
            integer("finished_at").or_none(),
        ],
    },
    Table {
        name: "audit",
        key: &["id"],
        columns: &[
            id("id"),
            id("workspace_id").or_none(),
            integer("at"),
            id("actor_id").or_none(),
            text("action"),
            text("target").or_none(),
            text("ip_address").or_none(),
            id("session_id").or_none(),
            text("details"),
        ],
    },
];

/// Tables that stay where they are, each with the reason.
pub const NOT_MOVED: &[(&str, &str)] = &[
    (
        "leases",
        "who does what at this moment: every server takes it anew",
    ),
    (
        "notices",
        "what a command told servers that were running then: none is",
    ),
];

const fn flag(name: &'static str) -> Column {
    Column::new(name, Kind::Flag)
}

const fn integer(name: &'static str) -> Column {
    Column::new(name, Kind::Integer)
}

const fn real(name: &'static str) -> Column {
    Column::new(name, Kind::Real)
}

const fn text(name: &'static str) -> Column {
    Column::new(name, Kind::Text)
}

const fn id(name: &'static str) -> Column {
    Column::new(name, Kind::Id)
}

const fn bytes(name: &'static str) -> Column {
    Column::new(name, Kind::Bytes)
}

const fn integers(name: &'static str) -> Column {
    Column::new(name, Kind::Integers)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn tables_and_columns_are_named_once_and_keys_are_columns() {
        let names: BTreeSet<&str> = TABLES.iter().map(|table| table.name).collect();
        assert_eq!(names.len(), TABLES.len());
        for (name, _) in NOT_MOVED {
            assert!(!names.contains(name), "{name}");
        }
        for table in TABLES {
            let columns: BTreeSet<&str> = table.columns.iter().map(|column| column.name).collect();
            assert_eq!(columns.len(), table.columns.len(), "{}", table.name);
            for key in table.key {
                let column = table.column(key).unwrap();
                assert!(!column.is_optional, "{}.{key}", table.name);
                assert!(
                    matches!(column.kind, Kind::Id | Kind::Text),
                    "{}.{key}",
                    table.name
                );
            }
        }
    }
}
