//! R1, R4: `kill -9` under load, of the server and of its database: what was answered is there
//! afterwards, what was not is there wholly or not at all.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use kogents_adapter_crypto::SystemRandom;
use kogents_domain::random::SecureRandom as _;
use serde_json::Value;

use super::aftermath::Aftermath;
use super::{IN_TIME, recovers};
use crate::support::{Backend, Folder, PASSWORD, Private, is_slow, on_both};

on_both!(r1_whoever_was_signed_in_when_the_server_was_killed_is_signed_in);

/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(60);

/// Persons who sign in without a pause, and the tokens they were given.
struct Crowd {
    stop: Arc<AtomicBool>,
    tokens: Arc<Mutex<Vec<String>>>,
    refused: Arc<Mutex<Vec<(u16, Duration)>>>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Crowd {
    fn at(base: &str, email: &str) -> Self {
        let mut crowd = Self {
            stop: Arc::default(),
            tokens: Arc::default(),
            refused: Arc::default(),
            tasks: Vec::new(),
        };
        for _ in 0..4 {
            let body = serde_json::json!({ "email": email, "password": PASSWORD });
            let http = reqwest::Client::builder().no_proxy().build().unwrap();
            let url = format!("{base}/auth/login");
            let (stop, tokens) = (crowd.stop.clone(), crowd.tokens.clone());
            let refused = crowd.refused.clone();
            crowd.tasks.push(tokio::spawn(async move {
                while !stop.load(Ordering::Acquire) {
                    let asked = Instant::now();
                    // The server may be away; and whoever hears nothing knows nothing.
                    if let Ok(answer) = http.post(&url).json(&body).send().await {
                        let status = answer.status().as_u16();
                        match answer.json::<Value>().await {
                            Ok(told) if status == 200 => {
                                let token = told["access_token"].as_str().unwrap().to_owned();
                                tokens.lock().unwrap().push(token);
                            }
                            Ok(_) => refused.lock().unwrap().push((status, asked.elapsed())),
                            Err(_) => {}
                        }
                    }
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }));
        }
        crowd
    }

    /// How many were signed in so far.
    fn count(&self) -> usize {
        self.tokens.lock().unwrap().len()
    }

    async fn more(&self, more: usize) {
        let before = self.count();
        let since = Instant::now();
        while self.count() < before + more {
            assert!(since.elapsed() < LONG, "nobody is signed in any more");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    async fn end(self) -> (Vec<String>, Vec<(u16, Duration)>) {
        self.stop.store(true, Ordering::Release);
        for task in self.tasks {
            task.await.unwrap();
        }
        let tokens = self.tokens.lock().unwrap().clone();
        let refused = self.refused.lock().unwrap().clone();
        (tokens, refused)
    }
}

async fn r1_whoever_was_signed_in_when_the_server_was_killed_is_signed_in(backend: &Backend) {
    let folder = Folder::on(backend);
    let port = super::raw::free_port().to_string();
    let settings = [
        ("PORT", port.as_str()),
        ("SESSION_LIMIT_PER_USER", "1000"),
        ("LOG_LEVEL", "info"),
    ];
    let mut program = folder.start_with(&settings);
    let account = program.client.sign_up_and_confirm("ada@example.com").await;
    let crowd = Crowd::at(program.client.base(), &account.email);
    let random = SystemRandom::default();
    let kills = if is_slow() { 40 } else { 4 };
    for _ in 0..kills {
        crowd.more(5).await;
        let moment = Duration::from_millis(u64::from(random.below(200)));
        tokio::time::sleep(moment).await;
        program = tokio::task::block_in_place(|| {
            assert_eq!(program.end_by("KILL").code(), None);
            folder.start_with(&settings)
        });
    }
    crowd.more(5).await;
    let (tokens, refused) = crowd.end().await;
    assert!(
        refused.iter().all(|(status, _)| *status == 503),
        "{refused:?}"
    );
    for token in &tokens {
        let sessions = program.client.get_as(token, "/health/sessions");
        sessions.await.expect(200);
    }
    println!("{kills} kills, {} signed in", tokens.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn r4_a_database_that_is_killed_under_load_keeps_what_was_answered() {
    let (Some(mut postgres), Some(redis)) = (Private::postgres(), Private::redis()) else {
        return;
    };
    let backend = Backend::private(&postgres, &redis);
    let app = backend
        .start_with(|config| config.sizes.sessions_per_user = 1_000)
        .await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    app.mail_is_out().await;
    let crowd = Crowd::at(app.base(), &account.email);
    for _ in 0..2 {
        crowd.more(10).await;
        postgres.kill();
        let away = Instant::now();
        app.get("/health/live").await.expect(200);
        let asked = Instant::now();
        let refused = app.get_as(&account.access_token, "/users/profile").await;
        assert_eq!(refused.problem(503), "unavailable");
        assert!(asked.elapsed() < IN_TIME, "{:?}", asked.elapsed());
        tokio::task::block_in_place(|| postgres.start());
        let back = Instant::now();
        recovers("reading", async || {
            let sessions = app.get_as(&account.access_token, "/health/sessions");
            sessions.await.status == 200
        })
        .await;
        println!(
            "away for {:.1?}, back {:.0?} after it",
            away.elapsed(),
            back.elapsed()
        );
    }
    crowd.more(5).await;
    let (tokens, refused) = crowd.end().await;
    for (status, took) in refused {
        assert_eq!(status, 503);
        assert!(took < IN_TIME, "{took:?}");
    }
    let aftermath = Aftermath::of(&postgres.url()).await;
    aftermath.lets_go().await;
    let sessions = aftermath.is_whole().await["sessions"];
    assert!(
        sessions > i64::try_from(tokens.len()).unwrap(),
        "{sessions}"
    );
    for token in &tokens {
        app.get_as(token, "/health/sessions").await.expect(200);
    }
}
