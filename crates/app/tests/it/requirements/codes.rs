//! S1 to S4: one-time codes, and how often they may be guessed.

use std::collections::HashMap;

use futures_util::future::join_all;
use kogents::config::{Config, Source};
use serde_json::json;

use crate::support::{Answer, Backend, Client, PASSWORD, on_both};

on_both!(
    s1_a_code_belongs_to_its_signup,
    s2_of_two_hundred_parallel_guesses_five_are_compared,
    s2_right_and_wrong_guesses_at_once_compare_at_most_five,
    s3_the_budget_of_guesses_is_the_addresss_and_comes_back,
    s3_a_new_code_does_not_restore_the_addresss_budget,
    s3_an_address_has_as_many_budgets_as_are_set,
    s4_a_new_code_voids_the_old_one_and_each_is_good_once,
    s4_a_code_is_good_for_ten_minutes_and_resent_after_one,
    s4_what_is_no_code_is_no_attempt,
);

const CONFIRM: &str = "/auth/verify/confirm-for-session";
const SEND: &str = "/auth/verify/send-for-session";

async fn guess(client: &Client, signup: &str, code: &str) -> Answer {
    client
        .post(CONFIRM, json!({ "sessionId": signup, "code": code }))
        .await
}

/// A code that is not this one.
fn other_than(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}

async fn s1_a_code_belongs_to_its_signup(backend: &Backend) {
    let app = backend.start().await;
    let email = "ada@example.com";
    let body = json!({ "name": "Mallory", "email": email, "password": "AnotherStrong-Pass-77" });
    let a = app.post("/auth/signup", body).await.expect(201);
    let a = a["sessionId"].as_str().unwrap();
    app.choose_workspace(a, "of-a").await;
    app.send_code(a, email).await;
    let b = app.sign_up(email).await;
    app.choose_workspace(&b, "of-b").await;
    let code_of_b = app.send_code(&b, email).await;

    assert_eq!(guess(&app, a, &code_of_b).await.problem(400), "otp_invalid");
    app.confirm(&b, &code_of_b).await;

    app.log_in(email, PASSWORD).await.expect(200);
    let with_a = app.log_in(email, "AnotherStrong-Pass-77").await;
    assert_eq!(with_a.problem(401), "invalid_credentials");
}

async fn s2_of_two_hundred_parallel_guesses_five_are_compared(backend: &Backend) {
    let app = backend.start().await;
    let email = "ada@example.com";
    let signup = app.sign_up(email).await;
    app.choose_workspace(&signup, "engines").await;
    let code = app.send_code(&signup, email).await;
    let wrong = other_than(&code);

    let answers = join_all((0..200).map(|_| guess(&app, &signup, &wrong))).await;
    let mut counts: HashMap<String, u32> = HashMap::new();
    let mut remaining: Vec<u64> = Vec::new();
    for answer in &answers {
        *counts.entry(answer.problem(400)).or_default() += 1;
        remaining.extend(answer.json()["attemptsRemaining"].as_u64());
    }
    remaining.sort_unstable();
    assert_eq!(counts["otp_invalid"], 5);
    assert_eq!(counts["otp_exhausted"], 195);
    assert_eq!(remaining, [0, 1, 2, 3, 4]);

    assert_eq!(
        guess(&app, &signup, &code).await.problem(400),
        "otp_exhausted"
    );
}

async fn s2_right_and_wrong_guesses_at_once_compare_at_most_five(backend: &Backend) {
    let app = backend.start().await;
    let email = "ada@example.com";
    let signup = app.sign_up(email).await;
    app.choose_workspace(&signup, "engines").await;
    let code = app.send_code(&signup, email).await;
    let wrong = other_than(&code);

    let guesses = (0..200).map(|n| guess(&app, &signup, if n == 100 { &code } else { &wrong }));
    let answers = join_all(guesses).await;
    let wrong_ones = answers
        .iter()
        .filter(|a| a.json()["code"] == "otp_invalid")
        .count();
    let right_ones = answers.iter().filter(|a| a.status == 201).count();
    assert!(
        wrong_ones <= 5 && right_ones <= 1,
        "{wrong_ones} wrong, {right_ones} right"
    );
    assert!(right_ones == 1 || wrong_ones == 5);
}

/// The pause between two codes is taken away, so that one address can be guessed at often.
async fn s3_the_budget_of_guesses_is_the_addresss_and_comes_back(backend: &Backend) {
    let app = backend
        .start_with(|config| {
            config.lifetimes.otp_resend = kogents_domain::time::Span::from_secs(0);
        })
        .await;
    let email = "ada@example.com";
    let mut signups = Vec::new();
    for slug in ["one", "two", "three", "four"] {
        let signup = app.sign_up(email).await;
        app.choose_workspace(&signup, slug).await;
        signups.push(signup);
    }
    // Five wrong ones at each of three signups, the last of them resent in between.
    for signup in &signups[..3] {
        let code = app.send_code(signup, email).await;
        for _ in 0..5 {
            let answer = guess(&app, signup, &other_than(&code)).await;
            assert_eq!(answer.problem(400), "otp_invalid");
        }
    }
    for signup in &signups {
        assert_eq!(
            guess(&app, signup, "123456").await.problem(429),
            "otp_locked"
        );
        let send = app.post(SEND, json!({ "sessionId": signup })).await;
        assert_eq!(send.problem(429), "otp_locked");
        let wait: u64 = send.header("retry-after").unwrap().parse().unwrap();
        assert!((86_000..=86_400).contains(&wait), "{wait}");
    }

    // Another address is not concerned, and a day later nobody is.
    app.sign_up_and_confirm("grace@example.com").await;
    app.advance_secs(86_401);
    app.sign_up_and_confirm(email).await;
}

/// The pause between two codes is taken away.
async fn s3_a_new_code_does_not_restore_the_addresss_budget(backend: &Backend) {
    let app = backend
        .start_with(|config| {
            config.lifetimes.otp_resend = kogents_domain::time::Span::from_secs(0);
        })
        .await;
    let email = "ada@example.com";
    let signup = app.sign_up(email).await;
    app.choose_workspace(&signup, "engines").await;
    let mut left = Vec::new();
    for _ in 0..3 {
        let code = app.send_code(&signup, email).await;
        for _ in 0..4 {
            let answer = guess(&app, &signup, &other_than(&code)).await;
            left.push(answer.json()["attemptsRemaining"].as_u64().unwrap());
        }
    }
    assert_eq!(left, [4, 3, 2, 1, 4, 3, 2, 1, 4, 3, 2, 1]);
    app.send_code(&signup, email).await;
    let sent = app
        .post(SEND, json!({ "sessionId": signup }))
        .await
        .expect(200);
    assert_eq!(sent["attemptsRemaining"], 3);
}

/// The budgets are read as an operator sets them, with all limits of the table off. The pause
/// between two codes is taken away, and time stands still but for what passes here.
async fn s3_an_address_has_as_many_budgets_as_are_set(backend: &Backend) {
    let set = [
        ("RATE_LIMIT_CONFIRM_EMAIL", "3/1h,5/1d"),
        ("RATE_LIMITS", "off"),
    ];
    let set = Config::read(&Source::of(set)).unwrap().limits;
    let app = backend
        .start_with(|config| {
            config.limits = set;
            config.lifetimes.otp_resend = kogents_domain::time::Span::from_secs(0);
        })
        .await;
    app.stand_still();
    let email = "ada@example.com";
    let signup = app.sign_up(email).await;
    app.choose_workspace(&signup, "engines").await;

    // Each round: how many guesses are left of each wrong one, and which budget locks then.
    let hour = (r#""confirm-email-3600s";q=3;w=3600"#, 3_600);
    let day = (r#""confirm-email-86400s";q=5;w=86400"#, 82_800);
    for (left, (policy, wait)) in [(&[2, 1, 0][..], hour), (&[1, 0], day)] {
        let code = app.send_code(&signup, email).await;
        for left in left {
            let answer = guess(&app, &signup, &other_than(&code)).await;
            assert_eq!(answer.problem(400), "otp_invalid");
            assert_eq!(answer.json()["attemptsRemaining"], *left);
        }
        let sent = app.post(SEND, json!({ "sessionId": signup })).await;
        for refused in [guess(&app, &signup, &code).await, sent] {
            assert_eq!(refused.problem(429), "otp_locked");
            assert_eq!(refused.header("ratelimit-policy"), Some(policy));
            let said = refused.header("retry-after").unwrap().parse();
            assert_eq!(said, Ok(wait));
            let (name, _) = policy.split_once(';').unwrap();
            let limit = format!("{name};r=0;t={wait}");
            assert_eq!(refused.header("ratelimit"), Some(limit.as_str()));
        }
        app.advance_secs(wait);
    }

    // A day after the first wrong code all are forgotten.
    app.sign_up_and_confirm(email).await;
}

/// The pause between two codes is taken away.
async fn s4_a_new_code_voids_the_old_one_and_each_is_good_once(backend: &Backend) {
    let app = backend
        .start_with(|config| {
            config.lifetimes.otp_resend = kogents_domain::time::Span::from_secs(0);
        })
        .await;
    let email = "ada@example.com";
    let signup = app.sign_up(email).await;
    app.choose_workspace(&signup, "engines").await;
    let first = app.send_code(&signup, email).await;
    let mut second = app.send_code(&signup, email).await;
    if first == second {
        second = app.send_code(&signup, email).await;
    }
    assert_eq!(
        guess(&app, &signup, &first).await.problem(400),
        "otp_invalid"
    );
    app.confirm(&signup, &second).await;
    assert_eq!(
        guess(&app, &signup, &second).await.problem(404),
        "signup_not_found"
    );
}

async fn s4_a_code_is_good_for_ten_minutes_and_resent_after_one(backend: &Backend) {
    let app = backend.start().await;
    let email = "ada@example.com";
    let signup = app.sign_up(email).await;
    app.choose_workspace(&signup, "engines").await;
    assert_eq!(
        guess(&app, &signup, "000000").await.problem(400),
        "otp_expired"
    );
    let code = app.send_code(&signup, email).await;

    let again = app.post(SEND, json!({ "sessionId": signup })).await;
    assert_eq!(again.problem(429), "otp_resend_too_soon");
    let wait: u64 = again.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");

    app.advance_secs(601);
    assert_eq!(
        guess(&app, &signup, &code).await.problem(400),
        "otp_expired"
    );
    let code = app.send_code(&signup, email).await;
    app.advance_secs(590);
    app.confirm(&signup, &code).await;
}

async fn s4_what_is_no_code_is_no_attempt(backend: &Backend) {
    let app = backend.start().await;
    let email = "ada@example.com";
    let signup = app.sign_up(email).await;
    app.choose_workspace(&signup, "engines").await;
    let code = app.send_code(&signup, email).await;
    for bad in ["12345", "1234567", "abcdef", " 12345", "１２３４５６"] {
        assert_eq!(
            guess(&app, &signup, bad).await.problem(400),
            "validation_failed"
        );
    }
    let wrong = guess(&app, &signup, &other_than(&code)).await;
    assert_eq!(wrong.json()["attemptsRemaining"], 4);
}
