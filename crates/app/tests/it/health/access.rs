//! In production the health token opens what is told of the database, and stands nowhere.

use kogents::config::Mode;
use kogents_domain::secret::SecretText;

use crate::support::{Backend, on_both, secret};

on_both!(s21_in_production_the_configured_token_opens_what_is_told_of_the_database);

const TOKEN: &str = "b8Yw2Qm7LkVt5ZrXn0PjHs4GdFa9UeCi";

async fn s21_in_production_the_configured_token_opens_what_is_told_of_the_database(
    backend: &Backend,
) {
    secret(TOKEN);
    let app = backend
        .start_with(|config| {
            config.mode = Mode::Production;
            config.keys.health_token = Some(SecretText::new(TOKEN));
        })
        .await;
    for path in [
        "/health/database",
        "/health/database/pool",
        "/health/database/performance",
    ] {
        assert_eq!(app.get(path).await.problem(401), "unauthenticated");
        let refused = app.get_as("canary-of-a-token", path).await;
        assert_eq!(refused.problem(401), "invalid_token");
        let told = app.get_as(TOKEN, path).await;
        told.expect_status(200);
        assert!(!told.text.contains(TOKEN));
    }
    // Nothing else opens to it, and whoever asks how the server is needs no token.
    let refused = app.get_as(TOKEN, "/health/sessions").await;
    assert_eq!(refused.problem(401), "invalid_token");
    app.get("/health").await.expect(200);

    let app = app
        .restart_with(|config| config.keys.health_token = None)
        .await;
    let absent = app.get_as(TOKEN, "/health/database").await;
    assert_eq!(absent.problem(404), "not_found");
}
