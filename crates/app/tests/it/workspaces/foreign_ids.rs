//! S20, S22: whoever asks for what is another workspace's is told that it does not exist, and it
//! stays as it was.

use std::collections::BTreeMap;

use kogents_testkit::builders::unique_word;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Account, Backend, TestApp, on_both, tenant_rows};

on_both!(
    s22_every_operation_with_an_id_answers_foreign_ids_as_unknown_ones_and_changes_nothing,
    s22_foreign_ids_in_bodies_queries_and_cursors_name_nothing,
    s22_a_member_of_two_workspaces_reaches_the_current_one_only,
);

/// An id that nothing has.
const UNKNOWN: &str = "0192f3c0-ffff-7abc-8def-0123456789ab";

/// Operations that take an id in their path, but none of a workspace's.
const OF_NO_WORKSPACE: [&str; 4] = ["{token}", "{code}", "{file}", "{slug}"];

/// An operation of the published document that takes an id.
#[derive(Debug, Clone)]
struct Operation {
    method: Method,
    template: String,
    body: Option<Value>,
    /// The permission that it needs; None where being signed in is enough.
    needs: Option<String>,
    /// Who is not signed in may call it.
    is_public: bool,
}

/// What a workspace has of each kind, by the path that takes its id.
type Ids = BTreeMap<&'static str, Vec<String>>;

/// Every operation with an id of something that a workspace has.
async fn operations(app: &TestApp) -> Vec<Operation> {
    let document = app.get("/openapi.json").await.expect(200);
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let is_foreign = !path.contains('{') || OF_NO_WORKSPACE.iter().any(|p| path.contains(p));
        if is_foreign {
            continue;
        }
        for (method, operation) in item.as_object().unwrap() {
            let schema = operation.pointer("/requestBody/content/application~1json/schema");
            let access = operation["x-access"].as_str().unwrap();
            found.push(Operation {
                method: Method::from_bytes(method.to_ascii_uppercase().as_bytes()).unwrap(),
                template: path.clone(),
                body: schema.map(|schema| kogents_http::walk::example(&document, schema)),
                // Some are open to others too: `users:read, or the workspace's API token`.
                needs: access
                    .split(", ")
                    .next()
                    .filter(|needed| needed.contains(':'))
                    .map(str::to_owned),
                is_public: access == "public",
            });
        }
    }
    found
}

/// A workspace with something of every kind that has an id.
async fn furnished(app: &TestApp, account: &Account) -> Ids {
    let admin = &account.access_token;
    let role = app.make_role(admin, "Night shift", &["chat:read"]).await;
    let permission = app
        .post_as(
            admin,
            "/permissions",
            json!({ "name": "reports:export", "description": "", "category": "reports" }),
        )
        .await
        .expect(201);
    let invited = json!({
        "name": "Guest", "email": format!("guest-of-{}", account.email), "role_name": "viewer",
    });
    let invitation = app.post_as(admin, "/users", invited).await.expect(201);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let invitation = text(&invitation["id"]);
    BTreeMap::from([
        ("/workspace/{id}", vec![account.workspace_id.clone()]),
        (
            "/users/{id}",
            vec![account.user_id.clone(), invitation.clone()],
        ),
        ("/invitations/{id}", vec![invitation]),
        ("/roles/{id}", vec![role]),
        ("/permissions/{id}", vec![text(&permission["id"])]),
    ])
}

/// The ids that fit an operation.
fn ids_for<'a>(ids: &'a Ids, template: &str) -> &'a [String] {
    let fitting = ids.iter().find(|(path, _)| template.starts_with(**path));
    let (_, ids) = fitting.unwrap_or_else(|| panic!("nothing has an id for {template}"));
    ids
}

impl Operation {
    async fn ask(&self, app: &TestApp, token: Option<&str>, id: &str) -> (u16, Value) {
        let path = self.template.replace("{id}", id);
        let mut request = app.request(self.method.clone(), &path);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = &self.body {
            request = request.json(body);
        }
        let answer = app.send(request).await;
        let mut body = answer.json();
        if let Some(body) = body.as_object_mut() {
            // What is the request's own.
            for member in ["requestId", "instance"] {
                body.remove(member);
            }
        }
        (answer.status, body)
    }
}

async fn s22_every_operation_with_an_id_answers_foreign_ids_as_unknown_ones_and_changes_nothing(
    backend: &Backend,
) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    let foreign = furnished(&app, &ada).await;
    let operations = operations(&app).await;
    assert!(operations.len() >= 21, "{}", operations.len());

    // Of Eve's workspace: its admin, members with and without rights, a member of both whose
    // session is in Eve's; and who is in no workspace at all.
    let agent = app.join(&eve, "agent@example.com", "agent").await;
    let manager = app.join(&eve, "manager@example.com", "manager").await;
    let both = app.join(&eve, "both@example.com", "admin").await;
    app.admit(&ada, &both.user_id, "admin").await;
    let stranger = app.join(&eve, "stranger@example.com", "viewer").await;
    let path = format!("/users/{}", stranger.user_id);
    app.delete_as(&eve.access_token, &path).await.expect(200);
    let stranger = app.seat("stranger@example.com").await;
    let callers = [
        ("admin", &eve.access_token),
        ("agent", &agent.access_token),
        ("manager", &manager.access_token),
        ("both", &both.access_token),
        ("stranger", &stranger.access_token),
    ];
    let mut held = BTreeMap::new();
    for (name, token) in callers {
        let profile = app.get_as(token, "/users/profile").await.expect(200);
        let permissions = profile["permissions"].as_array().unwrap().iter();
        let names = permissions.map(|held| held["name"].as_str().unwrap().to_owned());
        held.insert(name, names.collect::<Vec<_>>());
    }
    assert!(held["stranger"].is_empty());

    let before = tenant_rows(backend, &app, &ada.workspace_id).await;
    let mut asked = 0;
    for operation in &operations {
        for id in ids_for(&foreign, &operation.template) {
            let name = format!("{} {}", operation.method, operation.template);
            let nobody = operation.ask(&app, None, id).await;
            let expected = if operation.is_public { 404 } else { 401 };
            assert_eq!(nobody.0, expected, "{name}: {}", nobody.1);
            for (caller, token) in callers {
                let answered = operation.ask(&app, Some(token), id).await;
                let unknown = operation.ask(&app, Some(token), UNKNOWN).await;
                assert_eq!(answered, unknown, "{name} as {caller}");
                let may = operation
                    .needs
                    .as_ref()
                    .is_none_or(|needed| held[caller].contains(needed));
                let expected = if may { 404 } else { 403 };
                assert_eq!(answered.0, expected, "{name} as {caller}: {}", answered.1);
                asked += 1;
            }
            for malformed in ["x", "%00", "..%2f", "00000000-0000-0000-0000-000000000000"] {
                let answered = operation
                    .ask(&app, Some(&eve.access_token), malformed)
                    .await;
                assert_eq!(answered.0, 404, "{name} with {malformed}: {}", answered.1);
            }
        }
    }
    assert!(asked >= 100, "{asked}");
    let after = tenant_rows(backend, &app, &ada.workspace_id).await;
    assert_eq!(after, before);

    // The same operations on what is their own workspace's: who holds the permission reaches it,
    // and who does not is refused. Each is asked of something made for it alone.
    for operation in operations {
        let name = format!("{} {}", operation.method, operation.template);
        let is_deletion = name == "DELETE /workspace/{id}";
        let operation = Operation {
            // The workspace is to stay: the example is the password that everybody here has.
            body: match operation.body {
                Some(_) if is_deletion => Some(json!({ "currentPassword": "not theirs" })),
                body => body,
            },
            ..operation
        };
        for (caller, token) in callers {
            let id = fresh(&app, &eve, &operation.template).await;
            let (status, body) = operation.ask(&app, Some(token), &id).await;
            let code = body["code"].as_str().unwrap_or_default().to_owned();
            let may = operation
                .needs
                .as_ref()
                .is_none_or(|needed| held[caller].contains(needed));
            if !may {
                let told = (status, code.as_str());
                assert_eq!(told, (403, "permission_denied"), "{name} as {caller}");
                continue;
            }
            // What the document's example asks for may not be: a role that there is not, a password
            // that is not theirs, a permission of nobody's. But that is said of what was found.
            let takes_grants = operation.template.ends_with("/permissions");
            let is_found = status != 404 || takes_grants;
            let is_reached = is_found && status < 500 && code != "permission_denied";
            assert!(is_reached, "{name} as {caller}: {status} {body}");
        }
    }
}

/// The id of something that was just made in the account's workspace, of the kind that a path
/// takes.
async fn fresh(app: &TestApp, account: &Account, template: &str) -> String {
    let admin = &account.access_token;
    let word = unique_word();
    let made = async |path: &str, body: Value| {
        let made = app.post_as(admin, path, body).await.expect(201);
        made["id"].as_str().unwrap().to_owned()
    };
    let invited = json!({
        "name": "Guest", "email": format!("{word}@example.com"), "role_name": "viewer",
    });
    if template.starts_with("/users/{id}/") {
        // Somebody who is a member: what is asked is for no invitation.
        return app
            .newcomer(account, &format!("{word}@example.com"), "viewer")
            .await;
    }
    match template.split("/{id}").next().unwrap() {
        "/workspace" => account.workspace_id.clone(),
        "/users" | "/invitations" => made("/users", invited).await,
        "/roles" => made("/roles", json!({ "name": word })).await,
        "/permissions" => {
            let body = json!({ "name": format!("a{word}:read"), "category": "tests" });
            made("/permissions", body).await
        }
        other => panic!("nothing is made for {other}"),
    }
}

async fn s22_a_member_of_two_workspaces_reaches_the_current_one_only(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    app.admit(&eve, &ada.user_id, "admin").await;
    let ids = furnished(&app, &eve).await;
    for (path, ids) in &ids {
        for id in ids {
            if *path == "/invitations/{id}" || id == &ada.user_id {
                continue;
            }
            let read = if *path == "/permissions/{id}" {
                let path = path.replace("{id}", id);
                let body = json!({ "description": "Mine." });
                app.put_as(&ada.access_token, &path, body).await
            } else {
                let path = path.replace("{id}", id);
                app.get_as(&ada.access_token, &path).await
            };
            assert_eq!(read.problem(404), "not_found", "{path}");
        }
    }
    let body = json!({ "workspaceId": eve.workspace_id });
    let switched = app
        .post_as(&ada.access_token, "/auth/switch-workspace", body)
        .await
        .expect(200);
    let token = switched["access_token"].as_str().unwrap();
    for (path, ids) in &ids {
        for id in ids {
            if *path == "/invitations/{id}" || *path == "/permissions/{id}" {
                continue;
            }
            app.get_as(token, &path.replace("{id}", id))
                .await
                .expect(200);
        }
    }
    let path = format!("/workspace/{}", ada.workspace_id);
    assert_eq!(app.get_as(token, &path).await.problem(404), "not_found");
}

async fn s22_foreign_ids_in_bodies_queries_and_cursors_name_nothing(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    let foreign = furnished(&app, &ada).await;
    let own = furnished(&app, &eve).await;
    let before = tenant_rows(backend, &app, &ada.workspace_id).await;
    let token = &eve.access_token;
    let first = |ids: &Ids, path: &str| ids[path][0].clone();

    // A permission that another workspace has defined is none that could be granted.
    let role = first(&own, "/roles/{id}");
    let path = format!("/roles/{role}/permissions");
    let body = json!({ "permissionIds": [first(&foreign, "/permissions/{id}")] });
    for method in [Method::PUT, Method::POST, Method::DELETE] {
        let refused = app.ask_as(token, method, &path, Some(body.clone())).await;
        assert_eq!(refused.problem(404), "not_found");
    }
    let refused = app
        .post_as(
            token,
            "/auth/switch-workspace",
            json!({ "workspaceId": ada.workspace_id }),
        )
        .await;
    assert_eq!(refused.problem(404), "not_found");
    // A role of another workspace is nobody's.
    let path = format!("/users?role={}", first(&foreign, "/roles/{id}"));
    let listed = app.get_as(token, &path).await.expect(200);
    assert_eq!(listed["total"], 0);
    // The address of another workspace's member finds nobody here.
    let listed = app.get_as(token, "/users?search=ada%40").await.expect(200);
    assert_eq!(listed["total"], 0);
    // A cursor of another workspace's list goes on in one's own.
    app.post_as(
        &ada.access_token,
        "/users",
        json!({ "name": "Second", "email": "second@example.com", "role_name": "viewer" }),
    )
    .await
    .expect(201);
    let theirs = app
        .get_as(&ada.access_token, "/invitations?limit=1")
        .await
        .expect(200);
    let cursor = theirs["nextCursor"].as_str().unwrap();
    let path = format!("/invitations?cursor={cursor}");
    let listed = app.get_as(token, &path).await.expect(200);
    for item in listed["items"].as_array().unwrap() {
        assert_eq!(item["email"], "guest-of-eve@example.com");
    }
    let after = tenant_rows(backend, &app, &ada.workspace_id).await;
    let added = after.lines().count() - before.lines().count();
    assert_eq!(added, 1, "{before}\n{after}");
}
