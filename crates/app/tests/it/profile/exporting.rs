//! Everything that is held on a person, as one document.

use std::collections::BTreeSet;

use futures_util::future::{join, join_all};
use kogents_domain::time::Span;
use kogents_http::rfc3339;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Account, Backend, PASSWORD, Sql, TestApp, audit_rows, on_both};

on_both!(
    everything_that_is_held_on_a_person_is_in_the_document,
    nothing_of_others_and_no_secret_is_in_the_document,
    a_person_without_anything_gets_a_document_too,
    many_exports_at_once_are_all_whole,
);

const ADA: &str = "ada@example.com";
const EXPORT: &str = "/users/profile/export";
/// So many sessions that they and what was done fill several pages.
const SESSIONS: usize = 250;

async fn export(app: &TestApp, token: &str) -> Value {
    let answer = app.get_as(token, EXPORT).await;
    let document = answer.expect(200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let day = rfc3339(app.now())[..10].to_owned();
    let expected = format!("attachment; filename=\"kogents-export-{day}.json\"");
    assert_eq!(answer.header("content-disposition"), Some(&*expected));
    document
}

/// Sessions of a person beyond the first one, of which five at most are open.
async fn open_sessions(app: &TestApp, token: &str, count: usize) {
    for number in 0..count {
        let kind = ["WEB", "MOBILE", "DESKTOP", "API", "WIDGET"][number % 5];
        let body = json!({ "sessionType": kind, "utmTerm": format!("term {number}") });
        app.post_as(token, "/auth/session", body).await.expect(201);
    }
}

/// A person who has been around: in three workspaces, on several devices, for so many sessions more.
async fn traveller(app: &TestApp, sessions: usize) -> (Account, String) {
    let signup = json!({
        "name": "Ada Lovelace", "email": ADA, "password": PASSWORD, "utmSource": "newsletter",
        "countryCode": "GB", "timezone": "Europe/London", "language": "en-GB",
        "clickIds": { "gclid": "click-1" }, "latitude": 51.5, "longitude": -0.12,
    });
    let begun = app.post("/auth/signup", signup).await.expect(201);
    let signup = begun["sessionId"].as_str().unwrap();
    app.choose_workspace(signup, "engines").await;
    let code = app.send_code(signup, ADA).await;
    let ada = app.confirm(signup, &code).await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    app.admit(&eve, &ada.user_id, "agent").await;
    let request = app
        .request(Method::POST, "/auth/login")
        .header(
            "User-Agent",
            "Mozilla/5.0 (X11; Linux x86_64) Firefox/131.0",
        )
        .header("X-Client-Type", "native")
        .json(&json!({ "email": ADA, "password": PASSWORD, "screenResolution": "1920x1080" }));
    let signed_in = app.send(request).await.expect(200);
    let token = signed_in["access_token"].as_str().unwrap();
    let body = json!({
        "name": "Augusta King", "phone": "+442071234567", "language": "de",
        "avatarUrl": "https://cdn.example/ada.png", "newDeviceMail": false,
    });
    app.put_profile(token, body).await.expect(200);
    app.make_role(token, "Night shift", &["chat:read"]).await;
    let body = json!({ "name": "Third", "slug": "third" });
    let third = app.post_as(token, "/workspace", body).await.expect(201);
    let body = json!({ "workspaceId": third["id"] });
    let there = app
        .post_as(token, "/auth/switch-workspace", body)
        .await
        .expect(200);
    let token = there["access_token"].as_str().unwrap().to_owned();
    app.make_role(&token, "Day shift", &[]).await;
    open_sessions(app, &token, sessions).await;
    (ada, token)
}

async fn start(backend: &Backend) -> TestApp {
    let app = backend
        .start_with(|config| {
            config.sizes.sessions_per_user = 5;
            config.sizes.activity_flush = Span::from_secs(3_600);
        })
        .await;
    app.stand_still();
    app
}

/// All sessions as their own list tells them, page by page.
async fn listed_sessions(app: &TestApp, token: &str) -> Vec<Value> {
    let mut sessions = Vec::new();
    let mut path = "/health/sessions?all=true&limit=100".to_owned();
    loop {
        let page = app.get_as(token, &path).await.expect(200);
        sessions.extend(page["sessions"].as_array().unwrap().iter().cloned());
        match page["nextCursor"].as_str() {
            Some(next) => path = format!("/health/sessions?all=true&limit=100&cursor={next}"),
            None => return sessions,
        }
    }
}

async fn everything_that_is_held_on_a_person_is_in_the_document(backend: &Backend) {
    let app = start(backend).await;
    let (ada, token) = traveller(&app, SESSIONS).await;
    // The export is one more request of the session; what it counts is in the list after it.
    let document = export(&app, &token).await;
    let mut members: Vec<&String> = document.as_object().unwrap().keys().collect();
    members.sort_unstable();
    let expected = [
        "audit",
        "devices",
        "exportedAt",
        "memberships",
        "person",
        "sessions",
    ];
    assert_eq!(members, expected);
    assert_eq!(document["exportedAt"], rfc3339(app.now()));

    let sql = Sql::of(backend, &app);
    let columns = format!(
        "{} || ' ' || {}",
        sql.digits("last_workspace_id"),
        sql.digits("signup_id")
    );
    let condition = format!("id = {}", sql.id(&ada.user_id));
    let kept = format!("SELECT {columns} AS line FROM users WHERE {condition}");
    let kept = sql.lines(&kept).await[0].clone();
    let digits = |value: &Value| value.as_str().unwrap().replace('-', "");
    let person = &document["person"];
    let told = format!(
        "{} {}",
        digits(&person["lastWorkspaceId"]),
        digits(&person["signupId"])
    );
    assert_eq!(told, kept);
    let profile = app.profile(&token).await;
    let expected = json!({
        "id": ada.user_id, "name": "Augusta King", "email": ADA, "phone": "+442071234567",
        "avatarUrl": "https://cdn.example/ada.png", "language": "de", "newDeviceMail": false,
        "suspendedAt": null, "lastWorkspaceId": person["lastWorkspaceId"],
        "signupId": person["signupId"], "createdAt": profile["createdAt"],
        "updatedAt": profile["updatedAt"],
        "firstTouch": {
            "countryCode": "GB", "latitude": 51.5, "longitude": -0.12,
            "timezone": "Europe/London", "referrerUrl": null, "landingPage": null,
            "utmSource": "newsletter", "utmMedium": null, "utmCampaign": null, "utmTerm": null,
            "utmContent": null, "language": "en-GB", "screenResolution": null,
            "clickIds": { "gclid": "click-1" },
        },
    });
    assert_eq!(*person, expected);

    let memberships = document["memberships"].as_array().unwrap().iter();
    let mut places: Vec<(&str, &str, &str)> = memberships
        .map(|membership| {
            let text = |value: &'static str| membership.pointer(value).unwrap().as_str().unwrap();
            assert!(text("/createdAt") <= text("/updatedAt"));
            (text("/workspace/slug"), text("/role/name"), text("/status"))
        })
        .collect();
    places.sort_unstable();
    let expected = [
        ("engines", "admin", "ACTIVE"),
        ("eve-example-com", "agent", "ACTIVE"),
        ("third", "admin", "ACTIVE"),
    ];
    assert_eq!(places, expected);

    let sessions = document["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), SESSIONS + 2);
    let without_counts = |sessions: &[Value]| -> Vec<Value> {
        let mut sessions = sessions.to_vec();
        for session in &mut sessions {
            session["totalRequests"] = Value::Null;
        }
        sessions
    };
    let listed = listed_sessions(&app, &token).await;
    assert_eq!(without_counts(sessions), without_counts(&listed));

    let of_each = |items: &[Value], member: &str| -> BTreeSet<Option<String>> {
        let values = items.iter().map(|item| item[member].as_str());
        values.map(|value| value.map(str::to_owned)).collect()
    };
    let fingerprints = of_each(sessions, "deviceFingerprint");
    let devices = document["devices"].as_array().unwrap();
    let seen = of_each(devices, "fingerprint");
    assert_eq!(seen, fingerprints);
    assert!(devices.len() >= 2, "{devices:?}");

    // What she did, wherever she did it, the newest first.
    let mut rows = audit_rows(sql).await;
    rows.retain(|row| row.actor.as_ref() == Some(&ada.user_id));
    rows.reverse();
    let acts = document["audit"].as_array().unwrap();
    assert!(acts.len() > SESSIONS * 3 / 2, "{}", acts.len());
    assert_eq!(acts.len(), rows.len());
    for (act, row) in acts.iter().zip(&rows) {
        let target = row.target.as_ref();
        let expected = json!({
            "id": row.id, "at": row.told_at(), "workspaceId": row.workspace,
            "action": row.action, "ip": row.ip, "sessionId": row.session, "details": row.details,
            "target": target.map(|(kind, id)| json!({ "type": kind, "id": id })),
        });
        assert_eq!(*act, expected);
    }
    let places = of_each(acts, "workspaceId");
    assert_eq!(places.len(), 2, "she has done nothing at Eve's: {places:?}");
}

/// Every name in a document.
fn names(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                found.insert(name.to_lowercase());
                names(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| names(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

async fn nothing_of_others_and_no_secret_is_in_the_document(backend: &Backend) {
    let app = start(backend).await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    app.admit(&eve, &ada.user_id, "admin").await;
    let bob = app.join(&ada, "bob@example.com", "agent").await;
    let path = "/auth/verify/request-password-reset";
    app.post(path, json!({ "email": ADA })).await.expect(200);
    app.log_in(ADA, "not hers").await.expect(401);
    app.make_role(&eve.access_token, "Of Eve", &["chat:read"])
        .await;
    let sql = Sql::of(backend, &app);
    let digits = |bytes: &str| {
        if sql.is_embedded() {
            format!("lower(hex({bytes}))")
        } else {
            format!("encode({bytes}, 'hex')")
        }
    };
    let mut secrets = sql.lines("SELECT password_hash AS line FROM users").await;
    for (table, column) in [
        ("sessions", "refresh_digest"),
        ("api_tokens", "digest"),
        ("one_time_tokens", "digest"),
    ] {
        let query = format!("SELECT {} AS line FROM {table}", digits(column));
        let found = sql.lines(&query).await;
        assert!(!found.is_empty(), "{table}");
        secrets.extend(found);
    }
    secrets.extend([
        ada.access_token.clone(),
        ada.refresh_token.clone(),
        ada.api_token.clone(),
        PASSWORD.to_owned(),
        "argon2".to_owned(),
    ]);
    let others = [
        &eve.user_id,
        &eve.session_id,
        &eve.email,
        &bob.user_id,
        &bob.email,
        "Of Eve",
    ];
    let answer = app.get_as(&ada.access_token, EXPORT).await;
    let document = answer.expect(200);
    let lower = answer.text.to_lowercase();
    for secret in &secrets {
        assert!(!lower.contains(&secret.to_lowercase()), "{secret}");
    }
    for other in others {
        assert!(!answer.text.contains(other), "{other}");
    }
    let mut all = BTreeSet::new();
    names(&document, &mut all);
    for name in &all {
        for part in ["hash", "digest", "secret", "password", "normalised"] {
            assert!(!name.contains(part), "{name}");
        }
    }
    // The handle of a session is no secret, and the one thing that is called a token.
    let tokens: Vec<&String> = all.iter().filter(|name| name.contains("token")).collect();
    assert_eq!(tokens, ["sessiontoken"]);
    assert!(document.to_string().contains("example.com") && all.len() > 40);
}

async fn a_person_without_anything_gets_a_document_too(backend: &Backend) {
    let app = start(backend).await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let bob = app.join(&ada, "bob@example.com", "viewer").await;
    let path = format!("/users/{}", bob.user_id);
    app.delete_as(&ada.access_token, &path).await.expect(200);
    let seat = app.seat("bob@example.com").await;
    let document = export(&app, &seat.access_token).await;
    assert_eq!(document["memberships"], json!([]));
    assert_eq!(document["person"]["email"], "bob@example.com");
    assert_eq!(document["sessions"].as_array().unwrap().len(), 2);
    // Two sign-ins; that he was removed was done by somebody else.
    let acts = document["audit"].as_array().unwrap();
    assert_eq!(acts.len(), 2, "{acts:?}");
    assert!(acts.iter().all(|act| act["action"] == "session.opened"));
    let nobody = app.get(EXPORT).await;
    assert_eq!(nobody.problem(401), "unauthenticated");
}

/// More than there are connections to the database, and somebody at work beside them.
async fn many_exports_at_once_are_all_whole(backend: &Backend) {
    let app = start(backend).await;
    let (_, token) = traveller(&app, 20).await;
    let exports = join_all((0..30).map(|_| app.get_as(&token, EXPORT)));
    let work = async {
        for _ in 0..10 {
            app.profile(&token).await;
        }
    };
    let (exports, ()) = join(exports, work).await;
    for answer in &exports {
        let document = answer.expect(200);
        assert_eq!(document["sessions"].as_array().unwrap().len(), 22);
        assert_eq!(document["audit"], exports[0].json()["audit"]);
    }
}
