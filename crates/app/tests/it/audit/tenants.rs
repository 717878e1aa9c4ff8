//! S22: a workspace's log is that workspace's, and tells of nobody who is none of its members.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Account, Backend, PASSWORD, TestApp, on_both};

on_both!(
    s22_a_workspace_is_told_nothing_of_another,
    s22_what_a_person_does_is_told_where_they_do_it,
    of_whoever_is_no_member_any_more_neither_name_nor_address_is_told,
    whoever_is_in_no_workspace_reads_no_log,
);

async fn ids(app: &TestApp, token: &str, query: &str) -> Vec<String> {
    let items = app.whole_audit(token, query).await;
    let ids = items
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned());
    ids.collect()
}

/// Does something in the workspace that a token is for.
async fn acts(app: &TestApp, token: &str, what: &str) {
    app.make_role(token, what, &["chat:read"]).await;
    let body = json!({ "name": "Guest", "email": format!("guest-of-{what}@example.com"), "role_name": what });
    app.post_as(token, "/users", body).await.expect(201);
}

async fn s22_a_workspace_is_told_nothing_of_another(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    for account in [&ada, &eve] {
        acts(&app, &account.access_token, &account.email[..3]).await;
        app.log_in(&account.email, "wrong").await.expect(401);
    }
    app.log_in("nobody@example.com", "wrong").await.expect(401);
    let of = async |account: &Account, query: &str| ids(&app, &account.access_token, query).await;
    let own = of(&eve, "").await;
    let foreign = of(&ada, "").await;
    assert_eq!(own.len(), foreign.len());
    assert!(own.iter().all(|id| !foreign.contains(id)));
    for account in [&ada, &eve] {
        let (here, there) = if account.email == ada.email {
            (&ada, &eve)
        } else {
            (&eve, &ada)
        };
        let told = app.whole_audit(&here.access_token, "").await;
        let told = Value::from(told).to_string();
        let word = &there.email[..3];
        for foreign in [
            &there.user_id,
            &there.workspace_id,
            &there.session_id,
            &there.email,
            &format!("\"{word}\""),
        ] {
            assert!(!told.contains(foreign.as_str()), "{foreign} in {told}");
        }
    }
    // Whatever is asked for, it is of one's own.
    let by_ada = format!("?actor={}", ada.user_id);
    assert_eq!(of(&eve, &by_ada).await, Vec::<String>::new());
    let theirs = app.audit(&ada.access_token, "?limit=2").await.expect(200);
    let cursor = theirs["nextCursor"].as_str().unwrap();
    let page = app
        .audit(&eve.access_token, &format!("?limit=100&cursor={cursor}"))
        .await
        .expect(200);
    for item in page["items"].as_array().unwrap() {
        assert!(own.contains(&item["id"].as_str().unwrap().to_owned()));
    }
    for query in [
        format!("?workspaceId={}", ada.workspace_id),
        format!("?workspace={}", ada.workspace_id),
        format!("?workspace_id={}", ada.workspace_id),
    ] {
        assert_eq!(of(&eve, &query).await, own);
    }
}

async fn s22_what_a_person_does_is_told_where_they_do_it(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    app.admit(&eve, &ada.user_id, "admin").await;
    acts(&app, &ada.access_token, "here").await;
    let body = json!({ "workspaceId": eve.workspace_id });
    let there = app
        .post_as(&ada.access_token, "/auth/switch-workspace", body)
        .await
        .expect(200);
    let there = there["access_token"].as_str().unwrap();
    acts(&app, there, "there").await;
    let by_ada = format!("?actor={}", ada.user_id);
    let told = Value::from(app.whole_audit(&eve.access_token, &by_ada).await).to_string();
    assert!(
        told.contains("\"there\"") && !told.contains("\"here\""),
        "{told}"
    );
    assert!(told.contains("session.moved"));
    // Her session is there, and so is what she may read.
    assert_eq!(
        ids(&app, there, "").await,
        ids(&app, &eve.access_token, "").await
    );
    let body = json!({ "workspaceId": ada.workspace_id });
    let back = app
        .post_as(there, "/auth/switch-workspace", body)
        .await
        .expect(200);
    let back = back["access_token"].as_str().unwrap();
    let told = Value::from(app.whole_audit(back, "").await).to_string();
    assert!(
        told.contains("\"here\"") && !told.contains("\"there\""),
        "{told}"
    );
}

async fn of_whoever_is_no_member_any_more_neither_name_nor_address_is_told(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let bob = app.join(&ada, "bob@example.com", "admin").await;
    let body = json!({ "name": "Robert Tables" });
    app.put_as(&bob.access_token, "/users/profile", body)
        .await
        .expect(200);
    acts(&app, &bob.access_token, "shift").await;
    let by_bob = format!("?actor={}&action=role.created", bob.user_id);
    let actor = async || {
        let found = app.whole_audit(admin, &by_bob).await;
        assert_eq!(found.len(), 1);
        found[0]["actor"].clone()
    };
    let known = json!({
        "id": bob.user_id, "name": "Robert Tables", "email": "bob@example.com",
    });
    assert_eq!(actor().await, known);
    // As they are called today, and also while they are put aside.
    let path = format!("/users/{}", bob.user_id);
    let body = json!({ "name": "Bob Tables" });
    app.put_as(&bob.access_token, "/users/profile", body)
        .await
        .expect(200);
    app.put_as(admin, &format!("{path}/deactivate"), json!({}))
        .await
        .expect(200);
    assert_eq!(actor().await["name"], "Bob Tables");

    app.delete_as(admin, &path).await.expect(200);
    let unknown = json!({ "id": bob.user_id, "name": null, "email": null });
    assert_eq!(actor().await, unknown);
    let told = Value::from(app.whole_audit(admin, "").await).to_string();
    for name in ["Tables", "bob@example.com"] {
        assert!(!told.contains(name), "{name}");
    }
    // What they do elsewhere is no business of the workspace.
    let seat = app.seat("bob@example.com").await;
    let body = json!({ "name": "Own", "slug": "own-place" });
    app.post_as(&seat.access_token, "/workspace", body)
        .await
        .expect(201);
    let count = app.whole_audit(admin, "").await.len();
    app.log_in("bob@example.com", PASSWORD).await.expect(200);
    app.log_in("bob@example.com", "wrong").await.expect(401);
    assert_eq!(app.whole_audit(admin, "").await.len(), count);
}

async fn whoever_is_in_no_workspace_reads_no_log(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    app.join(&ada, "bob@example.com", "viewer").await;
    let body = json!({ "currentPassword": PASSWORD });
    let path = format!("/workspace/{}", ada.workspace_id);
    app.ask_as(&ada.access_token, Method::DELETE, &path, Some(body))
        .await
        .expect_status(204);
    let seat = app.seat("ada@example.com").await;
    let denied = app.audit(&seat.access_token, "").await;
    assert_eq!(denied.problem(403), "permission_denied");
    // A workspace of the same slug is another one.
    let body = json!({ "name": "Engines", "slug": "ada-example-com" });
    let made = app
        .post_as(&seat.access_token, "/workspace", body)
        .await
        .expect(201);
    let body = json!({ "workspaceId": made["id"] });
    let there = app
        .post_as(&seat.access_token, "/auth/switch-workspace", body)
        .await
        .expect(200);
    let told = app
        .whole_audit(there["access_token"].as_str().unwrap(), "")
        .await;
    assert!(
        told.iter()
            .all(|entry| entry["action"] != "workspace.deleted")
    );
    assert_eq!(told.len(), 4, "made, joined, its token, moved: {told:?}");
}
