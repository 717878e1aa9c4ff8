//! S23: nobody gives what they do not hold, or takes it from others.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Account, Answer, Backend, Seat, TestApp, on_both};
use crate::workspaces::invitations::{invite, person};

on_both!(
    s23_nobody_grants_what_they_do_not_hold,
    s23_a_role_of_the_workspaces_own_gives_no_more_than_it_holds,
    s23_a_permission_of_the_workspaces_own_is_given_by_who_holds_it,
    s23_nobody_makes_a_role_permit_what_they_do_not_hold,
);

/// Everybody of the workspace, as its admin sees them.
async fn everybody(app: &TestApp, ada: &Account) -> Value {
    let path = "/users?limit=100&sortBy=email";
    app.get_as(&ada.access_token, path).await.expect(200)
}

async fn give(app: &TestApp, by: &Seat, to: &str, role: &str) -> Answer {
    let path = format!("/users/{to}");
    app.put_as(&by.access_token, &path, json!({ "role_name": role }))
        .await
}

async fn s23_nobody_grants_what_they_do_not_hold(backend: &Backend) {
    let app = backend.start().await;
    app.stand_still();
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = app.join(&ada, "admin@example.com", "admin").await;
    let meg = app.join(&ada, "meg@example.com", "manager").await;
    let bob = app.join(&ada, "bob@example.com", "agent").await;
    let pending = invite(&app, &ada.access_token, "mary@example.com", "admin").await;
    let pending = pending["id"].as_str().unwrap();
    let before = everybody(&app, &ada).await;
    let as_meg = &meg.access_token;
    let invited = person("grace@example.com", "admin");
    let aside = json!({ "status": "INACTIVE" });
    let refused = [
        // To others, and to herself.
        give(&app, &meg, &bob.user_id, "admin").await,
        give(&app, &meg, &meg.user_id, "admin").await,
        app.post_as(as_meg, "/users", invited).await,
        // From an admin.
        give(&app, &meg, &admin.user_id, "viewer").await,
        app.put_as(as_meg, &format!("/users/{}", admin.user_id), aside)
            .await,
        app.put_as(
            as_meg,
            &format!("/users/{}/deactivate", admin.user_id),
            json!({}),
        )
        .await,
        app.delete_as(as_meg, &format!("/users/{}", admin.user_id))
            .await,
        // From who is to be one.
        give(&app, &meg, pending, "viewer").await,
        app.delete_as(as_meg, &format!("/users/{pending}")).await,
        app.delete_as(as_meg, &format!("/invitations/{pending}"))
            .await,
        app.ask_as(
            as_meg,
            Method::POST,
            &format!("/invitations/{pending}/resend"),
            None,
        )
        .await,
    ];
    for (number, answer) in refused.iter().enumerate() {
        assert_eq!(answer.problem(403), "cannot_grant", "{number}");
    }
    assert_eq!(everybody(&app, &ada).await, before);

    // What she holds herself she gives and takes.
    give(&app, &meg, &bob.user_id, "manager").await.expect(200);
    give(&app, &meg, &bob.user_id, "viewer").await.expect(200);
    invite(&app, as_meg, "grace@example.com", "manager").await;
    app.delete_as(as_meg, &format!("/users/{}", bob.user_id))
        .await
        .expect(200);
}

async fn s23_a_role_of_the_workspaces_own_gives_no_more_than_it_holds(backend: &Backend) {
    let app = backend.start().await;
    app.stand_still();
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let holds = ["users:read", "users:edit", "users:create", "chat:read"];
    app.make_role(admin, "Helper", &holds).await;
    app.make_role(admin, "Guest", &["chat:read"]).await;
    app.make_role(admin, "Leaver", &["chat:read", "users:delete"])
        .await;
    let hal = app.join(&ada, "hal@example.com", "Helper").await;
    let guest = app.join(&ada, "guest@example.com", "Guest").await;
    let agent = app.join(&ada, "agent@example.com", "agent").await;
    let before = everybody(&app, &ada).await;
    for role in ["viewer", "agent", "manager", "admin", "Leaver"] {
        for to in [&guest.user_id, &hal.user_id] {
            let refused = give(&app, &hal, to, role).await;
            assert_eq!(refused.problem(403), "cannot_grant", "{role}");
        }
        let refused = app
            .post_as(&hal.access_token, "/users", person("x@example.com", role))
            .await;
        assert_eq!(refused.problem(403), "cannot_grant", "{role}");
    }
    // Who holds more is not his to change.
    let refused = give(&app, &hal, &agent.user_id, "Guest").await;
    assert_eq!(refused.problem(403), "cannot_grant");
    assert_eq!(everybody(&app, &ada).await, before);

    give(&app, &hal, &guest.user_id, "Helper").await.expect(200);
    give(&app, &hal, &guest.user_id, "Guest").await.expect(200);
    invite(&app, &hal.access_token, "mary@example.com", "Guest").await;
}

async fn s23_a_permission_of_the_workspaces_own_is_given_by_who_holds_it(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let own = json!({ "name": "reports:export", "description": "", "category": "reports" });
    app.post_as(admin, "/permissions", own).await.expect(201);
    app.make_role(admin, "Exporter", &["chat:read", "reports:export"])
        .await;
    let meg = app.join(&ada, "meg@example.com", "manager").await;
    let bob = app.join(&ada, "bob@example.com", "agent").await;
    let refused = give(&app, &meg, &bob.user_id, "Exporter").await;
    assert_eq!(refused.problem(403), "cannot_grant");
    let path = format!("/users/{}", bob.user_id);
    let told = app
        .put_as(admin, &path, json!({ "role_name": "Exporter" }))
        .await
        .expect(200);
    let held = told["permissions"].as_array().unwrap().iter();
    let names: Vec<&str> = held.map(|held| held["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["chat:read", "reports:export"]);
    let refused = give(&app, &meg, &bob.user_id, "agent").await;
    assert_eq!(refused.problem(403), "cannot_grant");
}

async fn s23_nobody_makes_a_role_permit_what_they_do_not_hold(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let own = json!({ "name": "reports:export", "description": "", "category": "reports" });
    app.post_as(admin, "/permissions", own).await.expect(201);
    let holds = [
        "roles:read",
        "roles:edit",
        "roles:create",
        "permissions:read",
        "permissions:create",
        "permissions:edit",
        "chat:read",
    ];
    app.make_role(admin, "Curator", &holds).await;
    let role = app.make_role(admin, "Guest", &["chat:create"]).await;
    let cy = app.join(&ada, "cy@example.com", "Curator").await;
    let path = format!("/roles/{role}/permissions");
    let held = async || app.get_as(admin, &path).await.expect(200);
    let before = held().await;
    let curator = app.role_id(admin, "Curator").await;
    for name in ["chat:edit", "workspace:delete", "reports:export"] {
        let ids = app.permission_ids(admin, &["chat:read", name]).await;
        let body = json!({ "permissionIds": ids });
        for path in [&path, &format!("/roles/{curator}/permissions")] {
            for method in [Method::POST, Method::PUT] {
                let refused = app
                    .ask_as(&cy.access_token, method, path, Some(body.clone()))
                    .await;
                assert_eq!(refused.problem(403), "cannot_grant", "{name}");
            }
        }
    }
    assert_eq!(held().await, before);

    // What he holds himself he gives; what the role holds already is not given.
    let ids = app
        .permission_ids(admin, &["chat:read", "chat:create"])
        .await;
    app.put_as(&cy.access_token, &path, json!({ "permissionIds": ids }))
        .await
        .expect(200);
    assert_eq!(held().await.as_array().unwrap().len(), 2);

    // A permission that is in use becomes no other one by way of its name.
    let ids = app.permission_ids(admin, &["reports:export"]).await;
    app.post_as(admin, &path, json!({ "permissionIds": ids }))
        .await
        .expect(200);
    let rename = format!("/permissions/{}", ids[0]);
    let body = json!({ "name": "billing:refund" });
    let refused = app.put_as(&cy.access_token, &rename, body).await;
    assert_eq!(refused.problem(403), "cannot_grant");
}
