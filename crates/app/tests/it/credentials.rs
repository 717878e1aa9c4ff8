//! The password of a database or a cache is changed under a running server: 503 until it is the
//! right one again, and then the server goes on by itself.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{Backend, Folder, PASSWORD, Private, connect};

const RECOVERY: Duration = Duration::from_secs(5);

/// Ends the connections of everybody else, and waits until they have ended.
const EXPEL: &str = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
    WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'";

/// Asks until it is so.
async fn soon(mut is_so: impl AsyncFnMut() -> bool) {
    let since = Instant::now();
    while !is_so().await {
        assert!(since.elapsed() < RECOVERY, "it takes too long");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r4_a_database_that_refuses_the_login_is_as_good_as_away() {
    let Some(postgres) = Private::postgres_with_password("canary-first") else {
        return;
    };
    // Kept open: who is in already is not asked again.
    let operator = connect(&postgres.url()).await;
    let change_to = async |password: &str| {
        // In a transaction of its own: until it is committed, the old password is good, and the
        // server is quick to come back.
        let change = format!("ALTER ROLE postgres PASSWORD '{password}'");
        operator.batch_execute(&change).await.unwrap();
        operator.batch_execute(EXPEL).await.unwrap();
    };
    let folder = Folder::new();
    let server = folder.start_with(&[("DATABASE_URL", &postgres.url())]);
    let client = &server.client;
    let account = client.sign_up_and_confirm("ada@example.com").await;

    change_to("canary-second").await;
    let refused = client.log_in(&account.email, PASSWORD).await;
    assert_eq!(refused.problem(503), "unavailable");
    client.get("/health/ready").await.expect(503);
    client.get("/health/live").await.expect(200);

    change_to("canary-first").await;
    soon(async || client.log_in(&account.email, PASSWORD).await.status == 200).await;
    soon(async || client.get("/health/ready").await.status == 200).await;
    let said = server.said();
    assert!(!said.contains("canary"), "{said}");
    assert_eq!(server.end_by("TERM").code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_a_cache_that_refuses_the_login_is_as_good_as_away() {
    let Some(redis) = Private::redis() else {
        return;
    };
    let Some(backend) = Backend::with_private_cache(&redis).await else {
        return;
    };
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let body = json!({ "name": "Bob", "email": "bob@example.com", "password": PASSWORD });

    redis.change_password("", "canary");
    soon(async || app.post("/auth/signup", body.clone()).await.status == 503).await;
    let refused = app.post("/auth/signup", body.clone()).await;
    assert_eq!(refused.problem(503), "cache_unavailable");
    let token = account.access_token.as_str();
    app.get_as(token, "/health/sessions").await.expect(200);
    app.get("/health/ready").await.expect(200);

    redis.change_password("canary", "");
    soon(async || app.post("/auth/signup", body.clone()).await.status == 201).await;
    app.get_as(token, "/health/sessions").await.expect(200);
}
