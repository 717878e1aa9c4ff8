//! R5: no connection to the database is held while a password is hashed or the cache is waited for.
//! There is one connection: whoever held it would keep everybody else from theirs. (For mail see
//! `mail/faults.rs`.)

use futures_util::future::join_all;
use kogents::config::{Config, Database};
use kogents_domain::auth::{EnteredPassword, PasswordHash};
use kogents_testkit::fault_proxy::Flow;

use super::aftermath::Aftermath;
use crate::support::{Backend, Client, PASSWORD};

/// Comparing with it takes the better part of a second.
const COSTLY: &str = "$argon2id$v=19$m=131072,t=10,p=1$c2l4dGVlbiBvY3RldHMhIQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

fn one_connection(config: &mut Config) {
    if let Database::Postgres(postgres) = &mut config.stores.database {
        postgres.max_connections = Some(1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r5_no_connection_is_held_while_passwords_are_hashed() {
    let Some((backend, _database, _cache)) = Backend::behind_proxies().await else {
        return;
    };
    let app = backend
        .start_with(|config| {
            one_connection(config);
            config.sizes.password_hash_concurrency = 1;
        })
        .await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let aftermath = Aftermath::of(backend.database_url()).await;
    // Whoever signs in now waits for these.
    let occupied: Vec<_> = (0..2)
        .map(|_| {
            let hasher = app.adapters().hasher.clone();
            let entered = EnteredPassword::parse("a wrong password").unwrap();
            let hash = Some(PasswordHash::new(COSTLY));
            tokio::spawn(async move { hasher.verify(&entered, hash).await })
        })
        .collect();
    let logins: Vec<_> = (0..5)
        .map(|_| {
            let (client, email) = (Client::clone(&app), account.email.clone());
            tokio::spawn(async move { client.log_in(&email, PASSWORD).await })
        })
        .collect();
    let mut read = 0;
    while !occupied.iter().all(tokio::task::JoinHandle::is_finished) {
        let sessions = app.get_as(&account.access_token, "/health/sessions");
        sessions.await.expect(200);
        assert_eq!(aftermath.held().await, 0);
        read += 1;
    }
    assert!(read >= 2, "{read}");
    for login in join_all(logins).await {
        // A machine that has other things to do may let a request's deadline pass.
        let status = login.unwrap().status;
        assert!([200, 503].contains(&status), "{status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r5_no_connection_is_held_while_the_cache_is_waited_for() {
    let Some((backend, _database, cache)) = Backend::behind_proxies().await else {
        return;
    };
    let app = backend.start_with(one_connection).await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let aftermath = Aftermath::of(backend.database_url()).await;
    for round in 0..2 {
        cache.both(Flow::Lost);
        // Each of these asks the cache several times, before, after and beside the database.
        let login = app.log_in(&account.email, PASSWORD);
        let signup = format!("person{round}@example.com");
        let signup = serde_json::json!({ "name": "Bob", "email": signup, "password": PASSWORD });
        let signup = app.post("/auth/signup", signup);
        let reads = join_all((0..8).map(|_| app.get_as(&account.access_token, "/health/sessions")));
        let looking = async {
            let mut over = std::pin::pin!(async { tokio::join!(login, signup, reads) });
            loop {
                tokio::select! {
                    answers = &mut over => return answers,
                    held = aftermath.held() => assert_eq!(held, 0),
                }
            }
        };
        let (login, signup, reads) = looking.await;
        login.expect(200);
        assert_eq!(signup.problem(503), "cache_unavailable");
        for answer in reads {
            answer.expect(200);
        }
        cache.both(Flow::Pass);
        super::recovers("the cache", async || {
            app.get("/health").await.json()["status"] == "healthy"
        })
        .await;
    }
}
