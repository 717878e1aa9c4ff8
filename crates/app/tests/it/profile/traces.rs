//! What is left of somebody who is gone: nothing but what they did, and not that it was they.

use kogents_domain::time::Span;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Account, AllRows, Backend, PASSWORD, Seat, Sql, TestApp, audit_rows, on_both,
};

on_both!(
    of_a_deleted_person_no_table_tells_and_everybody_elses_rows_are_as_they_were,
    the_audit_log_keeps_what_was_done_and_forgets_who_did_it,
);

const ADA: &str = "Ada.Lovelace@example.com";
const IN_BERLIN: &str = "81.2.69.142";

/// A server that keeps nothing in the background that is not asked for, and believes whoever
/// forwards an address.
async fn start(backend: &Backend) -> TestApp {
    backend
        .start_with(|config| {
            config.sizes.activity_flush = Span::from_secs(3_600);
            config.sizes.sweep_interval = Span::from_secs(86_400);
            config.server.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
        })
        .await
}

/// Whoever is to go: in three workspaces, with sessions, devices, mailed tokens and deeds.
struct Leaver {
    account: Account,
    seat: Seat,
    eve: Account,
}

/// Signs in from an address of its own.
async fn sign_in(app: &TestApp, email: &str) -> Value {
    let request = app
        .request(Method::POST, "/auth/login")
        .header("X-Client-Type", "native")
        .header("X-Forwarded-For", IN_BERLIN)
        .header(
            "User-Agent",
            "Mozilla/5.0 (X11; Linux x86_64) Firefox/131.0",
        )
        .json(&json!({
            "email": email, "password": PASSWORD, "utmSource": "a-campaign-of-hers",
            "countryCode": "DE",
        }));
    app.send(request).await.expect(200)
}

async fn leaver(app: &TestApp) -> Leaver {
    let account = app.sign_up_and_confirm(ADA).await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    app.join(&account, "bob@example.com", "admin").await;
    app.admit(&eve, &account.user_id, "manager").await;
    app.advance_secs(120);
    // A sign-in on another device, of which a mail tells; a reset; a change of address.
    sign_in(app, ADA).await;
    let path = "/auth/verify/request-password-reset";
    app.post(path, json!({ "email": ADA })).await.expect(200);
    let seat = app.seat(ADA).await;
    let token = &seat.access_token;
    let body = json!({
        "name": "Augusta King", "phone": "+442071234567", "avatarUrl": "https://cdn.example/ada.png", "language": "de",
        "email": "countess@example.org", "currentPassword": PASSWORD,
    });
    app.put_profile(token, body).await.expect(200);
    let body = json!({ "name": "Third", "slug": "third" });
    let third = app.post_as(token, "/workspace", body).await.expect(201);
    // It has another admin, or she could not go.
    let third = Account {
        workspace_id: third["id"].as_str().unwrap().to_owned(),
        ..account.clone()
    };
    app.admit(&third, &eve.user_id, "admin").await;
    app.make_role(token, "Night shift", &["chat:read"]).await;
    let refused = app.log_in(ADA, "not hers").await;
    assert_eq!(refused.status, 401);
    Leaver { account, seat, eve }
}

/// The lines that have one of these in them.
fn with(rows: &AllRows, needles: &[String]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (table, lines) in rows {
        for line in lines {
            let plain = line.to_lowercase();
            let digits = plain.replace('-', "");
            let is_in = |needle: &String| plain.contains(needle) || digits.contains(needle);
            if needles.iter().any(is_in) {
                found.push((table.clone(), line.clone()));
            }
        }
    }
    found
}

async fn of_a_deleted_person_no_table_tells_and_everybody_elses_rows_are_as_they_were(
    backend: &Backend,
) {
    let app = start(backend).await;
    let Leaver { account, seat, eve } = leaver(&app).await;
    let sql = Sql::of(backend, &app);
    app.profile(&eve.access_token).await;
    app.mail_is_out().await;

    let id = account.user_id.replace('-', "");
    let own = format!("user_id = {}", sql.id(&account.user_id));
    let query = format!(
        "SELECT {} AS line FROM sessions WHERE {own}",
        sql.digits("id")
    );
    let sessions = sql.lines(&query).await;
    assert_eq!(sessions.len(), 3);
    let before = sql.all_rows().await;
    // By which they are known: as long as they are there, these find something in each place.
    let mut traces = vec![
        id,
        ADA.to_lowercase(),
        "countess@example.org".to_owned(),
        "+442071234567".to_owned(),
        "augusta king".to_owned(),
        "cdn.example/ada.png".to_owned(),
        "a-campaign-of-hers".to_owned(),
        IN_BERLIN.to_owned(),
    ];
    traces.extend(sessions);
    let there = with(&before, &traces);
    for table in [
        "users",
        "memberships",
        "sessions",
        "session_facts",
        "session_activity",
        "user_devices",
        "one_time_tokens",
        "audit",
    ] {
        assert!(there.iter().any(|(found, _)| found == table), "{table}");
    }

    let body = json!({ "currentPassword": PASSWORD });
    app.delete_profile(&seat.access_token, body)
        .await
        .expect_status(204);
    app.mail_is_out().await;
    let after = sql.all_rows().await;
    let left = with(&after, &traces);
    // The log says to whom something was done, by an id that leads nowhere any more.
    let others: Vec<_> = left.iter().filter(|(table, _)| table != "audit").collect();
    assert_eq!(others, Vec::<&(String, String)>::new());
    let names = traces.iter().skip(1).take(6).cloned().collect::<Vec<_>>();
    assert_eq!(with(&after, &names), Vec::new());

    for (table, rows) in &before {
        if ["audit", "outbox"].contains(&table.as_str()) {
            continue;
        }
        let mut expected = rows.clone();
        let gone = there.iter().filter(|(of, _)| of == table);
        for (_, line) in gone {
            expected.retain(|row| row != line);
        }
        assert_eq!(after[table], expected, "{table}");
    }
    app.profile(&eve.access_token).await;
}

async fn the_audit_log_keeps_what_was_done_and_forgets_who_did_it(backend: &Backend) {
    let app = start(backend).await;
    let Leaver { account, seat, eve } = leaver(&app).await;
    let sql = Sql::of(backend, &app);
    let id = Some(account.user_id.clone());
    let before = audit_rows(sql).await;
    let own = before.iter().filter(|entry| entry.actor == id).count();
    assert!(own > 8, "{own} of {}", before.len());
    let body = json!({ "currentPassword": PASSWORD });
    app.delete_profile(&seat.access_token, body)
        .await
        .expect_status(204);

    let after = audit_rows(sql).await;
    for (number, entry) in before.iter().enumerate() {
        let mut expected = entry.clone();
        if entry.actor == id {
            (expected.actor, expected.ip, expected.session) = (None, None, None);
        }
        // Tried in their name, by whoever it was.
        let target = entry.target.as_ref().map(|(_, id)| id.clone());
        if entry.actor.is_none() && target == id {
            expected.ip = None;
        }
        assert_eq!(after[number], expected);
    }
    // What is new: that they left each workspace, and that their sessions ended, by nobody.
    let added = &after[before.len()..];
    for entry in added {
        let who = (&entry.actor, &entry.ip, &entry.session);
        assert_eq!(who, (&None, &None, &None), "{entry:?}");
    }
    let of = |action: &'static str| added.iter().filter(move |entry| entry.action == action);
    assert_eq!(of("member.removed").count(), 3);
    for entry in of("member.removed") {
        assert_eq!(entry.details, json!({ "reason": "account_deleted" }));
    }
    assert_eq!(of("session.ended").count(), 3);
    assert_eq!(added.len(), 6, "{added:?}");

    // Those who are still there read the log, and nobody's name is in it.
    let listed = app
        .get_as(&eve.access_token, "/audit?limit=100")
        .await
        .expect(200);
    let items = listed["items"].as_array().unwrap();
    let left = items.iter().find(|item| item["action"] == "member.removed");
    let left = left.expect("it is told that a member left");
    assert_eq!(left["target"]["id"], *account.user_id);
    for member in ["actor", "ip", "sessionId"] {
        assert_eq!(left[member], Value::Null, "{member}");
    }
    assert!(!listed.to_string().contains("Augusta King"));
    let path = format!("/audit?actor={}", account.user_id);
    let listed = app.get_as(&eve.access_token, &path).await.expect(200);
    assert_eq!(listed["items"], json!([]));
}
