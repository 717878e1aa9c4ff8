//! Workspaces that are made, changed, gone to and deleted, and their API tokens.

use kogents_domain::audit::AuditAction::{
    ApiTokenCreated, ApiTokenRevoked, BrandingChanged, MemberJoined, PasswordRejected,
    SessionEnded, SessionMoved, WorkspaceChanged, WorkspaceCreated, WorkspaceDeleted,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::sessions::hyphenated;
use super::{ADA, Hand, Story, entry};
use crate::support::PASSWORD;

impl Story<'_> {
    pub(super) async fn of_workspaces(&mut self) {
        let ada = self.hand(ADA, "198.51.100.50").await;
        self.changes_the_workspace(&ada).await;
        self.rotates_the_token(&ada).await;
        self.makes_and_deletes_another(ada).await;
    }

    async fn changes_the_workspace(&mut self, ada: &Hand) {
        let id = self.workspace().to_owned();
        let target = ("workspace", id.as_str());
        let path = format!("/workspace/{id}");
        for (body, changed, rebranded) in [
            (
                json!({ "name": "Motors", "slug": "motors", "language": "de" }),
                Some(json!({
                    "nameFrom": "Engines", "nameTo": "Motors",
                    "slugFrom": "ada-example-com", "slugTo": "motors", "languageTo": "de",
                })),
                None,
            ),
            (
                json!({ "branding": { "primaryColor": "#112233", "companyName": "Motors" } }),
                None,
                Some(json!(["companyName", "primaryColor"])),
            ),
            (
                json!({
                    "language": "en", "slug": "motors",
                    "branding": { "primaryColor": "#445566", "theme": "dark" },
                }),
                Some(json!({ "languageFrom": "de", "languageTo": "en" })),
                Some(json!(["primaryColor", "theme"])),
            ),
            (
                json!({ "language": null, "branding": null }),
                Some(json!({ "languageFrom": "en" })),
                Some(json!(["companyName", "primaryColor", "theme"])),
            ),
            (json!({ "name": "Motors", "branding": {} }), None, None),
            (json!({}), None, None),
        ] {
            self.send(ada, Method::PATCH, &path, Some(body))
                .await
                .expect(200);
            let changed =
                changed.map(|details| self.here(WorkspaceChanged, &ada.by(), target, details));
            let rebranded = rebranded.map(|names| {
                let details = json!({ "changed": names });
                self.here(BrandingChanged, &ada.by(), target, details)
            });
            let expected = changed.into_iter().chain(rebranded).collect();
            self.tells(expected).await;
        }
    }

    /// The id and the first characters of a workspace's good token.
    async fn api_token(&self, workspace: &str) -> (String, String) {
        let query = format!(
            "SELECT {} || ' ' || prefix AS line FROM api_tokens \
             WHERE workspace_id = {} AND revoked_at IS NULL",
            self.sql.digits("id"),
            self.sql.id(workspace)
        );
        let lines = self.sql.lines(&query).await;
        let (id, prefix) = lines[0].split_once(' ').unwrap();
        (hyphenated(id), prefix.to_owned())
    }

    async fn rotates_the_token(&mut self, ada: &Hand) {
        let path = format!("/workspace/{}/api-token", self.workspace());
        let mut last = String::new();
        for _ in 0..2 {
            let made = self.send(ada, Method::POST, &path, None).await.expect(201);
            let (id, prefix) = self.api_token(self.workspace()).await;
            let secret = made["apiToken"].as_str().unwrap();
            assert!(secret.starts_with(&prefix) && secret.len() > prefix.len() + 30);
            let details = json!({ "prefix": prefix });
            let target = ("api_token", id.as_str());
            let expected = self.here(ApiTokenCreated, &ada.by(), target, details);
            self.tells(vec![expected]).await;
            last = id;
        }
        for round in 0..2 {
            self.send(ada, Method::DELETE, &path, None)
                .await
                .expect_status(204);
            let target = ("api_token", last.as_str());
            let expected = vec![self.here(ApiTokenRevoked, &ada.by(), target, json!({}))];
            self.tells(if round == 0 { expected } else { Vec::new() })
                .await;
        }
    }

    async fn makes_and_deletes_another(&mut self, ada: Hand) {
        let body = json!({ "name": "Second", "slug": "second" });
        let made = self
            .send(&ada, Method::POST, "/workspace", Some(body))
            .await;
        let second = made.expect(201)["id"].as_str().unwrap().to_owned();
        let (token, prefix) = self.api_token(&second).await;
        let there = |action, target: (&str, &str), details: Value| {
            entry(action, Some(&second), &ada.by(), Some(target), details)
        };
        let expected = vec![
            there(
                WorkspaceCreated,
                ("workspace", &second),
                json!({ "name": "Second", "slug": "second" }),
            ),
            there(
                MemberJoined,
                ("person", &ada.user),
                json!({ "role": "admin" }),
            ),
            there(
                ApiTokenCreated,
                ("api_token", &token),
                json!({ "prefix": prefix }),
            ),
        ];
        self.tells(expected).await;

        let mut mover = ada.clone();
        for round in 0..2 {
            let body = json!({ "workspaceId": second });
            let path = "/auth/switch-workspace";
            let moved = self.send(&mover, Method::POST, path, Some(body)).await;
            mover.access_token = moved.expect(200)["access_token"]
                .as_str()
                .unwrap()
                .to_owned();
            let expected = vec![there(SessionMoved, ("session", &ada.session), json!({}))];
            self.tells(if round == 0 { expected } else { Vec::new() })
                .await;
        }
        // The next sign-in opens there, and goes with it.
        let other = self.hand(ADA, "198.51.100.51").await;
        let path = format!("/workspace/{second}");
        let wrong = json!({ "currentPassword": "not hers" });
        self.send(&mover, Method::DELETE, &path, Some(wrong))
            .await
            .expect(403);
        let expected = there(PasswordRejected, ("person", &ada.user), json!({}));
        self.tells(vec![expected]).await;
        let body = json!({ "currentPassword": PASSWORD });
        self.send(&mover, Method::DELETE, &path, Some(body))
            .await
            .expect_status(204);
        let expected = vec![
            there(WorkspaceDeleted, ("workspace", &second), json!({})),
            there(
                SessionEnded,
                ("session", &other.session),
                json!({ "reason": "removed" }),
            ),
        ];
        self.tells(expected).await;
    }
}
