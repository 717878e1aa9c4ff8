//! The cache or the database goes away under load and comes back: 503 meanwhile and no other
//! 5xx, recovery within five seconds.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{Backend, Client, PASSWORD, Private};

const RECOVERY: Duration = Duration::from_secs(5);

/// How often which answer came: what was asked, status, code.
type Answers = BTreeMap<(&'static str, u16, String), u32>;

/// Clients that ask without pause, and the answers they got.
struct Load {
    stop: Arc<AtomicBool>,
    answers: Arc<Mutex<Answers>>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Load {
    fn on(client: &Client, token: &str) -> Self {
        let mut load = Self {
            stop: Arc::default(),
            answers: Arc::default(),
            tasks: Vec::new(),
        };
        for worker in 0..4 {
            let (client, token) = (client.clone(), token.to_owned());
            let (stop, answers) = (load.stop.clone(), load.answers.clone());
            load.tasks.push(tokio::spawn(async move {
                while !stop.load(Ordering::Acquire) {
                    let (kind, answer) = if worker == 0 {
                        let resume = json!({ "sessionId": "unknown-unknown-unknown" });
                        ("resume", client.post("/auth/resume", resume).await)
                    } else {
                        ("sessions", client.get_as(&token, "/health/sessions").await)
                    };
                    let code = answer.json()["code"].as_str().unwrap_or("").to_owned();
                    let key = (kind, answer.status, code);
                    *answers.lock().unwrap().entry(key).or_default() += 1;
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            }));
        }
        load
    }

    /// Ends the load and gives how often which answer came.
    async fn end(self) -> Answers {
        self.stop.store(true, Ordering::Release);
        for task in self.tasks {
            task.await.unwrap();
        }
        let answers = self.answers.lock().unwrap();
        answers.clone()
    }
}

/// Asks until the answer is as it was before the outage.
async fn recovers(mut asks: impl AsyncFnMut() -> bool) {
    let since = Instant::now();
    while !asks().await {
        assert!(since.elapsed() < RECOVERY, "it takes too long to recover");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn signup_body(email: &str) -> serde_json::Value {
    json!({ "name": "Ada Lovelace", "email": email, "password": PASSWORD })
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_the_cache_goes_away_under_load_and_comes_back() {
    let Some(mut redis) = Private::redis() else {
        return;
    };
    let Some(backend) = Backend::with_private_cache(&redis).await else {
        return;
    };
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let token = account.access_token.as_str();
    let load = Load::on(&app, token);
    tokio::time::sleep(Duration::from_millis(300)).await;

    redis.stop();
    let body = signup_body("bob@example.com");
    let refused = app.post("/auth/signup", body.clone()).await;
    assert_eq!(refused.problem(503), "cache_unavailable");
    assert!(refused.header("retry-after").is_some());
    for _ in 0..20 {
        app.get_as(token, "/health/sessions").await.expect(200);
    }
    // Whoever leaves while the cache is away is gone, now and when it is back.
    let leaving = app.log_in(&account.email, PASSWORD).await.expect(200);
    let left = leaving["access_token"].as_str().unwrap();
    let path = format!(
        "/health/sessions/{}",
        leaving["session"]["id"].as_str().unwrap()
    );
    app.delete_as(token, &path).await.expect(200);
    let answer = app.get_as(left, "/health/sessions").await;
    assert_eq!(answer.problem(401), "invalid_token");
    let health = app.get("/health").await.expect(200);
    assert_eq!(health["status"], "degraded");

    redis.start();
    recovers(async || app.post("/auth/signup", body.clone()).await.status == 201).await;
    let answer = app.get_as(left, "/health/sessions").await;
    assert_eq!(answer.problem(401), "invalid_token");
    app.sign_up_and_confirm("eve@example.com").await;

    let answers = load.end().await;
    for (kind, status, code) in answers.keys() {
        let expected = match *kind {
            "sessions" => *status == 200,
            _ => *status == 404 || (*status == 503 && code == "cache_unavailable"),
        };
        assert!(expected, "{answers:?}");
    }
    assert!(
        answers.keys().any(|(_, status, _)| *status == 503),
        "{answers:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn r4_the_database_goes_away_under_load_and_comes_back() {
    let Some(mut postgres) = Private::postgres() else {
        return;
    };
    let Some(backend) = Backend::with_private_database(&postgres) else {
        return;
    };
    // The patience of other tests is what must not be here.
    let app = backend
        .start_with(|config| {
            if let kogents::config::Database::Postgres(of) = &mut config.stores.database {
                of.url = kogents_domain::secret::SecretText::new(postgres.url());
            }
        })
        .await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let token = account.access_token.as_str();
    let load = Load::on(&app, token);
    tokio::time::sleep(Duration::from_millis(300)).await;

    postgres.stop();
    for _ in 0..3 {
        let asked = Instant::now();
        let refused = app.log_in(&account.email, PASSWORD).await;
        assert_eq!(refused.problem(503), "unavailable");
        assert!(asked.elapsed() < Duration::from_millis(2_500), "{asked:?}");
        app.get("/health/live").await.expect(200);
    }
    app.get("/health/ready").await.expect(503);

    postgres.start();
    recovers(async || app.get_as(token, "/health/sessions").await.status == 200).await;
    recovers(async || app.get("/health/ready").await.status == 200).await;
    app.log_in(&account.email, PASSWORD).await.expect(200);
    app.refresh(&account.refresh_token).await.expect(200);
    app.sign_up_and_confirm("bob@example.com").await;

    let answers = load.end().await;
    for (kind, status, code) in answers.keys() {
        let expected = match *kind {
            "sessions" => *status == 200 || (*status == 503 && code == "unavailable"),
            _ => *status == 404,
        };
        assert!(expected, "{answers:?}");
    }
    assert!(
        answers.keys().any(|(_, status, _)| *status == 503),
        "{answers:?}"
    );
}
