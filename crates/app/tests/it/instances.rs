//! Several servers on one database and one cache, and the ones that may not be several.

use std::time::Duration;

use serde_json::json;

use crate::support::{Backend, Client, Folder, PASSWORD, Private, Start};

/// Ends a session on one server and has it refused by the other at the very next request.
async fn end_here_and_ask_there(here: &Client, there: &Client, between: impl FnOnce()) {
    let log_in = async |on: &Client| {
        let body = on.log_in("ada@example.com", PASSWORD).await.expect(200);
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        (text(&body["access_token"]), text(&body["session"]["id"]))
    };
    let (kept, _) = log_in(here).await;
    let (ended, id) = log_in(there).await;
    for client in [here, there] {
        // Both know the session now, from their cache.
        for _ in 0..2 {
            client.get_as(&ended, "/health/sessions").await.expect(200);
        }
    }
    let path = format!("/health/sessions/{id}");
    here.delete_as(&kept, &path).await.expect(200);
    between();
    let answer = there.get_as(&ended, "/health/sessions").await;
    assert_eq!(answer.problem(401), "invalid_token");
    there.get_as(&kept, "/health/sessions").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn s16_a_session_that_ended_on_one_server_is_refused_on_the_other_at_once() {
    let Some(backend) = Backend::servers().await else {
        return;
    };
    let first = backend.start().await;
    first.sign_up_and_confirm("ada@example.com").await;
    let second = first.second().await;
    for _ in 0..10 {
        end_here_and_ask_there(&first, &second, || {}).await;
        end_here_and_ask_there(&second, &first, || {}).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s16_an_emptied_cache_brings_no_session_back() {
    let Some(redis) = Private::redis() else {
        return;
    };
    let Some(backend) = Backend::with_private_cache(&redis).await else {
        return;
    };
    let first = backend.start().await;
    first.sign_up_and_confirm("ada@example.com").await;
    let second = first.second().await;
    for _ in 0..5 {
        end_here_and_ask_there(&first, &second, || redis.flush()).await;
        end_here_and_ask_there(&second, &first, || redis.flush()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signup_goes_on_at_any_server() {
    let Some(backend) = Backend::servers().await else {
        return;
    };
    let first = backend.start().await;
    let second = first.second().await;
    let email = "ada@example.com";
    let signup = first.sign_up(email).await;
    second.choose_workspace(&signup, "engines").await;
    let body = json!({ "sessionId": signup });
    first
        .post("/auth/verify/send-for-session", body)
        .await
        .expect(200);
    // Either server may have delivered the mail, into its own mailbox.
    let mailed = async {
        loop {
            for client in [&*first, &*second] {
                if let Some(code) = client.codes(email).await.first() {
                    return code.clone();
                }
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let code = tokio::time::timeout(Duration::from_secs(20), mailed)
        .await
        .unwrap();
    let account = second.confirm(&signup, &code).await;
    first
        .get_as(&account.access_token, "/health/sessions")
        .await
        .expect(200);
    first.refresh(&account.refresh_token).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn s17_parallel_refreshes_at_two_servers_have_one_successor() {
    let Some(backend) = Backend::servers().await else {
        return;
    };
    let first = backend.start().await;
    let account = first.sign_up_and_confirm("ada@example.com").await;
    let second = first.second().await;
    let tries = (0..60).map(|n| {
        let client: &Client = if n % 2 == 0 { &first } else { &second };
        client.refresh(&account.refresh_token)
    });
    let answers = futures_util::future::join_all(tries).await;
    let successors: std::collections::BTreeSet<String> = answers
        .iter()
        .map(|answer| answer.expect(200)["refresh_token"].to_string())
        .collect();
    assert_eq!(successors.len(), 1);
}

/// The stores are shared and every secret is set: nothing is kept beside them.
#[tokio::test]
async fn servers_that_share_everything_need_no_folder() {
    let Some(backend) = Backend::servers().await else {
        return;
    };
    let folder = Folder::on(&backend);
    let secrets = [
        ("JWT_SECRET", "a"),
        ("JWT_REFRESH_SECRET", "b"),
        ("REDIS_ENCRYPTION_KEY", "c"),
        ("REDIS_ENCRYPTION_SALT", "d"),
    ];
    let program = folder.start_with(&secrets);
    for part in ["PostgreSQL at ", "Redis at "] {
        assert!(program.said().contains(part), "{}", program.said());
    }
    program.client.sign_up_and_confirm("ada@example.com").await;
    assert!(!folder.path("data").exists());
    assert_eq!(program.end_by("TERM").code(), Some(0));
}

#[tokio::test]
async fn two_servers_of_one_folder_share_its_secrets() {
    let Some(backend) = Backend::servers().await else {
        return;
    };
    let folder = Folder::on(&backend);
    let first = folder.start();
    let account = first.client.sign_up_and_confirm("ada@example.com").await;
    let data = folder.path("data");
    let other = Folder::on(&backend);
    let second = other.start_with(&[("DATA_DIR", data.to_str().unwrap())]);
    second
        .client
        .get_as(&account.access_token, "/health/sessions")
        .await
        .expect(200);
}

#[tokio::test]
async fn a_second_server_on_a_database_without_a_shared_cache_is_one_line() {
    let Some(backend) = Backend::servers().await else {
        return;
    };
    let without_cache = [("DATABASE_URL", backend.database_url())];
    let first_folder = Folder::new();
    let first = first_folder.start_with(&without_cache);
    let account = first.client.sign_up_and_confirm("ada@example.com").await;
    let (said, code) = Folder::new().try_start(&without_cache).refused();
    assert_eq!(code, 1);
    assert!(
        said.starts_with("another server is running on this database"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
    first
        .client
        .log_in(&account.email, PASSWORD)
        .await
        .expect(200);

    // Once the first is gone, whichever way, another may take its place.
    assert_eq!(first.end_by("KILL").code(), None);
    match Folder::new().try_start(&without_cache) {
        Start::Ready(second) => assert_eq!(second.end_by("TERM").code(), Some(0)),
        Start::Ended(end) => panic!("{end:?}"),
    }
}
