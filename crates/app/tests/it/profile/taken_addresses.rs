//! S6, S24: who asks for an address does not learn whether it has an account, and may not ask
//! without end.

use std::collections::BTreeMap;

use kogents_domain::limits::{LimitRule, LimitRules};
use serde_json::{Value, json};

use crate::support::{Answer, Backend, PASSWORD, Sql, TestApp, on_both};

on_both!(
    s6_a_taken_address_is_answered_as_a_free_one_and_mails_nobody,
    s6_a_request_for_a_taken_address_never_becomes_good,
    s24_a_person_asks_for_a_new_address_so_often_and_no_more,
    s24_an_address_is_asked_for_so_often_and_no_more_taken_or_not,
);

const ADA: &str = "ada@example.com";
const TAKEN: &str = "eve@example.com";
const FREE: &str = "eva@example.com";

async fn ask(app: &TestApp, token: &str, email: &str) -> Answer {
    let body = json!({ "email": email, "currentPassword": PASSWORD });
    app.put_profile(token, body).await
}

/// All of an answer that may be compared: what is each answer's own is left out.
fn shape(answer: &Answer) -> (u16, BTreeMap<String, String>, Value) {
    let headers = answer.headers.iter().filter(|(name, _)| {
        let name = name.as_str();
        name != "date" && name != "x-request-id"
    });
    let headers = headers.map(|(name, value)| {
        let value = value.to_str().unwrap();
        (name.to_string(), value.to_owned())
    });
    let mut body = answer.json();
    body.as_object_mut().unwrap().remove("requestId");
    (answer.status, headers.collect(), body)
}

/// How many rows there are of each table that something may have been written to.
async fn counts(sql: Sql<'_>) -> BTreeMap<String, usize> {
    let rows = sql.all_rows().await;
    rows.into_iter()
        .map(|(table, rows)| (table, rows.len()))
        .collect()
}

async fn s6_a_taken_address_is_answered_as_a_free_one_and_mails_nobody(backend: &Backend) {
    let app = backend.start().await;
    app.sign_up_and_confirm(TAKEN).await;
    let ada = app.sign_up_and_confirm(ADA).await;
    app.mail_is_out().await;
    app.stand_still();
    // So that looking at the session has nothing new to tell.
    app.profile(&ada.access_token).await;
    let sql = Sql::of(backend, &app);
    let mails = async || {
        app.mail_is_out().await;
        [app.mailbox(ADA).await.len(), app.mailbox(TAKEN).await.len()]
    };
    let before = mails().await;

    let mut added = Vec::new();
    let mut shapes = Vec::new();
    for email in [TAKEN, FREE, "EVE@Example.com", "Eva.2@example.com"] {
        let begun = counts(sql).await;
        shapes.push(shape(&ask(&app, &ada.access_token, email).await));
        app.mail_is_out().await;
        let mut ended = counts(sql).await;
        for (table, count) in &mut ended {
            *count -= begun[table];
        }
        added.push(ended);
    }
    for other in 1..4 {
        assert_eq!(shapes[other], shapes[0]);
        assert_eq!(added[other], added[0]);
    }
    assert_eq!(shapes[0].0, 200);
    assert_eq!(shapes[0].2["email"], ADA);
    assert_eq!((added[0]["one_time_tokens"], added[0]["outbox"]), (1, 1));
    assert_eq!(mails().await, before, "somebody was mailed");
    assert_eq!(app.mails_of(FREE, "confirm_email").await, 1);

    let actions = "SELECT action || coalesce(details, '') AS line FROM audit \
        WHERE action = 'email.change_requested'";
    let told = sql.lines(actions).await;
    assert_eq!(told.len(), 4);
    assert!(told.iter().all(|line| *line == told[0]), "{told:?}");
}

async fn s6_a_request_for_a_taken_address_never_becomes_good(backend: &Backend) {
    let app = backend
        .start_with(|config| {
            config.sizes.sweep_interval = kogents_domain::time::Span::from_secs(1);
        })
        .await;
    let eve = app.sign_up_and_confirm(TAKEN).await;
    let ada = app.sign_up_and_confirm(ADA).await;
    ask(&app, &ada.access_token, TAKEN).await.expect(200);
    // Not even when the address becomes free before the request expires.
    let body = json!({ "currentPassword": PASSWORD });
    let colleague = app.join(&eve, "bob@example.com", "admin").await;
    app.delete_profile(&eve.access_token, body)
        .await
        .expect_status(204);
    for hours in [1, 22, 2, 48] {
        app.advance_secs(hours * 3_600);
        assert_eq!(app.mails_of(TAKEN, "confirm_email").await, 0, "{hours}");
    }
    app.log_in(ADA, PASSWORD).await.expect(200);
    app.log_in(&colleague.email, PASSWORD).await.expect(200);
}

/// A server with the limit of changes of address at its default, and no other.
async fn limited(backend: &Backend) -> TestApp {
    let app = backend
        .start_with(|config| {
            let rule = LimitRule::ChangeEmail;
            let limits = LimitRules::default_of(rule);
            config.limits.rules = config.limits.rules.clone().with(rule, limits);
        })
        .await;
    app.stand_still();
    app
}

#[track_caller]
fn is_limited(answer: &Answer) {
    assert_eq!(answer.problem(429), "rate_limited");
    // One of five an hour comes back in twelve minutes.
    assert_eq!(answer.header("retry-after"), Some("720"));
    let policy = answer.header("ratelimit-policy").unwrap();
    assert!(policy.contains("change-email"), "{policy}");
}

async fn s24_a_person_asks_for_a_new_address_so_often_and_no_more(backend: &Backend) {
    let app = limited(backend).await;
    app.sign_up_and_confirm(TAKEN).await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let elsewhere = app.seat(ADA).await;
    let token = &ada.access_token;
    // What was not asked for does not count.
    for body in [
        json!({ "email": FREE, "currentPassword": "not hers" }),
        json!({ "email": FREE }),
    ] {
        for _ in 0..6 {
            let refused = app.put_profile(token, body.clone()).await;
            assert_eq!(refused.problem(403), "reauthentication_required");
        }
    }
    for _ in 0..6 {
        ask(&app, token, ADA).await.expect(200);
    }
    for number in 0..5 {
        let email = if number == 2 {
            TAKEN.to_owned()
        } else {
            format!("a{number}@example.com")
        };
        let token = if number % 2 == 0 {
            token
        } else {
            &elsewhere.access_token
        };
        ask(&app, token, &email).await.expect(200);
    }
    let before = app.profile(token).await;
    for email in [FREE, TAKEN, "a0@example.com"] {
        let body = json!({
            "email": email, "currentPassword": PASSWORD, "name": "Ada King",
            "password": super::NEW_PASSWORD,
        });
        for token in [token, &elsewhere.access_token] {
            is_limited(&app.put_profile(token, body.clone()).await);
        }
    }
    assert_eq!(app.profile(token).await, before);
    assert_eq!(app.mails_of(FREE, "confirm_email").await, 0);
    app.log_in(ADA, PASSWORD).await.expect(200);
    // What is no change of address goes on.
    app.put_profile(token, json!({ "name": "Ada King" }))
        .await
        .expect(200);
    app.advance_secs(720);
    ask(&app, token, FREE).await.expect(200);
    is_limited(&ask(&app, token, FREE).await);
}

async fn s24_an_address_is_asked_for_so_often_and_no_more_taken_or_not(backend: &Backend) {
    let app = limited(backend).await;
    let eve = app.sign_up_and_confirm(TAKEN).await;
    let mut askers = Vec::new();
    for number in 0..6 {
        let email = format!("person-{number}@example.com");
        askers.push(app.join(&eve, &email, "agent").await);
    }
    let mut refusals = Vec::new();
    for email in [TAKEN, FREE] {
        for asker in &askers[..5] {
            ask(&app, &asker.access_token, email).await.expect(200);
        }
        let refused = ask(&app, &askers[5].access_token, email).await;
        is_limited(&refused);
        refusals.push(shape(&refused));
    }
    assert_eq!(refusals[0], refusals[1]);
    // Whose address it is may still ask for another one.
    ask(&app, &eve.access_token, "eve@example.org")
        .await
        .expect(200);
}
