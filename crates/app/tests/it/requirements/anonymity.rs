//! S6: whether an address has an account shows nowhere.

use std::collections::BTreeSet;

use serde_json::json;

use crate::support::{Answer, Client, PASSWORD, TestApp};

/// Everything about an answer that does not differ from call to call.
fn shape(answer: &Answer) -> (u16, BTreeSet<String>, BTreeSet<String>) {
    let headers = answer.headers.keys().map(ToString::to_string).collect();
    let body = answer.json();
    let members = body
        .as_object()
        .into_iter()
        .flat_map(serde_json::Map::keys)
        .cloned()
        .collect();
    (answer.status, headers, members)
}

/// A signup up to wrong guesses at its code.
async fn walk(client: &Client, email: &str, slug: &str) -> Vec<Answer> {
    let body = json!({ "name": "Ada", "email": email, "password": PASSWORD });
    let mut answers = vec![client.post("/auth/signup", body).await];
    let signup = answers[0].json()["sessionId"].clone();
    let workspace = json!({ "sessionId": signup, "name": "Engines", "slug": slug });
    answers.push(client.post("/workspace", workspace).await);
    let body = json!({ "sessionId": signup });
    for path in [
        "/auth/verify/send-for-session",
        "/auth/verify/send-for-session",
        "/auth/resume",
    ] {
        answers.push(client.post(path, body.clone()).await);
    }
    for n in 0..6 {
        // 999999 is as likely the right code as any; a test in a million errs.
        let guess = json!({ "sessionId": signup, "code": "999999" });
        let answer = client.post("/auth/verify/confirm-for-session", guess).await;
        let left = answer.json()["attemptsRemaining"].as_u64();
        assert_eq!(left, 4_u64.checked_sub(n));
        answers.push(answer);
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn s6_signing_up_with_a_taken_address_looks_the_same() {
    let app = TestApp::start().await;
    app.sign_up_and_confirm("ada@example.com").await;
    let taken = walk(&app, "ADA@example.com", "taken-or-not").await;
    let free = walk(&app, "bob@example.com", "free-or-not").await;
    for (taken, free) in taken.iter().zip(&free) {
        assert_eq!(shape(taken), shape(free), "{} {}", taken.text, free.text);
        assert_eq!(taken.json()["code"], free.json()["code"]);
    }

    app.mail("ada@example.com", "account_exists").await;
    app.mail("bob@example.com", "verification_code").await;
    let mails = app.mailbox("ada@example.com").await;
    let codes = mails
        .iter()
        .filter(|mail| mail["template"] == "verification_code")
        .count();
    assert_eq!(
        codes, 1,
        "the code of the account's own signup, and no other"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn s6_the_owner_is_told_at_most_once_an_hour() {
    let app = TestApp::start().await;
    app.sign_up_and_confirm("ada@example.com").await;
    let notices = async || {
        let mails = app.mailbox("ada@example.com").await;
        mails
            .iter()
            .filter(|mail| mail["template"] == "account_exists")
            .count()
    };
    for slug in ["one", "two", "three"] {
        walk(&app, "ada@example.com", slug).await;
    }
    app.mail("ada@example.com", "account_exists").await;
    // Mails leave in order: once a later one has arrived, so has every earlier one.
    app.sign_up_and_confirm("bob@example.com").await;
    app.mail("bob@example.com", "welcome").await;
    assert_eq!(notices().await, 1);

    app.advance_secs(3_601);
    app.sign_up("ada@example.com").await;
    let told_again = async {
        while notices().await < 2 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), told_again)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn s6_a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let app = TestApp::start().await;
    app.sign_up_and_confirm("ada@example.com").await;
    let wrong = app.log_in("ada@example.com", "not the password").await;
    let unknown = app.log_in("nobody@example.com", "not the password").await;
    assert_eq!(wrong.problem(401), "invalid_credentials");
    assert_eq!(shape(&wrong), shape(&unknown));
    let without_id = |answer: &Answer| {
        let mut body = answer.json();
        body.as_object_mut().unwrap().remove("requestId");
        body
    };
    assert_eq!(without_id(&wrong), without_id(&unknown));
}
