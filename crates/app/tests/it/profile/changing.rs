//! What somebody says of themselves, and what follows from it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Backend, PASSWORD, Sql, TestApp, on_both};

on_both!(
    each_member_is_changed_and_read_back_and_the_others_stay,
    null_clears_what_may_be_empty_and_nothing_else,
    values_that_are_what_they_are_change_nothing,
    whoever_changes_their_name_is_found_by_it_and_no_longer_by_the_old_one,
    a_new_name_stands_in_the_lists_of_all_their_workspaces,
    the_language_is_that_of_the_next_mail,
    new_devices_are_mailed_as_long_as_the_person_wants_it,
);

const ADA: &str = "ada@example.com";

async fn each_member_is_changed_and_read_back_and_the_others_stay(backend: &Backend) {
    let app = backend.start().await;
    app.stand_still();
    let ada = app.sign_up_and_confirm(ADA).await;
    let token = &ada.access_token;
    let mut expected = app.profile(token).await;
    for (member, sent, told) in [
        (
            "name",
            json!("  Augusta Ada King "),
            json!("Augusta Ada King"),
        ),
        ("phone", json!("+442071234567"), json!("+442071234567")),
        (
            "avatarUrl",
            json!("https://cdn.example/ada.png?size=2"),
            json!("https://cdn.example/ada.png?size=2"),
        ),
        ("language", json!("de-AT"), json!("de-AT")),
        ("newDeviceMail", json!(false), json!(false)),
        ("name", json!("Ада Лавлейс"), json!("Ада Лавлейс")),
    ] {
        app.advance_secs(1);
        let before = expected["updatedAt"].clone();
        let changed = app.put_profile(token, json!({ member: sent })).await;
        let changed = changed.expect(200);
        assert!(
            changed["updatedAt"].as_str() > before.as_str(),
            "{member}: {before}"
        );
        expected[member] = told;
        for own in ["updatedAt", "lastActiveAt"] {
            expected[own] = changed[own].clone();
        }
        assert_eq!(changed, expected, "{member}");
        let mut read = app.profile(token).await;
        read["lastActiveAt"] = expected["lastActiveAt"].clone();
        assert_eq!(read, expected, "{member}");
    }
    // All of it at once, and another session sees it too.
    let body = json!({
        "name": "Ada", "phone": "+4930123456", "avatarUrl": "https://cdn.example/a.png",
        "language": "en", "newDeviceMail": true,
    });
    let changed = app.put_profile(token, body.clone()).await.expect(200);
    let elsewhere = app.profile(&app.seat(ADA).await.access_token).await;
    for (member, value) in body.as_object().unwrap() {
        assert_eq!(&changed[member], value, "{member}");
        assert_eq!(&elsewhere[member], value, "{member}");
    }
}

async fn null_clears_what_may_be_empty_and_nothing_else(backend: &Backend) {
    let app = backend.start().await;
    app.stand_still();
    let ada = app.sign_up_and_confirm(ADA).await;
    let token = &ada.access_token;
    let full = json!({
        "phone": "+4930123456", "avatarUrl": "https://cdn.example/a.png", "language": "de",
        "newDeviceMail": false,
    });
    let before = app.put_profile(token, full).await.expect(200);
    for member in [
        "name",
        "email",
        "newDeviceMail",
        "password",
        "currentPassword",
    ] {
        let told = app.put_profile(token, json!({ member: null })).await;
        assert_eq!(told.expect(200), before, "{member}");
    }
    let mut expected = before;
    for member in ["phone", "avatarUrl", "language"] {
        let told = app.put_profile(token, json!({ member: null })).await;
        let told = told.expect(200);
        expected[member] = Value::Null;
        expected["updatedAt"] = told["updatedAt"].clone();
        assert_eq!(told, expected, "{member}");
    }
    assert_eq!(
        app.put_profile(token, json!({})).await.expect(200),
        expected
    );
    app.log_in(ADA, PASSWORD).await.expect(200);
}

/// A profile but for when its person was last there: they ask for it.
fn as_it_is(profile: &Value) -> Value {
    let mut profile = profile.clone();
    profile.as_object_mut().unwrap().remove("lastActiveAt");
    profile
}

async fn values_that_are_what_they_are_change_nothing(backend: &Backend) {
    let app = backend.start().await;
    app.stand_still();
    let ada = app.sign_up_and_confirm(ADA).await;
    let elsewhere = app.seat(ADA).await;
    let token = &ada.access_token;
    let full = json!({
        "phone": "+4930123456", "avatarUrl": "https://cdn.example/a.png", "language": "de",
        "newDeviceMail": true,
    });
    let before = app.put_profile(token, full).await.expect(200);
    app.advance_secs(5);
    app.mail_is_out().await;
    let sql = Sql::of(backend, &app);
    let rows = async || {
        let mut rows = Vec::new();
        for table in ["users", "audit", "outbox", "one_time_tokens", "sessions"] {
            rows.push(sql.rows(table, "TRUE").await);
        }
        rows
    };
    let kept = rows().await;
    let before = as_it_is(&before);
    for body in [
        json!({ "name": "Ada Lovelace" }),
        json!({ "name": " Ada Lovelace\n" }),
        json!({ "phone": "+4930123456" }),
        json!({ "avatarUrl": "https://cdn.example/a.png" }),
        json!({ "language": "de" }),
        json!({ "newDeviceMail": true }),
        json!({ "email": ADA }),
        json!({ "email": " ADA@Example.COM " }),
        json!({ "email": ADA, "currentPassword": "of no account here" }),
        json!({ "currentPassword": "of no account here" }),
        json!({ "password": PASSWORD, "currentPassword": PASSWORD }),
        json!({
            "name": "Ada Lovelace", "phone": "+4930123456",
            "avatarUrl": "https://cdn.example/a.png", "language": "de", "newDeviceMail": true,
            "email": "Ada@example.com", "password": PASSWORD, "currentPassword": PASSWORD,
        }),
    ] {
        let told = app.put_profile(token, body.clone()).await.expect(200);
        assert_eq!(as_it_is(&told), before, "{body}");
        assert_eq!(rows().await, kept, "{body}");
    }
    app.profile(&elsewhere.access_token).await;
}

async fn found(app: &TestApp, admin: &str, search: &str) -> Vec<String> {
    let path = format!("/users?search={search}");
    let listed = app.get_as(admin, &path).await.expect(200);
    let users = listed["users"].as_array().unwrap().iter();
    users
        .map(|user| user["name"].as_str().unwrap().to_owned())
        .collect()
}

async fn whoever_changes_their_name_is_found_by_it_and_no_longer_by_the_old_one(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let admin = &ada.access_token;
    let bob = app.join(&ada, "bob@example.com", "agent").await;
    let name = |name: &str| json!({ "name": name });
    app.put_profile(&bob.access_token, name("Zuse"))
        .await
        .expect(200);
    assert_eq!(found(&app, admin, "zuse").await, ["Zuse"]);
    app.put_profile(&bob.access_token, name("Şerife Öz"))
        .await
        .expect(200);
    assert_eq!(found(&app, admin, "zuse").await, Vec::<String>::new());
    assert_eq!(found(&app, admin, "serife%20oz").await, ["Şerife Öz"]);
    let sorted = app.get_as(admin, "/users?sortBy=name&sortOrder=desc").await;
    assert_eq!(sorted.expect(200)["users"][0]["name"], "Şerife Öz");
    let path = format!("/users/{}", bob.user_id);
    let told = app.get_as(admin, &path).await.expect(200);
    assert_eq!(told["name"], "Şerife Öz");
}

async fn a_new_name_stands_in_the_lists_of_all_their_workspaces(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    let bob = app.join(&ada, "bob@example.com", "agent").await;
    app.admit(&eve, &bob.user_id, "viewer").await;
    let body = json!({ "name": "Robert Öz" });
    app.put_profile(&bob.access_token, body).await.expect(200);
    for admin in [&ada.access_token, &eve.access_token] {
        assert_eq!(found(&app, admin, "robert").await, ["Robert Öz"]);
        assert_eq!(found(&app, admin, "somebody").await, Vec::<String>::new());
    }
}

/// The subject of the next mail that somebody has asked for in English.
async fn next_subject(app: &TestApp) -> String {
    let before = app.mails_of(ADA, "password_reset").await;
    let request = app
        .request(Method::POST, "/auth/verify/request-password-reset")
        .header("Accept-Language", "en")
        .json(&json!({ "email": ADA }));
    app.send(request).await.expect(200);
    assert_eq!(app.mails_of(ADA, "password_reset").await, before + 1);
    let mail = app.mail(ADA, "password_reset").await;
    mail["subject"].as_str().unwrap().to_owned()
}

async fn the_language_is_that_of_the_next_mail(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let english = next_subject(&app).await;
    for (language, expected) in [
        (json!("de-CH"), "Neues Passwort wählen"),
        (json!("en"), &english),
        (json!("de"), "Neues Passwort wählen"),
        (Value::Null, &english),
    ] {
        let body = json!({ "language": language });
        app.put_profile(&ada.access_token, body).await.expect(200);
        assert_eq!(next_subject(&app).await, expected, "{language}");
    }
    assert_ne!(english, "Neues Passwort wählen");
}

async fn new_devices_are_mailed_as_long_as_the_person_wants_it(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let mut expected = 0;
    for (round, wants) in [true, false, true, false].into_iter().enumerate() {
        // Nobody is told right after signing up, nor again right after they were told.
        app.advance_secs(120);
        let body = json!({ "newDeviceMail": wants });
        app.put_profile(&ada.access_token, body).await.expect(200);
        let system = [
            "X11; Linux x86_64",
            "Windows NT 10.0",
            "Macintosh",
            "Android 14",
        ][round];
        let request = app
            .request(Method::POST, "/auth/login")
            .header(
                "User-Agent",
                format!("Mozilla/5.0 ({system}) Firefox/131.0"),
            )
            .json(&json!({ "email": ADA, "password": PASSWORD }));
        let signed_in = app.send(request).await.expect(200);
        assert_eq!(signed_in["session"]["isNewDevice"], true, "{system}");
        expected += usize::from(wants);
        assert_eq!(app.mails_of(ADA, "new_device").await, expected, "{system}");
    }
}
