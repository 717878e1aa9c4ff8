//! S7 and S8: a signup is a state machine, and nothing of it is usable before its end.

use futures_util::future::join_all;
use kogents_domain::auth::EmailAddress;
use kogents_domain::store::Scope;
use kogents_domain::workspace::Slug;
use serde_json::{Value, json};

use crate::support::{Backend, PASSWORD, on_both};

on_both!(
    s7_before_the_confirmation_nothing_usable_exists,
    s8_fifty_parallel_confirmations_make_one_account,
    s8_each_step_says_what_comes_next_and_none_is_a_dead_end,
    s8_a_signup_ends_a_day_after_its_start,
    s8_the_aliases_of_the_verify_routes_do_the_same,
);

const CONFIRM: &str = "/auth/verify/confirm-for-session";
const SEND: &str = "/auth/verify/send-for-session";

async fn s7_before_the_confirmation_nothing_usable_exists(backend: &Backend) {
    let app = backend.start().await;
    let email = "ada@example.com";
    let signup = app.sign_up(email).await;
    app.choose_workspace(&signup, "engines").await;
    app.send_code(&signup, email).await;

    assert_eq!(
        app.log_in(email, PASSWORD).await.problem(401),
        "invalid_credentials"
    );
    let mut unit = app.store().read(Scope::System).await.unwrap();
    let address = EmailAddress::parse(email).unwrap();
    assert!(
        unit.users()
            .find_by_email(&address)
            .await
            .unwrap()
            .is_none()
    );
    let slug = Slug::parse("engines").unwrap();
    assert!(
        unit.workspaces()
            .find_by_slug(&slug)
            .await
            .unwrap()
            .is_none()
    );
    drop(unit);

    // The slug is blocked for nobody: whoever confirms first has it.
    app.sign_up_and_confirm("engines@example.com").await;
    let other = app.sign_up("bob@example.com").await;
    app.choose_workspace(&other, "engines").await;
    let code = app.send_code(&other, "bob@example.com").await;
    app.confirm(&other, &code).await;
    app.advance_secs(601);
    let code = app.send_code(&signup, email).await;
    let body = json!({ "sessionId": signup, "code": code });
    assert_eq!(
        app.post(CONFIRM, body.clone()).await.problem(409),
        "slug_taken"
    );

    // Another slug, and the same code is still good.
    app.choose_workspace(&signup, "engines-2").await;
    app.post(CONFIRM, body).await.expect(201);
}

async fn s8_fifty_parallel_confirmations_make_one_account(backend: &Backend) {
    let app = backend.start().await;
    let email = "ada@example.com";
    let signup = app.sign_up(email).await;
    app.choose_workspace(&signup, "engines").await;
    let code = app.send_code(&signup, email).await;

    let body = json!({ "sessionId": signup, "code": code });
    let answers = join_all((0..50).map(|_| app.post(CONFIRM, body.clone()))).await;
    let won: Vec<Value> = answers
        .iter()
        .filter(|a| a.status == 201)
        .map(crate::support::Answer::json)
        .collect();
    assert_eq!(won.len(), 1);
    for lost in answers.iter().filter(|a| a.status != 201) {
        match lost.status {
            404 => assert_eq!(lost.problem(404), "signup_not_found"),
            409 => assert_eq!(lost.problem(409), "confirmation_in_progress"),
            other => panic!("{other}: {}", lost.text),
        }
    }
    let signed_in = app.log_in(email, PASSWORD).await.expect(200);
    assert_eq!(signed_in["user"]["id"], won[0]["user"]["id"]);
}

async fn s8_each_step_says_what_comes_next_and_none_is_a_dead_end(backend: &Backend) {
    let app = backend.start().await;
    let email = "ada@example.com";
    let signup = app.sign_up(email).await;
    let body = json!({ "sessionId": signup });

    assert_eq!(
        app.post("/auth/resume", body.clone()).await.expect(200)["step"],
        "signup"
    );
    assert_eq!(
        app.post(SEND, body.clone()).await.problem(409),
        "workspace_required"
    );
    let guess = json!({ "sessionId": signup, "code": "123456" });
    assert_eq!(app.post(CONFIRM, guess).await.problem(400), "otp_expired");

    app.choose_workspace(&signup, "engines").await;
    let resumed = app.post("/auth/resume", body.clone()).await.expect(200);
    assert_eq!(resumed["step"], "workspace_created");
    assert_eq!(
        resumed["workspace"],
        json!({ "name": "Engines", "slug": "engines" })
    );

    let code = app.send_code(&signup, email).await;
    let again = json!({ "sessionId": signup, "name": "Other engines", "slug": "other" });
    assert_eq!(
        app.post("/workspace", again).await.expect(201)["step"],
        "email_sent"
    );
    let resumed = app.post("/auth/resume", body.clone()).await.expect(200);
    assert_eq!(resumed["step"], "email_sent");
    assert_eq!(
        resumed["user"],
        json!({ "name": "Ada Lovelace", "email": email })
    );
    let remaining = resumed["timeRemaining"].as_u64().unwrap();
    assert!((86_300..=86_400).contains(&remaining), "{remaining}");

    let confirmed = json!({ "sessionId": signup, "code": code });
    let confirmed = app.post(CONFIRM, confirmed).await.expect(201);
    assert_eq!(confirmed["workspace"]["slug"], "other");
    for path in ["/auth/resume", SEND] {
        assert_eq!(
            app.post(path, body.clone()).await.problem(404),
            "signup_not_found"
        );
    }
}

async fn s8_a_signup_ends_a_day_after_its_start(backend: &Backend) {
    let app = backend.start().await;
    let signup = app.sign_up("ada@example.com").await;
    app.advance_secs(86_000);
    app.choose_workspace(&signup, "engines").await;
    app.advance_secs(401);
    let body = json!({ "sessionId": signup });
    assert_eq!(
        app.post("/auth/resume", body.clone()).await.problem(404),
        "signup_not_found"
    );
    assert_eq!(app.post(SEND, body).await.problem(404), "signup_not_found");
}

async fn s8_the_aliases_of_the_verify_routes_do_the_same(backend: &Backend) {
    let app = backend.start().await;
    let email = "ada@example.com";
    let signup = app.sign_up(email).await;
    app.choose_workspace(&signup, "engines").await;
    app.post("/auth/verify/send-otp", json!({ "sessionId": signup }))
        .await
        .expect(200);
    let mail = app.mail(email, "verification_code").await;
    let body = json!({ "sessionId": signup, "code": mail["otp"] });
    app.post("/auth/verify/confirm-otp", body).await.expect(201);
}
