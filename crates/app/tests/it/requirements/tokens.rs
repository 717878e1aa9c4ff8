//! S17 and S18: refreshing, reuse, and how long sign-ins last.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Backend, Client, PASSWORD, on_both};

on_both!(
    s17_a_hundred_parallel_refreshes_have_one_successor,
    s17_a_token_spent_a_moment_ago_gets_the_current_one,
    s17_a_token_spent_earlier_is_a_theft_and_ends_its_session_only,
    s17_more_rotations_than_can_be_remembered_have_to_wait,
    s17_a_lost_answer_is_made_up_for_after_a_restart,
    s18_an_idle_session_ends_without_any_sweep,
    s18_refreshing_never_extends_the_absolute_life,
    s18_an_access_token_of_a_timed_out_session_is_refused,
    a_person_ends_sessions_from_another_one,
    s20_foreign_unknown_and_malformed_sessions_are_the_same_404,
    at_most_so_many_sessions_live_and_the_longest_idle_gives_way,
);

async fn log_in(client: &Client, email: &str) -> (String, String, String) {
    let body = client.log_in(email, PASSWORD).await.expect(200);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (
        text(&body["access_token"]),
        text(&body["refresh_token"]),
        text(&body["session"]["id"]),
    )
}

async fn refreshed(client: &Client, token: &str) -> String {
    let body = client.refresh(token).await.expect(200);
    body["refresh_token"].as_str().unwrap().to_owned()
}

async fn s17_a_hundred_parallel_refreshes_have_one_successor(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let answers = join_all((0..100).map(|_| app.refresh(&account.refresh_token))).await;
    let successors: BTreeSet<String> = answers
        .iter()
        .map(|answer| {
            answer.expect(200)["refresh_token"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(successors.len(), 1);
    let successor = successors.first().unwrap();
    assert_ne!(*successor, account.refresh_token);
    assert_ne!(refreshed(&app, successor).await, *successor);
}

async fn s17_a_token_spent_a_moment_ago_gets_the_current_one(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let second = refreshed(&app, &account.refresh_token).await;
    let third = refreshed(&app, &second).await;
    app.advance_secs(25);
    assert_eq!(refreshed(&app, &account.refresh_token).await, third);
    assert_eq!(refreshed(&app, &second).await, third);
}

async fn s17_a_token_spent_earlier_is_a_theft_and_ends_its_session_only(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let (other_access, ..) = log_in(&app, "ada@example.com").await;
    let current = refreshed(&app, &account.refresh_token).await;
    app.advance_secs(31);

    let stolen = app.refresh(&account.refresh_token).await;
    assert_eq!(stolen.problem(401), "refresh_token_reused");
    assert_eq!(
        app.refresh(&current).await.problem(401),
        "invalid_refresh_token"
    );
    assert_eq!(
        app.refresh(&account.refresh_token).await.problem(401),
        "invalid_refresh_token"
    );
    let answer = app.get_as(&account.access_token, "/health/sessions").await;
    assert_eq!(answer.problem(401), "invalid_token");

    let all = app
        .get_as(&other_access, "/health/sessions?all=true")
        .await
        .expect(200);
    assert_eq!(all["total"], 2);
    let ended = &all["sessions"][1];
    assert_eq!(ended["id"], *account.session_id);
    assert_eq!(ended["isActive"], false);
    assert_eq!(ended["endReason"], "refresh_token_reused");
    app.mail("ada@example.com", "refresh_token_reused").await;
}

async fn s17_more_rotations_than_can_be_remembered_have_to_wait(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let mut token = account.refresh_token;
    for _ in 0..32 {
        token = refreshed(&app, &token).await;
    }
    let refused = app.refresh(&token).await;
    assert_eq!(refused.problem(429), "rate_limited");
    let wait: i64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=30).contains(&wait), "{wait}");
    app.advance_secs(wait);
    refreshed(&app, &token).await;
}

async fn s17_a_lost_answer_is_made_up_for_after_a_restart(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let lost = refreshed(&app, &account.refresh_token).await;
    let app = app.restart().await;
    assert_eq!(refreshed(&app, &account.refresh_token).await, lost);
}

async fn s18_an_idle_session_ends_without_any_sweep(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    app.advance_secs(604_800 - 60);
    let fresh = refreshed(&app, &account.refresh_token).await;
    app.advance_secs(604_800 - 60);
    let fresh = refreshed(&app, &fresh).await;
    app.advance_secs(604_800);
    assert_eq!(
        app.refresh(&fresh).await.problem(401),
        "invalid_refresh_token"
    );
    let (access, ..) = log_in(&app, "ada@example.com").await;
    let listed = app.get_as(&access, "/health/sessions").await.expect(200);
    assert_eq!(listed["total"], 1);
    let all = app
        .get_as(&access, "/health/sessions?all=true")
        .await
        .expect(200);
    assert_eq!(all["sessions"][1]["isActive"], false);
}

async fn s18_refreshing_never_extends_the_absolute_life(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let mut token = account.refresh_token;
    for _ in 0..5 {
        app.advance_secs(518_400);
        let answer = app.refresh(&token).await;
        if answer.status != 200 {
            assert_eq!(answer.problem(401), "invalid_refresh_token");
            break;
        }
        token = answer.json()["refresh_token"].as_str().unwrap().to_owned();
    }
    // 30 days have passed, the last refresh less than 7 days ago.
    assert_eq!(
        app.refresh(&token).await.problem(401),
        "invalid_refresh_token"
    );
}

async fn s18_an_access_token_of_a_timed_out_session_is_refused(backend: &Backend) {
    let app = backend
        .start_with(|config| {
            config.lifetimes.session_idle = kogents_domain::time::Span::from_secs(60);
        })
        .await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    app.get_as(&account.access_token, "/health/sessions")
        .await
        .expect(200);
    app.advance_secs(61);
    let answer = app.get_as(&account.access_token, "/health/sessions").await;
    assert_eq!(answer.problem(401), "invalid_token");
}

async fn a_person_ends_sessions_from_another_one(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let (second, second_refresh, second_id) = log_in(&app, "ada@example.com").await;
    let (third, ..) = log_in(&app, "ada@example.com").await;
    let listed = app
        .get_as(&account.access_token, "/health/sessions")
        .await
        .expect(200);
    assert_eq!(listed["total"], 3);

    let handle = listed["sessions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|session| session["id"] == *second_id)
        .map(|session| session["sessionToken"].as_str().unwrap().to_owned())
        .unwrap();
    let path = format!("/health/sessions/{handle}");
    let ended = app
        .delete_as(&account.access_token, &path)
        .await
        .expect(200);
    assert_eq!(ended["session"]["endReason"], "revoked");
    assert_eq!(
        app.get_as(&second, "/health/sessions").await.problem(401),
        "invalid_token"
    );
    assert_eq!(
        app.refresh(&second_refresh).await.problem(401),
        "invalid_refresh_token"
    );
    let again = app
        .delete_as(&account.access_token, &path)
        .await
        .expect(200);
    assert_eq!(again["session"]["endedAt"], ended["session"]["endedAt"]);

    let ended = app
        .delete_as(&account.access_token, "/health/sessions")
        .await
        .expect(200);
    assert_eq!(ended, json!({ "ended": 1 }));
    assert_eq!(
        app.get_as(&third, "/health/sessions").await.problem(401),
        "invalid_token"
    );
    let ended = app
        .delete_as(&account.access_token, "/health/sessions/current")
        .await;
    assert_eq!(ended.expect(200)["session"]["isActive"], false);
    assert_eq!(ended.refresh_cookie().as_deref(), Some(""));
    let answer = app.get_as(&account.access_token, "/health/sessions").await;
    assert_eq!(answer.problem(401), "invalid_token");
}

async fn s20_foreign_unknown_and_malformed_sessions_are_the_same_404(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let bob = app.sign_up_and_confirm("bob@example.com").await;
    let of_bob = app
        .get_as(&bob.access_token, "/health/sessions")
        .await
        .expect(200);
    let handle = of_bob["sessions"][0]["sessionToken"].as_str().unwrap();
    let forged = format!("{}AAAA", &handle[..handle.len() - 4]);
    let unknown = "0192f3c0-1111-7abc-8def-0123456789ab";
    for reference in [
        bob.session_id.as_str(),
        handle,
        &forged,
        unknown,
        "nonsense",
        "%00",
        "ses_",
    ] {
        let path = format!("/health/sessions/{reference}");
        let answer = app.delete_as(&ada.access_token, &path).await;
        assert_eq!(answer.problem(404), "not_found", "{reference}");
    }
    app.get_as(&bob.access_token, "/health/sessions")
        .await
        .expect(200);
}

async fn at_most_so_many_sessions_live_and_the_longest_idle_gives_way(backend: &Backend) {
    let app = backend
        .start_with(|config| config.sizes.sessions_per_user = 3)
        .await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let mut latest = String::new();
    for _ in 0..3 {
        app.advance_secs(1);
        (latest, ..) = log_in(&app, "ada@example.com").await;
    }
    let listed = app.get_as(&latest, "/health/sessions").await.expect(200);
    assert_eq!(listed["total"], 3);
    let answer = app.get_as(&account.access_token, "/health/sessions").await;
    assert_eq!(answer.problem(401), "invalid_token");
    let page = app
        .get_as(&latest, "/health/sessions?all=true&limit=3")
        .await
        .expect(200);
    assert_eq!(
        (
            page["total"].as_u64(),
            page["sessions"].as_array().unwrap().len()
        ),
        (Some(4), 3)
    );
    let cursor = page["nextCursor"].as_str().unwrap();
    let path = format!("/health/sessions?all=true&limit=3&cursor={cursor}");
    let last = app.get_as(&latest, &path).await.expect(200);
    assert_eq!(last["sessions"][0]["endReason"], "replaced");
    assert_eq!(last["nextCursor"], Value::Null);
}
