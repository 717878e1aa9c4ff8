//! What cannot be in a profile, and what is not one's own to set.

use serde_json::{Value, json};

use super::violation;
use crate::support::{Backend, PASSWORD, Sql, on_both};

on_both!(
    each_bad_value_is_refused_with_its_field_and_code,
    all_violations_of_a_profile_are_told_at_once,
    s19_what_is_not_ones_own_to_set_is_an_unknown_member,
);

const ADA: &str = "ada@example.com";

async fn each_bad_value_is_refused_with_its_field_and_code(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let sql = Sql::of(backend, &app);
    let kept = sql.rows("users", "TRUE").await;
    let long = |length: usize| json!("a".repeat(length));
    let url = |path: usize| json!(format!("https://cdn.example/{}", "a".repeat(path)));
    let cases = [
        ("name", json!(""), "INVALID_LENGTH"),
        ("name", json!(" \t "), "INVALID_LENGTH"),
        ("name", long(101), "INVALID_LENGTH"),
        ("name", json!(7), "INVALID_TYPE"),
        ("name", json!(["Ada"]), "INVALID_TYPE"),
        ("name", json!("<b>Ada</b>"), "INVALID_FORMAT"),
        ("name", json!("see https://evil.example"), "INVALID_FORMAT"),
        ("name", json!("Ada\u{202e}Lovelace"), "INVALID_FORMAT"),
        (
            "name",
            json!("Ada\r\nBcc: eve@example.com"),
            "INVALID_FORMAT",
        ),
        ("phone", json!("030 1234"), "INVALID_FORMAT"),
        ("phone", json!("+0301234567"), "INVALID_FORMAT"),
        ("phone", json!("+1234567890123456"), "INVALID_FORMAT"),
        ("phone", json!(4930123456_u64), "INVALID_TYPE"),
        (
            "avatarUrl",
            json!("http://cdn.example/a.png"),
            "INVALID_URL",
        ),
        ("avatarUrl", json!("javascript:alert(1)"), "INVALID_URL"),
        ("avatarUrl", json!("//cdn.example/a.png"), "INVALID_URL"),
        (
            "avatarUrl",
            json!("data:image/png;base64,AAAA"),
            "INVALID_URL",
        ),
        ("avatarUrl", url(2_048), "INVALID_LENGTH"),
        ("avatarUrl", json!({}), "INVALID_TYPE"),
        ("language", json!("not a language"), "INVALID_FORMAT"),
        ("language", json!("d"), "INVALID_FORMAT"),
        ("language", long(36), "INVALID_LENGTH"),
        ("language", json!(1), "INVALID_TYPE"),
        ("newDeviceMail", json!("true"), "INVALID_TYPE"),
        ("newDeviceMail", json!(1), "INVALID_TYPE"),
        ("email", json!("nobody"), "INVALID_EMAIL"),
        ("email", json!("ada@localhost"), "INVALID_EMAIL"),
        (
            "email",
            json!("ada@example.com\nBcc: eve@example.com"),
            "INVALID_EMAIL",
        ),
        ("email", json!(7), "INVALID_TYPE"),
        ("password", json!("short"), "INVALID_LENGTH"),
        ("password", long(129), "INVALID_LENGTH"),
        ("password", json!("Password123!"), "WEAK_PASSWORD"),
        ("password", json!(12_345_678), "INVALID_TYPE"),
        ("currentPassword", long(1_025), "INVALID_LENGTH"),
        ("currentPassword", json!(true), "INVALID_TYPE"),
    ];
    for (field, value, code) in cases {
        // What is sent along is not changed either.
        let mut body = json!({ "phone": "+4930123456", "currentPassword": PASSWORD });
        body[field] = value;
        let refused = app.put_profile(&ada.access_token, body.clone()).await;
        let told = (field.to_owned(), code.to_owned());
        assert_eq!(violation(&refused), told, "{body}");
        if let Some(text) = body[field].as_str().filter(|text| text.len() > 8) {
            assert!(!refused.text.contains(text), "it is echoed: {text}");
        }
    }
    assert_eq!(sql.rows("users", "TRUE").await, kept);
}

async fn all_violations_of_a_profile_are_told_at_once(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let body = json!({
        "name": "<b>", "phone": "1", "avatarUrl": "ftp://x.example", "language": "?",
        "newDeviceMail": "no", "email": "x", "password": "short", "currentPassword": 7,
        "isAdmin": true,
    });
    let refused = app.put_profile(&ada.access_token, body.clone()).await;
    assert_eq!(refused.problem(400), "validation_failed");
    let errors = refused.json()["errors"].clone();
    let mut told: Vec<&str> = errors
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["field"].as_str().unwrap())
        .collect();
    told.sort_unstable();
    let mut sent: Vec<&String> = body.as_object().unwrap().keys().collect();
    sent.sort_unstable();
    assert_eq!(told, sent);
}

async fn s19_what_is_not_ones_own_to_set_is_an_unknown_member(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    let bob = app.join(&ada, "bob@example.com", "agent").await;
    let sql = Sql::of(backend, &app);
    let mut kept = Vec::new();
    for table in ["users", "memberships", "sessions"] {
        kept.push(sql.rows(table, "TRUE").await);
    }
    let admin = app.role_id(&ada.access_token, "admin").await;
    let moment = json!("2020-01-01T00:00:00.000Z");
    for (member, value) in [
        ("id", json!(eve.user_id)),
        ("userId", json!(eve.user_id)),
        ("role", json!("admin")),
        ("role", json!({ "name": "admin" })),
        ("role_name", json!("admin")),
        ("roleName", json!("admin")),
        ("roleId", json!(admin)),
        ("role_id", json!(admin)),
        ("status", json!("ACTIVE")),
        ("isActive", json!(true)),
        ("isAdmin", json!(true)),
        ("permissions", json!(["users:delete"])),
        ("workspaceId", json!(eve.workspace_id)),
        ("workspace_id", json!(eve.workspace_id)),
        ("workspace", json!({ "id": eve.workspace_id })),
        ("lastWorkspaceId", json!(eve.workspace_id)),
        ("suspendedAt", Value::Null),
        ("suspendedAt", moment.clone()),
        ("emailVerified", json!(true)),
        ("email_normalised", json!("eve@example.com")),
        (
            "passwordHash",
            json!("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$AAAA"),
        ),
        ("password_hash", json!("$2b$04$abcdefghijklmnopqrstuv")),
        ("newPassword", json!("another long passphrase 7")),
        ("notifyNewDevice", json!(false)),
        ("firstTouch", json!({})),
        ("signupId", json!(eve.user_id)),
        ("createdAt", moment.clone()),
        ("updatedAt", moment.clone()),
        ("lastActiveAt", moment),
        ("__proto__", json!({ "isAdmin": true })),
        ("constructor", json!({})),
        ("Name", json!("Bob")),
        ("avatar_url", json!("https://cdn.example/x.png")),
    ] {
        for mut body in [
            json!({}),
            json!({ "name": "Bob" }),
            json!({ "password": "another long passphrase 7", "currentPassword": PASSWORD }),
        ] {
            body[member] = value.clone();
            let refused = app.put_profile(&bob.access_token, body).await;
            let told = (member.to_owned(), "UNKNOWN_FIELD".to_owned());
            assert_eq!(violation(&refused), told);
        }
    }
    for (table, kept) in ["users", "memberships", "sessions"].iter().zip(kept) {
        assert_eq!(sql.rows(table, "TRUE").await, kept, "{table}");
    }
}
