//! S28: one mailbox is one account, and conflicts come from constraints.

use futures_util::future::join_all;
use serde_json::json;

use crate::support::{Backend, PASSWORD, on_both};

on_both!(
    s28_variants_of_an_address_are_one_account,
    s28_rivals_for_an_address_are_told_apart_by_the_constraint,
    s28_rivals_for_a_slug_get_a_conflict_and_can_go_on,
);

async fn s28_variants_of_an_address_are_one_account(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@b\u{00FC}cher.example").await;
    for variant in [
        "ADA@b\u{00FC}cher.example",
        " ada@xn--bcher-kva.example ",
        "ada@BU\u{0308}CHER.example",
        "\u{FF21}da@b\u{00FC}cher\u{3002}example",
    ] {
        let signed_in = app.log_in(variant, PASSWORD).await.expect(200);
        assert_eq!(signed_in["user"]["id"], *account.user_id, "{variant}");
        assert_eq!(signed_in["user"]["email"], "ada@b\u{00FC}cher.example");
        app.sign_up(variant).await;
    }
    app.mail("ada@b\u{00FC}cher.example", "account_exists")
        .await;
}

/// Signups of one address that are confirmed at the same moment: one person is made, and for the
/// others their right code is a wrong one.
async fn s28_rivals_for_an_address_are_told_apart_by_the_constraint(backend: &Backend) {
    let app = backend.start().await;
    let email = "ada@example.com";
    let mut signups = Vec::new();
    for slug in ["one", "two", "three", "four"] {
        let signup = app.sign_up(email).await;
        app.choose_workspace(&signup, slug).await;
        let code = app.send_code(&signup, email).await;
        signups.push(json!({ "sessionId": signup, "code": code }));
    }
    let confirm = "/auth/verify/confirm-for-session";
    let answers = join_all(signups.into_iter().map(|body| app.post(confirm, body))).await;
    let won = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(won, 1);
    for lost in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(lost.problem(400), "otp_invalid");
    }
}

async fn s28_rivals_for_a_slug_get_a_conflict_and_can_go_on(backend: &Backend) {
    let app = backend.start().await;
    let mut signups = Vec::new();
    for email in ["ada@example.com", "bob@example.com", "eve@example.com"] {
        let signup = app.sign_up(email).await;
        app.choose_workspace(&signup, "engines").await;
        let code = app.send_code(&signup, email).await;
        signups.push((signup.clone(), json!({ "sessionId": signup, "code": code })));
    }
    let confirm = "/auth/verify/confirm-for-session";
    let tries = signups
        .iter()
        .map(|(_, body)| app.post(confirm, body.clone()));
    let answers = join_all(tries).await;
    assert_eq!(
        answers.iter().filter(|answer| answer.status == 201).count(),
        1
    );
    for ((signup, body), answer) in signups.iter().zip(&answers) {
        if answer.status == 201 {
            continue;
        }
        assert_eq!(answer.problem(409), "slug_taken");
        let same = json!({ "sessionId": signup, "name": "Engines", "slug": "engines" });
        assert_eq!(
            app.post("/workspace", same).await.problem(409),
            "slug_taken"
        );
        let slug = format!(
            "engines-{}",
            &signup[4..10].to_lowercase().replace(['_', '-'], "x")
        );
        app.choose_workspace(signup, &slug).await;
        app.post(confirm, body.clone()).await.expect(201);
    }
}
