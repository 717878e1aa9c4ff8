//! R6: databases of every released state of the migrations, with data, are brought up to date; and
//! what the release before has made, tokens, mailed links, cache entries, queued mail, is good in
//! this one.
//!
//! The data is what a release itself has written (`tests/upgrades/`, one folder a migration that
//! was the last of a release). For states before the first of these the same rows stand in, as far
//! as there were columns for them.

mod cache;
mod migrations;
mod recording;
mod release;
mod rows;

use kogents::config::{Config, Keys};
use kogents_domain::limits::LimitRules;
use kogents_domain::secret::SecretText;
use kogents_domain::time::{Span, Timestamp};
use serde_json::json;
use tempfile::TempDir;
use url::Url;

use self::migrations::State;
use self::release::Release;
use crate::support::{Backend, PASSWORD, Sql, TestApp, folder};

const NEW_PASSWORD: &str = "AnotherPassword456!";

/// How long after its end a recording is taken up: what was queued for later is due by then, and
/// nothing has run out.
const LATER: Span = Span::from_secs(25);

/// The settings that a recording is made with and taken up with.
fn settings(config: &mut Config) {
    let secret = |name: &str| Some(SecretText::new(format!("the {name} of these recordings")));
    config.keys = Keys {
        jwt: secret("access secret"),
        jwt_refresh: secret("refresh secret"),
        encryption_key: secret("encryption key"),
        encryption_salt: secret("encryption salt"),
        jwt_previous: None,
        jwt_refresh_previous: None,
        encryption_key_previous: None,
        secret_key: None,
        health_token: None,
    };
    config.server.public_url = Some(Url::parse("http://localhost:3000").unwrap());
    config.limits.rules = LimitRules::off();
    // What is counted stays in the cache while a recording is made.
    config.sizes.activity_flush = Span::from_secs(3_600);
}

/// An empty place for a server.
async fn place(embedded: bool) -> Option<(Backend, TempDir)> {
    let backend = match embedded {
        true => Backend::Embedded,
        false => Backend::empty_servers().await?,
    };
    Some((backend, folder()))
}

/// Puts the rows of a release into a database of an earlier or the same state, brings that up to
/// date, and compares.
async fn upgrade(backend: &Backend, folder: &TempDir, release: &Release, state: &State) {
    migrations::apply_up_to(backend, folder.path(), state).await;
    let sql = Sql::within(backend, folder.path());
    let written = rows::write(sql, release).await;
    assert!(written.len() > 60, "only {} rows", written.len());
    migrations::bring_up_to_date(backend, folder.path()).await;
    rows::assert_there(sql, &written).await;
}

/// Takes a release's work up.
async fn take_up(backend: &Backend, folder: TempDir, release: &Release) -> TestApp {
    let ended = Timestamp::from_millis(release.made.ended_at_millis);
    TestApp::start_at(ended.plus(LATER), folder, backend, settings).await
}

/// What a release has given out is good.
async fn holds(app: &TestApp, release: &Release) {
    let made = &release.made;
    let profile = app
        .get_as(&made.access_token, "/users/profile")
        .await
        .expect(200);
    assert_eq!(profile["email"], made.email);
    let listed = app
        .get_as(&made.access_token, "/health/sessions")
        .await
        .expect(200);
    let sessions = listed["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), made.sessions);
    let refreshed = app.refresh(&made.refresh_token).await.expect(200);
    let access = refreshed["access_token"].as_str().unwrap();

    let people = app.get_as(access, "/users?search=ada").await.expect(200);
    assert_eq!(people["users"][0]["email"], made.email);
    let path = format!("/workspace/{}", made.workspace_id);
    let seen = app.get_as(&made.api_token, &path).await.expect(200);
    assert_eq!(seen["id"], made.workspace_id);
    let token = json!({ "token": made.invitation_token });
    let invited = app.post("/auth/invitations/preview", token).await;
    assert_eq!(invited.expect(200)["email"], made.invited);
    // What was queued for later goes out: it was sealed by the release that queued it.
    app.mail(&made.waiting, "account_exists").await;

    app.log_in(&made.email, PASSWORD).await.expect(200);
    let reset = json!({ "token": made.reset_token, "newPassword": NEW_PASSWORD });
    app.post("/auth/verify/confirm-password-reset", reset)
        .await
        .expect(200);
    app.log_in(&made.email, NEW_PASSWORD).await.expect(200);
}

async fn every_state_is_brought_up_to_date(embedded: bool) {
    let releases = Release::all(embedded);
    for state in State::all(embedded) {
        // The oldest release that has seen this migration.
        let Some(release) = releases.iter().find(|made| made.state >= state) else {
            break;
        };
        let Some((backend, folder)) = place(embedded).await else {
            return;
        };
        upgrade(&backend, &folder, release, &state).await;
        let app = take_up(&backend, folder, release).await;
        holds(&app, release).await;
        app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r6_every_state_of_a_sqlite_database_is_brought_up_to_date() {
    every_state_is_brought_up_to_date(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r6_every_state_of_a_postgres_database_is_brought_up_to_date() {
    every_state_is_brought_up_to_date(false).await;
}

/// A signup that was begun, codes, counts and snapshots: what a release leaves in Redis.
#[tokio::test(flavor = "multi_thread")]
async fn r6_what_a_release_left_in_the_cache_is_good() {
    for release in Release::all(false) {
        let Some((backend, folder)) = place(false).await else {
            return;
        };
        upgrade(&backend, &folder, &release, &release.state).await;
        let entries = cache::write(&backend, &release).await;
        assert!(entries > 5, "only {entries} entries");
        let app = take_up(&backend, folder, &release).await;
        let made = &release.made;

        // The counts of its requests were in the cache alone.
        let listed = app
            .get_as(&made.access_token, "/health/sessions")
            .await
            .expect(200);
        let mut sessions = listed["sessions"].as_array().unwrap().iter();
        let own = sessions.find(|session| session["isCurrent"] == true);
        assert_eq!(own.unwrap()["totalRequests"], made.total_requests);
        assert!(made.total_requests > 3);
        // A wrong code counts on, and the right one is right.
        let wrong = if made.code == "000000" {
            "111111"
        } else {
            "000000"
        };
        let guess = |code: &str| json!({ "sessionId": made.signup, "code": code });
        let path = "/auth/verify/confirm-for-session";
        app.post(path, guess(wrong)).await.problem(400);
        app.post_native(path, guess(&made.code)).await.expect(201);
        holds(&app, &release).await;
        app.stop().await;
    }
}

/// Makes the recording of this release; see `migrations/README.md`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes files: run it once for each release that brings a migration"]
async fn record_this_release() {
    for backend in [Backend::Embedded, Backend::servers().await.unwrap()] {
        recording::record(&backend).await;
    }
}
