//! The API token of a workspace: made, rotated and revoked, and good for reading how it is made up.

mod counting;
mod forging;
mod reaching;
mod rotating;

use reqwest::Method;
use serde_json::Value;

use crate::support::{Answer, Client};

/// The operations that take one.
const TAKEN_BY: [&str; 4] = [
    "GET /permissions",
    "GET /roles",
    "GET /users",
    "GET /workspace/{id}",
];

impl Client {
    /// Makes an API token, or tries to.
    async fn make_api_token(&self, token: &str, workspace: &str) -> Answer {
        let path = format!("/workspace/{workspace}/api-token");
        self.ask_as(token, Method::POST, &path, None).await
    }

    /// Makes an API token.
    async fn api_token(&self, token: &str, workspace: &str) -> String {
        let made = self.make_api_token(token, workspace).await.expect(201);
        let members: Vec<&String> = made.as_object().unwrap().keys().collect();
        assert_eq!(members, ["apiToken"]);
        text(&made["apiToken"])
    }

    /// Revokes the API token, or tries to.
    async fn revoke_api_token(&self, token: &str, workspace: &str) -> Answer {
        let path = format!("/workspace/{workspace}/api-token");
        self.delete_as(token, &path).await
    }

    /// Nobody takes it any more, or ever did.
    async fn is_no_token(&self, api_token: &str) {
        for path in ["/users", "/roles", "/permissions"] {
            let refused = self.get_as(api_token, path).await;
            assert_eq!(refused.problem(401), "invalid_token", "{path}");
            let challenge = refused.header("www-authenticate");
            assert_eq!(challenge, Some("Bearer error=\"invalid_token\""));
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
