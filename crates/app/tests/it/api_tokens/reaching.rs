//! What a token reaches, and who may make one.

use std::collections::BTreeSet;

use kogents_domain::time::Span;
use kogents_http::walk;
use reqwest::Method;
use serde_json::{Value, json};

use super::TAKEN_BY;
use crate::support::{Account, Backend, Sql, TestApp, on_both};

on_both!(
    s15_a_token_is_taken_by_four_operations_and_no_other,
    a_token_shows_what_a_member_sees_and_writes_nothing,
    s22_a_token_reaches_its_own_workspace_only,
    s23_who_may_not_read_what_a_token_shows_makes_none,
    s21_a_token_is_made_and_revoked_by_whoever_may,
);

/// An operation of the published document.
struct Operation {
    name: String,
    method: Method,
    template: String,
    /// The schemes of each way to call it.
    ways: Vec<BTreeSet<String>>,
    body: Option<Value>,
}

async fn operations(app: &TestApp) -> Vec<Operation> {
    let document = app.get("/openapi.json").await.expect(200);
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let method = method.to_ascii_uppercase();
            let ways = operation["security"].as_array().into_iter().flatten();
            let schemes = |way: &Value| way.as_object().unwrap().keys().cloned().collect();
            let schema = operation.pointer("/requestBody/content/application~1json/schema");
            operations.push(Operation {
                name: format!("{method} {path}"),
                method: Method::from_bytes(method.as_bytes()).unwrap(),
                template: path.clone(),
                ways: ways.map(schemes).collect(),
                body: schema.map(|schema| walk::example(&document, schema)),
            });
        }
    }
    operations
}

impl Operation {
    fn takes(&self, scheme: &str) -> bool {
        self.ways.iter().any(|way| way.contains(scheme))
    }

    fn path(&self, ada: &Account) -> String {
        if self.template.starts_with("/workspace/{id}") {
            self.template.replace("{id}", &ada.workspace_id)
        } else if self.template.starts_with("/users/{id}") {
            self.template.replace("{id}", &ada.user_id)
        } else {
            walk::sample_path(&self.template)
        }
    }

    async fn ask(&self, app: &TestApp, ada: &Account, token: Option<&str>) -> (u16, Value) {
        let mut request = app.request(self.method.clone(), &self.path(ada));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(mut body) = self.body.clone() {
            if self.name == "POST /workspace" {
                // As one of the signed in.
                body.as_object_mut().unwrap().remove("sessionId");
            }
            request = request.json(&body);
        }
        let answer = app.send(request).await;
        (answer.status, answer.json()["code"].clone())
    }
}

async fn s15_a_token_is_taken_by_four_operations_and_no_other(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let operations = operations(&app).await;
    let document = app.get("/openapi.json").await.expect(200);
    // The scheme that is a workspace's, whatever it is called.
    let schemes = document["components"]["securitySchemes"]
        .as_object()
        .unwrap();
    let of_tokens: Vec<&String> = schemes
        .iter()
        .filter(|(name, scheme)| *name != "bearer" && scheme["scheme"] == "bearer")
        .filter(|(_, scheme)| {
            scheme["description"]
                .as_str()
                .unwrap()
                .contains("workspace")
        })
        .map(|(name, _)| name)
        .collect();
    assert_eq!(of_tokens.len(), 1, "{schemes:?}");
    let taking = operations.iter().filter(|one| one.takes(of_tokens[0]));
    let mut names: Vec<&str> = taking.map(|one| one.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, TAKEN_BY);
    for operation in operations.iter().filter(|one| one.takes(of_tokens[0])) {
        // One or the other, and no way in without any.
        let ways: Vec<_> = operation.ways.iter().flatten().collect();
        assert_eq!(ways.len(), 2, "{}", operation.name);
        assert!(operation.takes("bearer"), "{}", operation.name);
    }

    let sql = Sql::of(backend, &app);
    let mut refused = 0;
    for operation in operations.iter().filter(|one| one.takes("bearer")) {
        let kept = sql.rows("sessions", "TRUE").await;
        let asked = operation.ask(&app, &ada, Some(&ada.api_token)).await;
        let name = &operation.name;
        if TAKEN_BY.contains(&name.as_str()) {
            assert_eq!(asked.0, 200, "{name}");
            continue;
        }
        let is_optional = operation.ways.iter().any(BTreeSet::is_empty);
        if is_optional && name != "POST /workspace" {
            // It is nobody's, and so it makes no difference that it came along.
            let without = operation.ask(&app, &ada, None).await;
            let same = asked == without || asked == (401, json!("invalid_token"));
            assert!(same, "{name}: {asked:?} and {without:?}");
        } else {
            assert_eq!(asked, (401, json!("invalid_token")), "{name}");
            refused += 1;
        }
        assert_eq!(sql.rows("sessions", "TRUE").await, kept, "{name}");
    }
    assert!(refused >= 35, "{refused}");
    // Nor is it taken from elsewhere than the header.
    for path in ["/users", "/roles", "/permissions"] {
        let in_query = format!("{path}?access_token={}", ada.api_token);
        let nobody = app.get(&in_query).await;
        assert_eq!(nobody.problem(401), "unauthenticated");
        for (name, value) in [
            ("X-API-Key", ada.api_token.clone()),
            ("Cookie", format!("refreshToken={}", ada.api_token)),
            ("Authorization", format!("Basic {}", ada.api_token)),
        ] {
            let request = app.request(Method::GET, path).header(name, value);
            let nobody = app.send(request).await;
            assert_eq!(nobody.problem(401), "unauthenticated", "{name}");
        }
    }
}

async fn a_token_shows_what_a_member_sees_and_writes_nothing(backend: &Backend) {
    let app = backend
        .start_with(|config| config.sizes.activity_flush = Span::from_secs(3_600))
        .await;
    app.stand_still();
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    app.join(&ada, "bob@example.com", "agent").await;
    let admin = &ada.access_token;
    app.make_role(admin, "Night shift", &["chat:read"]).await;
    let body = json!({ "name": "reports:export", "description": "", "category": "reports" });
    app.post_as(admin, "/permissions", body).await.expect(201);
    let workspace = format!("/workspace/{}", ada.workspace_id);
    app.mail_is_out().await;
    let sql = Sql::of(backend, &app);
    for path in [
        workspace.as_str(),
        "/users",
        "/users?search=bob&limit=1&sortBy=email",
        "/users?status=ACTIVE&role=agent",
        "/roles",
        "/permissions",
    ] {
        let seen = app.get_as(admin, path).await.expect(200);
        let kept = sql.all_rows().await;
        let shown = app.get_as(&ada.api_token, path).await.expect(200);
        assert_eq!(shown, seen, "{path}");
        assert_eq!(sql.all_rows().await, kept, "{path}");
    }
    // What is refused to a member is refused to it, in the same words.
    for path in ["/users?limit=0", "/users?page=x", "/users?sortBy=password"] {
        let refused = app.get_as(&ada.api_token, path).await;
        let member = app.get_as(admin, path).await;
        assert_eq!(refused.problem(400), "validation_failed", "{path}");
        assert_eq!(refused.json()["errors"], member.json()["errors"]);
    }
}

async fn s22_a_token_reaches_its_own_workspace_only(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    // Whoever made it is in both.
    app.admit(&eve, &ada.user_id, "admin").await;
    app.make_role(&eve.access_token, "Of Eve", &[]).await;
    let body = json!({ "name": "eves:own", "description": "", "category": "eve" });
    app.post_as(&eve.access_token, "/permissions", body)
        .await
        .expect(201);
    for id in [
        eve.workspace_id.as_str(),
        "0192f3c0-ffff-7abc-8def-0123456789ab",
        "x",
        "%00",
    ] {
        let path = format!("/workspace/{id}");
        let refused = app.get_as(&ada.api_token, &path).await;
        assert_eq!(refused.problem(404), "not_found", "{id}");
        for refused in [
            app.make_api_token(&ada.access_token, id).await,
            app.revoke_api_token(&ada.access_token, id).await,
        ] {
            assert_eq!(refused.problem(404), "not_found", "{id}");
        }
    }
    for path in ["/users", "/roles", "/permissions"] {
        let shown = app.get_as(&ada.api_token, path).await.expect(200);
        let of_eve = app.get_as(&eve.api_token, path).await.expect(200);
        for name in ["eve@example.com", "Of Eve", "eves:own"] {
            assert!(!shown.to_string().contains(name), "{path} shows {name}");
        }
        assert_ne!(shown, of_eve);
    }
    let role = app.role_id(&eve.access_token, "Of Eve").await;
    let path = format!("/users?role={role}");
    let shown = app.get_as(&ada.api_token, &path).await.expect(200);
    assert_eq!(shown["total"], 0);
    let path = format!("/workspace/{}", eve.workspace_id);
    app.get_as(&eve.api_token, &path).await.expect(200);
}

/// Everything that a token shows.
const SHOWN: [&str; 4] = [
    "workspace:read",
    "users:read",
    "roles:read",
    "permissions:read",
];

async fn s23_who_may_not_read_what_a_token_shows_makes_none(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    for missing in SHOWN {
        let mut holds = vec!["workspace:create", "workspace:delete"];
        holds.extend(SHOWN.into_iter().filter(|held| *held != missing));
        let name = format!("All but {}", missing.replace(':', " "));
        app.make_role(admin, &name, &holds).await;
        let email = format!("{}@example.com", missing.replace(':', "-"));
        let seat = app.join(&ada, &email, &name).await;
        let refused = app
            .make_api_token(&seat.access_token, &ada.workspace_id)
            .await;
        assert_eq!(refused.problem(403), "cannot_grant", "{missing}");
    }
    // Nothing was voided by it.
    app.get_as(&ada.api_token, "/users").await.expect(200);
    let mut holds = vec!["workspace:create"];
    holds.extend(SHOWN);
    app.make_role(admin, "Token makers", &holds).await;
    let maker = app.join(&ada, "maker@example.com", "Token makers").await;
    let made = app.api_token(&maker.access_token, &ada.workspace_id).await;
    app.get_as(&made, "/users").await.expect(200);
    // Making one is no right to revoke one.
    let refused = app
        .revoke_api_token(&maker.access_token, &ada.workspace_id)
        .await;
    assert_eq!(refused.problem(403), "permission_denied");
    // It stays good when its maker is not there any more: it is the workspace's.
    let path = format!("/users/{}", maker.user_id);
    app.delete_as(admin, &path).await.expect(200);
    app.get_as(&made, "/users").await.expect(200);
}

async fn s21_a_token_is_made_and_revoked_by_whoever_may(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    for role in ["viewer", "agent", "manager"] {
        let email = format!("{role}@example.com");
        let seat = app.join(&ada, &email, role).await;
        for id in [&ada.workspace_id, "0192f3c0-ffff-7abc-8def-0123456789ab"] {
            for refused in [
                app.make_api_token(&seat.access_token, id).await,
                app.revoke_api_token(&seat.access_token, id).await,
            ] {
                assert_eq!(refused.problem(403), "permission_denied", "{role}");
            }
        }
    }
    let path = format!("/workspace/{}/api-token", ada.workspace_id);
    for method in [Method::POST, Method::DELETE] {
        let nobody = app.send(app.request(method.clone(), &path)).await;
        assert_eq!(nobody.problem(401), "unauthenticated");
        // Nor does a token rotate itself.
        let refused = app.ask_as(&ada.api_token, method, &path, None).await;
        assert_eq!(refused.problem(401), "invalid_token");
    }
    for unknown in [
        json!({ "name": "x" }),
        json!({ "workspaceId": ada.workspace_id }),
    ] {
        let refused = app.post_as(&ada.access_token, &path, unknown.clone()).await;
        // It has no body: what comes in one is refused or not looked at, never taken.
        assert!([201, 400].contains(&refused.status), "{unknown}");
        if refused.status == 201 {
            let members: Vec<String> = refused
                .json()
                .as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect();
            assert_eq!(members, ["apiToken"]);
        }
    }
}
