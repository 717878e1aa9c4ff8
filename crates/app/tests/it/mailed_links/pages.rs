//! The pages that mailed links open, where there is no dashboard.

use super::reset_token;
use crate::support::{Backend, PASSWORD, on_both};

on_both!(opening_a_mailed_link_does_nothing);

async fn opening_a_mailed_link_does_nothing(backend: &Backend) {
    let app = backend.start().await;
    app.sign_up_and_confirm("ada@example.com").await;
    let token = reset_token(&app, "ada@example.com").await;
    for page in ["reset-password", "not-me", "confirm-email"] {
        for _ in 0..2 {
            let answer = app.get(&format!("/{page}?token={token}")).await;
            answer.expect_status(200);
            let policy = answer.header("content-security-policy").unwrap();
            assert!(policy.contains("script-src 'self'"), "{policy}");
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            // The token is in the link and nowhere else.
            assert!(!answer.text.contains(&token));
            assert!(answer.text.contains("<script src=\"/docs/mailed-link.js\""));
        }
    }
    let script = app.get("/docs/mailed-link.js").await;
    script.expect_status(200);
    assert_eq!(script.header("content-type"), Some("text/javascript"));
    app.log_in("ada@example.com", PASSWORD).await.expect(200);
    app.reset(&token, super::NEW_PASSWORD).await.expect(200);
}
