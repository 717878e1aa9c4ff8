//! What mailed links are for: choosing a new password, confirming a new address, objecting to a
//! sign-in.

mod confirming_email;
mod new_devices;
mod pages;
mod resetting;

use serde_json::{Value, json};

use crate::support::{Answer, Client, TestApp, link_in};

/// Another password that is strong enough.
const NEW_PASSWORD: &str = "another long passphrase 7";

impl Client {
    async fn request_reset(&self, email: &str) -> Answer {
        let path = "/auth/verify/request-password-reset";
        self.post(path, json!({ "email": email })).await
    }

    async fn reset(&self, token: &str, password: &str) -> Answer {
        let path = "/auth/verify/confirm-password-reset";
        let body = json!({ "token": token, "newPassword": password });
        self.post(path, body).await
    }

    async fn not_me(&self, token: &str) -> Answer {
        self.post("/auth/verify/not-me", json!({ "token": token }))
            .await
    }

    async fn confirm_email(&self, token: &str) -> Answer {
        self.post("/auth/verify/confirm-email", json!({ "token": token }))
            .await
    }
}

/// The token of the link to a page in the newest mail of a template.
async fn mailed_token(app: &TestApp, to: &str, template: &str, page: &str) -> String {
    let mail: Value = app.mail(to, template).await;
    link_in(mail["text"].as_str().unwrap(), page).1
}

/// Asks for a reset and gives the mailed token.
async fn reset_token(app: &TestApp, email: &str) -> String {
    let before = app.mailbox(email).await.len();
    app.request_reset(email).await.expect(200);
    let arrived = async {
        while app.mailbox(email).await.len() == before {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    let limit = std::time::Duration::from_secs(20);
    tokio::time::timeout(limit, arrived).await.expect("a mail");
    mailed_token(app, email, "password_reset", "reset-password").await
}
