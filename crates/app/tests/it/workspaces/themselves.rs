//! A workspace itself: what everybody sees of it, what its members do, and how it is changed.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Backend, TestApp, on_both};

on_both!(
    everybody_sees_a_workspaces_name_and_looks_and_asks_again_cheaply,
    a_slug_that_may_be_had_is_told,
    members_see_the_workspace_they_are_in,
    a_change_leaves_what_it_does_not_name,
    a_change_is_seen_by_everybody_at_once,
    what_cannot_be_is_refused_and_changes_nothing,
);

async fn patch(app: &TestApp, token: &str, id: &str, body: Value) -> crate::support::Answer {
    let path = format!("/workspace/{id}");
    app.ask_as(token, Method::PATCH, &path, Some(body)).await
}

async fn everybody_sees_a_workspaces_name_and_looks_and_asks_again_cheaply(backend: &Backend) {
    let app = backend.start().await;
    app.stand_still();
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let path = "/workspace/slug/Ada-example-com";
    let shown = app.get(path).await;
    let expected = json!({
        "id": ada.workspace_id, "name": "Engines", "slug": "ada-example-com", "branding": {},
    });
    assert_eq!(shown.expect(200), expected);
    assert_eq!(shown.header("cache-control"), Some("no-cache"));
    let tag = shown.header("etag").unwrap().to_owned();

    let with = async |tag: &str| {
        let request = app.request(Method::GET, path);
        app.send(request.header("if-none-match", tag)).await
    };
    for known in [&tag, "*", &format!("\"x\", {tag}"), &format!("W/{tag}")] {
        let answer = with(known).await;
        answer.expect_status(304);
        assert_eq!(answer.text, "");
        assert_eq!(answer.header("etag"), Some(tag.as_str()));
    }
    with("\"another\"").await.expect(200);
    with("not a tag").await.expect(200);
    // Changed within the same millisecond, it is another version.
    for colour in ["#112233", "#445566"] {
        let body = json!({ "branding": { "primaryColor": colour } });
        patch(&app, &ada.access_token, &ada.workspace_id, body)
            .await
            .expect(200);
        let answer = with(&tag).await;
        assert_eq!(answer.expect(200)["branding"]["primaryColor"], colour);
        assert_ne!(answer.header("etag"), Some(tag.as_str()));
    }
    for unknown in ["nobody-has-this", "x", "admin", "%00", "a%20b"] {
        let answer = app.get(&format!("/workspace/slug/{unknown}")).await;
        assert_eq!(answer.problem(404), "not_found");
    }
}

async fn a_slug_that_may_be_had_is_told(backend: &Backend) {
    let app = backend.start().await;
    app.sign_up_and_confirm("ada@example.com").await;
    for (slug, available) in [
        ("nobody-has-this", true),
        ("Nobody-Has-This", true),
        ("ada-example-com", false),
        ("ADA-example-com", false),
        ("admin", false),
        ("x", false),
        ("a--b", false),
        ("%00", false),
    ] {
        let path = format!("/workspace/slug/{slug}/available");
        let body = app.get(&path).await.expect(200);
        assert_eq!(body, json!({ "available": available }), "{slug}");
    }
}

async fn members_see_the_workspace_they_are_in(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let bob = app.join(&ada, "bob@example.com", "agent").await;
    let path = format!("/workspace/{}", ada.workspace_id);
    let seen = app.get_as(&bob.access_token, &path).await.expect(200);
    assert_eq!(seen["id"], *ada.workspace_id);
    assert_eq!(seen["members"], 2);
    let roles = seen["roles"].as_array().unwrap().iter();
    let mut names: Vec<&str> = roles.map(|role| role["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["admin", "agent", "manager", "viewer"]);
    assert!(seen["createdAt"].as_str().unwrap().ends_with('Z'));
    let body = json!({ "name": "Bob's" });
    let denied = patch(&app, &bob.access_token, &ada.workspace_id, body).await;
    assert_eq!(denied.problem(403), "permission_denied");
}

async fn a_change_leaves_what_it_does_not_name(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let change = |body: Value| patch(&app, &ada.access_token, &ada.workspace_id, body);
    let branding = json!({ "companyName": "Müller & Söhne", "theme": "dark" });
    let body = json!({ "name": "Motors", "branding": branding, "language": "de" });
    let changed = change(body).await.expect(200);
    assert_eq!(changed["name"], "Motors");
    assert_eq!(changed["slug"], "ada-example-com");
    assert_eq!(changed["branding"], branding);
    assert_eq!(changed["language"], "de");
    let changed = change(json!({ "branding": { "theme": null, "country": "France" } }))
        .await
        .expect(200);
    let expected = json!({ "companyName": "Müller & Söhne", "country": "France" });
    assert_eq!(changed["branding"], expected);
    assert_eq!(changed["language"], "de");
    let changed = change(json!({ "branding": null, "language": null, "name": null }))
        .await
        .expect(200);
    assert_eq!(changed["branding"], json!({}));
    assert_eq!(changed["language"], Value::Null);
    assert_eq!(changed["name"], "Motors");
    assert_eq!(change(json!({})).await.expect(200)["name"], "Motors");
}

async fn a_change_is_seen_by_everybody_at_once(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let body = json!({ "slug": "Motors", "name": "Motors" });
    patch(&app, &ada.access_token, &ada.workspace_id, body)
        .await
        .expect(200);
    let old = app.get("/workspace/slug/ada-example-com").await;
    assert_eq!(old.problem(404), "not_found");
    let new = app.get("/workspace/slug/motors").await.expect(200);
    assert_eq!(new["name"], "Motors");
    let profile = app.get_as(&ada.access_token, "/users/profile").await;
    assert_eq!(profile.expect(200)["workspace"]["slug"], "motors");
    // Its mails are in its name from now on.
    let body = json!({ "branding": { "emailFromName": "The motor people" } });
    patch(&app, &ada.access_token, &ada.workspace_id, body)
        .await
        .expect(200);
    let body = json!({ "email": ada.email });
    app.post("/auth/verify/request-password-reset", body)
        .await
        .expect(200);
    let mail = app.mail(&ada.email, "password_reset").await;
    let from = mail["from"].as_str().unwrap();
    assert!(from.contains("The motor people"), "{from}");
    assert!(mail["html"].as_str().unwrap().contains("Motors"));
}

async fn what_cannot_be_is_refused_and_changes_nothing(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    let path = format!("/workspace/{}", ada.workspace_id);
    let before = app.get_as(&ada.access_token, &path).await.expect(200);
    let change = |body: Value| patch(&app, &ada.access_token, &ada.workspace_id, body);
    let taken = change(json!({ "slug": "eve-example-com", "name": "Motors" })).await;
    assert_eq!(taken.problem(409), "slug_taken");
    for (body, field, code) in [
        (json!({ "slug": "www" }), "slug", "INVALID_FORMAT"),
        (json!({ "name": "" }), "name", "INVALID_LENGTH"),
        (json!({ "name": 7 }), "name", "INVALID_TYPE"),
        (
            json!({ "branding": { "primaryColor": "red" } }),
            "branding.primaryColor",
            "INVALID_FORMAT",
        ),
        (
            json!({ "branding": { "logoUrl": "http://x.example/a.png" } }),
            "branding.logoUrl",
            "INVALID_URL",
        ),
        (
            json!({ "branding": { "css": "body{}" } }),
            "branding.css",
            "UNKNOWN_FIELD",
        ),
        (json!({ "id": eve.workspace_id }), "id", "UNKNOWN_FIELD"),
        (json!({ "createdAt": "now" }), "createdAt", "UNKNOWN_FIELD"),
        (
            json!({ "language": "xx-yy-zz-1" }),
            "language",
            "INVALID_FORMAT",
        ),
    ] {
        let refused = change(body.clone()).await;
        assert_eq!(refused.problem(400), "validation_failed", "{body}");
        let error = &refused.json()["errors"][0];
        assert_eq!(
            (&error["field"], &error["code"]),
            (&json!(field), &json!(code))
        );
    }
    let after = app.get_as(&ada.access_token, &path).await.expect(200);
    assert_eq!(after, before);
}
