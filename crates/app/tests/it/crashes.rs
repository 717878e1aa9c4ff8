//! `kill -9` after each acknowledged step: what was committed is there, and what lived in the
//! process is gone without a trace that misleads anybody. A signup lives as long as its cache.

use serde_json::json;

use crate::support::{Backend, Folder, PASSWORD, Program, on_both};

on_both!(r1_what_was_acknowledged_survives_a_crash);

/// Kills the server without a warning and starts it again on what it left.
fn crash(folder: &Folder, program: Program) -> Program {
    assert_eq!(program.end_by("KILL").code(), None);
    folder.start()
}

#[tokio::test]
async fn r1_a_signup_that_is_not_confirmed_is_gone_after_a_crash() {
    let folder = Folder::new();
    let email = "ada@example.com";
    let mut program = folder.start();

    let signup = program.client.sign_up(email).await;
    program = crash(&folder, program);
    let resume = json!({ "sessionId": signup });
    let answer = program.client.post("/auth/resume", resume).await;
    assert_eq!(answer.problem(404), "signup_not_found");

    let signup = program.client.sign_up(email).await;
    program.client.choose_workspace(&signup, "engines").await;
    program = crash(&folder, program);
    let answer = program
        .client
        .post(
            "/auth/verify/send-for-session",
            json!({ "sessionId": signup }),
        )
        .await;
    assert_eq!(answer.problem(404), "signup_not_found");

    let signup = program.client.sign_up(email).await;
    program.client.choose_workspace(&signup, "engines").await;
    let code = program.client.send_code(&signup, email).await;
    program = crash(&folder, program);
    let body = json!({ "sessionId": signup, "code": code });
    let answer = program
        .client
        .post("/auth/verify/confirm-for-session", body)
        .await;
    assert_eq!(answer.problem(404), "signup_not_found");

    // Neither the address nor the slug was taken by any of it.
    program.client.sign_up_and_confirm(email).await;
}

async fn r1_what_was_acknowledged_survives_a_crash(backend: &Backend) {
    let folder = Folder::on(backend);
    let mut program = folder.start();

    let account = program.client.sign_up_and_confirm("ada@example.com").await;
    program = crash(&folder, program);
    program
        .client
        .get_as(&account.access_token, "/health/sessions")
        .await
        .expect(200);

    let refreshed = program
        .client
        .refresh(&account.refresh_token)
        .await
        .expect(200);
    program = crash(&folder, program);
    // The token that was spent a moment ago is still answered with the same current one.
    let again = program
        .client
        .refresh(&account.refresh_token)
        .await
        .expect(200);
    assert_eq!(again["refresh_token"], refreshed["refresh_token"]);

    let signed_in = program
        .client
        .log_in(&account.email, PASSWORD)
        .await
        .expect(200);
    let token = signed_in["access_token"].as_str().unwrap();
    program = crash(&folder, program);
    let sessions = program
        .client
        .get_as(token, "/health/sessions")
        .await
        .expect(200);
    assert_eq!(sessions["total"], 2);

    let path = format!("/health/sessions/{}", account.session_id);
    program.client.delete_as(token, &path).await.expect(200);
    program = crash(&folder, program);
    let answer = program
        .client
        .get_as(&account.access_token, "/health/sessions")
        .await;
    assert_eq!(answer.problem(401), "invalid_token");
    let current = refreshed["refresh_token"].as_str().unwrap();
    assert_eq!(
        program.client.refresh(current).await.problem(401),
        "invalid_refresh_token"
    );

    let logout = json!({ "refresh_token": signed_in["refresh_token"] });
    program
        .client
        .post_native("/auth/logout", logout)
        .await
        .expect(204);
    program = crash(&folder, program);
    let answer = program.client.get_as(token, "/health/sessions").await;
    assert_eq!(answer.problem(401), "invalid_token");
    program
        .client
        .log_in(&account.email, PASSWORD)
        .await
        .expect(200);
}

#[tokio::test]
async fn r1_a_signup_outlives_a_crash_where_its_cache_does() {
    let Some(backend) = Backend::servers().await else {
        return;
    };
    let folder = Folder::on(&backend);
    let email = "ada@example.com";
    let mut program = folder.start();

    let signup = program.client.sign_up(email).await;
    program = crash(&folder, program);
    program.client.choose_workspace(&signup, "engines").await;
    program = crash(&folder, program);
    let code = program.client.send_code(&signup, email).await;
    program = crash(&folder, program);
    let account = program.client.confirm(&signup, &code).await;
    program = crash(&folder, program);
    program
        .client
        .get_as(&account.access_token, "/health/sessions")
        .await
        .expect(200);
    let resume = json!({ "sessionId": signup });
    let answer = program.client.post("/auth/resume", resume).await;
    assert_eq!(answer.problem(404), "signup_not_found");
}
