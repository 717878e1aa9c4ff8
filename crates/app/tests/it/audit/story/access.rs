//! Roles and permissions that are made, changed and deleted.

use kogents_domain::audit::AuditAction::{
    PermissionChanged, PermissionCreated, PermissionDeleted, RoleChanged, RoleCreated, RoleDeleted,
    RolePermissionsChanged,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::{ADA, Hand, Story};

impl Story<'_> {
    pub(super) async fn of_access(&mut self) {
        let ada = self.hand(ADA, "2001:db8:1::30").await;
        let permission = self.makes_a_permission(&ada).await;
        self.makes_a_role(&ada, &permission).await;
        self.deletes_the_permission(&ada, &permission).await;
    }

    async fn makes(&self, ada: &Hand, path: &str, body: Value) -> String {
        let made = self
            .send(ada, Method::POST, path, Some(body))
            .await
            .expect(201);
        made["id"].as_str().unwrap().to_owned()
    }

    async fn makes_a_permission(&mut self, ada: &Hand) -> String {
        let body = json!({ "name": "reports:export", "description": "", "category": "reports" });
        let id = self.makes(ada, "/permissions", body).await;
        let expected = self.here(
            PermissionCreated,
            &ada.by(),
            ("permission", &id),
            json!({ "name": "reports:export" }),
        );
        self.tells(vec![expected]).await;
        let path = format!("/permissions/{id}");
        for (body, details) in [
            (
                json!({ "name": "reports:print" }),
                json!({ "nameFrom": "reports:export", "nameTo": "reports:print" }),
            ),
            (
                json!({ "description": "Free text.", "category": "paper" }),
                json!({ "name": "reports:print", "changed": ["description", "category"] }),
            ),
            (
                json!({ "name": "reports:send", "description": "Other text." }),
                json!({
                    "nameFrom": "reports:print", "nameTo": "reports:send",
                    "changed": ["description"],
                }),
            ),
        ] {
            self.send(ada, Method::PUT, &path, Some(body))
                .await
                .expect(200);
            let target = ("permission", id.as_str());
            let expected = self.here(PermissionChanged, &ada.by(), target, details);
            self.tells(vec![expected]).await;
        }
        let body = json!({ "name": "reports:send", "category": "paper" });
        self.send(ada, Method::PUT, &path, Some(body))
            .await
            .expect(200);
        self.tells_nothing().await;
        id
    }

    async fn makes_a_role(&mut self, ada: &Hand, permission: &str) {
        let id = self
            .makes(ada, "/roles", json!({ "name": "Night shift" }))
            .await;
        let target = ("role", id.as_str());
        let expected = self.here(
            RoleCreated,
            &ada.by(),
            target,
            json!({ "name": "Night shift" }),
        );
        self.tells(vec![expected]).await;
        let path = format!("/roles/{id}");
        for (body, details) in [
            (
                json!({ "name": "Day shift" }),
                Some(json!({ "nameFrom": "Night shift", "nameTo": "Day shift" })),
            ),
            (
                json!({ "description": "By day." }),
                Some(json!({ "name": "Day shift", "changed": ["description"] })),
            ),
            (
                json!({ "name": "Day shift", "description": "By day." }),
                None,
            ),
            (json!({}), None),
        ] {
            self.send(ada, Method::PUT, &path, Some(body))
                .await
                .expect(200);
            let expected =
                details.map(|details| self.here(RoleChanged, &ada.by(), target, details));
            self.tells(expected.into_iter().collect()).await;
        }

        let names = ["chat:edit", "chat:read"];
        let mut ids = self.app.permission_ids(&ada.access_token, &names).await;
        let path = format!("/roles/{id}/permissions");
        let edit = json!([ids[0]]);
        ids.push(permission.to_owned());
        let (all, name) = (json!(ids), "Day shift");
        for (method, ids, details) in [
            (
                Method::PUT,
                &all,
                Some(json!({ "added": ["chat:edit", "chat:read", "reports:send"] })),
            ),
            (Method::PUT, &all, None),
            (Method::POST, &edit, None),
            (
                Method::DELETE,
                &edit,
                Some(json!({ "removed": ["chat:edit"] })),
            ),
            (Method::DELETE, &edit, None),
            (Method::POST, &edit, Some(json!({ "added": ["chat:edit"] }))),
            (
                Method::PUT,
                &edit,
                Some(json!({ "removed": ["chat:read", "reports:send"] })),
            ),
        ] {
            let body = json!({ "permissionIds": ids });
            self.send(ada, method, &path, Some(body)).await.expect(200);
            let expected = details.map(|mut details: Value| {
                details["name"] = json!(name);
                self.here(RolePermissionsChanged, &ada.by(), target, details)
            });
            self.tells(expected.into_iter().collect()).await;
        }
        self.send(ada, Method::DELETE, &format!("/roles/{id}"), None)
            .await
            .expect_status(204);
        let expected = self.here(RoleDeleted, &ada.by(), target, json!({ "name": name }));
        self.tells(vec![expected]).await;
    }

    async fn deletes_the_permission(&mut self, ada: &Hand, id: &str) {
        let path = format!("/permissions/{id}");
        self.send(ada, Method::DELETE, &path, None)
            .await
            .expect_status(204);
        let expected = self.here(
            PermissionDeleted,
            &ada.by(),
            ("permission", id),
            json!({ "name": "reports:send" }),
        );
        self.tells(vec![expected]).await;
        self.send(ada, Method::DELETE, &path, None)
            .await
            .expect_status(404);
        self.tells_nothing().await;
    }
}
