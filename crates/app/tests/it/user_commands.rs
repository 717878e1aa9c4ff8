//! `kogents user`: what an operator does about persons holds on servers that run, wherever their
//! cache is, within a second.

mod first_admin;
mod wrong_words;

use std::process::Output;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Account, Backend, Folder, PASSWORD, Private, Program};

/// Within which time a command holds: a second, and another for a machine that is busy with tests.
const SOON: Duration = Duration::from_secs(2);
const ADA: &str = "ada@example.com";

/// A server, and the settings that commands beside it have.
struct Case {
    folder: Folder,
    settings: &'static [(&'static str, &'static str)],
}

impl Case {
    fn start(&self) -> Program {
        self.start_with(&[])
    }

    fn start_with(&self, more: &[(&str, &str)]) -> Program {
        self.folder.start_with(&[self.settings, more].concat())
    }

    fn run(&self, words: &[&str]) -> Output {
        let words = [&["user"], words].concat();
        self.folder.run_with(self.settings, &words)
    }

    /// What a command says that goes well.
    #[track_caller]
    fn said(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stdout).unwrap()
    }

    #[track_caller]
    fn json(&self, words: &[&str]) -> Value {
        serde_json::from_str(&self.said(&[words, &["--json"]].concat())).unwrap()
    }
}

/// Makes each of these functions a test on every pair of database and cache.
macro_rules! on_all {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            use super::Case;
            use crate::support::{Backend, Folder};

            #[tokio::test(flavor = "multi_thread")]
            async fn embedded() {
                let folder = Folder::on(&Backend::Embedded);
                super::$name(Case { folder, settings: &[] }).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn on_postgres_and_redis() {
                if let Some(backend) = Backend::servers().await {
                    let folder = Folder::on(&backend);
                    super::$name(Case { folder, settings: &[] }).await;
                }
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn on_postgres_alone() {
                if let Some(backend) = Backend::servers().await {
                    let folder = Folder::on(&backend);
                    super::$name(Case { folder, settings: &[("REDIS_URL", "")] }).await;
                }
            }
        }
    )+};
}

on_all!(
    a_suspended_person_is_out_at_once_and_in_again_when_unlocked,
    failed_sign_ins_are_forgotten,
    sessions_are_listed_and_ended,
);

#[tokio::test(flavor = "multi_thread")]
async fn who_is_suspended_while_the_cache_is_away_is_out_then_and_when_it_is_back() {
    let Some(mut redis) = Private::redis() else {
        return;
    };
    let Some(backend) = Backend::with_private_cache(&redis).await else {
        return;
    };
    let folder = Folder::on(&backend);
    let case = Case {
        folder,
        settings: &[],
    };
    let program = case.start();
    let ada = program.client.sign_up_and_confirm(ADA).await;
    until_status(&program, &ada.access_token, 200).await;
    redis.stop();
    let output = case.run(&["suspend", ADA]);
    assert_eq!(output.status.code(), Some(0));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("the cache cannot be told"), "{said}");
    until_status(&program, &ada.access_token, 401).await;
    redis.start();
    let until = Instant::now() + SOON;
    while Instant::now() < until {
        until_status(&program, &ada.access_token, 401).await;
    }
}

/// Waits until requests with the session's access token are answered so.
async fn until_status(program: &Program, access_token: &str, status: u16) {
    let started = Instant::now();
    loop {
        let answer = program.client.get_as(access_token, "/users/profile").await;
        if answer.status == status {
            return;
        }
        assert!(started.elapsed() < SOON, "still {}", answer.status);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn a_suspended_person_is_out_at_once_and_in_again_when_unlocked(case: Case) {
    let program = case.start();
    let ada = program.client.sign_up_and_confirm(ADA).await;
    // The cache vouches for her from here on.
    until_status(&program, &ada.access_token, 200).await;

    let told = case.json(&["suspend", ADA]);
    assert_eq!(told["ended"], 1);
    assert_eq!(told["wasSuspended"], false);
    let hers = serde_json::json!(["ada-example-com"]);
    assert_eq!(told["workspacesWithoutAdmin"], hers);
    until_status(&program, &ada.access_token, 401).await;
    program.client.log_in(ADA, PASSWORD).await.expect(401);
    program.client.refresh(&ada.refresh_token).await.expect(401);
    let list = case.json(&["list", "--suspended"]);
    assert_eq!(list["items"][0]["id"], ada.user_id.as_str());
    assert!(list["items"][0]["suspendedAt"].is_string());
    let again = case.said(&["suspend", &ada.user_id]);
    assert_eq!(
        again,
        format!("{ADA} was suspended already; sessions ended: 0\n")
    );

    assert_eq!(case.json(&["unlock", &ada.user_id])["wasSuspended"], true);
    assert_eq!(
        case.json(&["list", "--suspended"])["items"],
        serde_json::json!([])
    );
    program.client.log_in(ADA, PASSWORD).await.expect(200);
    // What was ended stays so.
    until_status(&program, &ada.access_token, 401).await;
}

async fn failed_sign_ins_are_forgotten(case: Case) {
    let program = case.start_with(&[("RATE_LIMITS", "on"), ("RATE_LIMIT_LOGIN_PAIR", "3/15m")]);
    program.client.sign_up_and_confirm(ADA).await;
    for _ in 0..3 {
        program
            .client
            .log_in(ADA, "not hers at all")
            .await
            .expect(401);
    }
    program.client.log_in(ADA, PASSWORD).await.expect(429);
    let said = case.said(&["unlock", ADA]);
    assert_eq!(
        said,
        format!("{ADA} was not suspended; what was counted against them is forgotten\n")
    );
    let started = Instant::now();
    while program.client.log_in(ADA, PASSWORD).await.status != 200 {
        assert!(started.elapsed() < SOON, "still refused");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn sessions_are_listed_and_ended(case: Case) {
    let program = case.start();
    let ada: Account = program.client.sign_up_and_confirm(ADA).await;
    let mut open = vec![ada.access_token.clone()];
    for _ in 0..2 {
        let body = program.client.log_in(ADA, PASSWORD).await.expect(200);
        open.push(body["access_token"].as_str().unwrap().to_owned());
    }
    for token in &open {
        until_status(&program, token, 200).await;
    }
    let listed = case.json(&["sessions", ADA]);
    let items = listed["items"].as_array().unwrap();
    assert_eq!(items.len(), 3, "{listed}");
    assert!(items.iter().all(|item| item["state"] == "live"), "{listed}");
    assert_eq!(listed["user"]["email"], ADA);

    // One of them, which must be hers.
    let told = case.json(&["revoke", ADA, "--session", &ada.session_id]);
    assert_eq!(told["ended"], 1);
    until_status(&program, &open[0], 401).await;
    until_status(&program, &open[1], 200).await;
    let bob = program.client.sign_up_and_confirm("bob@example.com").await;
    let output = case.run(&["revoke", ADA, "--session", &bob.session_id]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stderr, b"kogents: the person has no such session\n");

    // All that are left.
    assert_eq!(
        case.said(&["revoke", &ada.user_id, "--all"]),
        "sessions ended: 2\n"
    );
    for token in &open {
        until_status(&program, token, 401).await;
    }
    until_status(&program, &bob.access_token, 200).await;
    assert_eq!(case.said(&["sessions", ADA]), "no session\n");
    let all = case.json(&["sessions", ADA, "--all", "--limit", "2"]);
    let items = all["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert!(items.iter().all(|item| item["state"] == "admin"), "{all}");
    let after = all["nextCursor"].as_str().unwrap();
    let rest = case.json(&["sessions", ADA, "--all", "--after", after]);
    assert_eq!(rest["items"][0]["id"], ada.session_id.as_str());
    assert_eq!(rest["nextCursor"], Value::Null);
}
