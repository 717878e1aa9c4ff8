//! What an invitation's mail says, and what is kept of its link.

use kogents_domain::ids::{InvitationId, WorkspaceId};
use kogents_domain::secret::SecretText;
use kogents_domain::store::Scope;
use reqwest::Method;
use serde_json::{Value, json};

use super::{invite, invited, mailed, mailed_token, person};
use crate::support::{Account, Answer, Backend, TestApp, link_in, on_both, tenant_rows};

on_both!(
    an_invitation_is_mailed_in_the_workspaces_brand_and_language,
    without_a_language_of_the_workspace_it_is_in_the_inviters,
    s5_of_the_link_the_digest_alone_is_kept,
    s6_whether_an_invited_address_has_an_account_shows_nowhere,
    s29_the_link_leads_where_the_settings_say_whatever_the_request_says,
    s29_what_would_be_a_header_or_markup_is_no_name,
);

const GRACE: &str = "grace@example.com";

async fn patch(app: &TestApp, ada: &Account, body: Value) {
    let path = format!("/workspace/{}", ada.workspace_id);
    app.ask_as(&ada.access_token, Method::PATCH, &path, Some(body))
        .await
        .expect(200);
}

fn text<'a>(mail: &'a Value, member: &str) -> &'a str {
    mail[member].as_str().unwrap()
}

async fn an_invitation_is_mailed_in_the_workspaces_brand_and_language(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let branding = json!({
        "primaryColor": "#13579b", "emailFromName": "The motor people",
        "supportEmail": "help@motors.example",
    });
    let body = json!({ "name": "Motors & Söhne", "language": "de", "branding": branding });
    patch(&app, &ada, body).await;
    invite(&app, &ada.access_token, GRACE, "agent").await;
    let mail = mailed(&app, GRACE, 1).await;
    assert_eq!(mail["to"], GRACE);
    let expected = "Ada Lovelace lädt Sie zu Motors & Söhne ein";
    assert_eq!(mail["subject"], expected);
    let from = text(&mail, "from");
    assert!(from.contains("The motor people"), "{from}");
    let plain = text(&mail, "text");
    let (link, token) = link_in(plain, "accept-invitation");
    let base = app.facts().public_url.as_str().trim_end_matches('/');
    assert_eq!(link, format!("{base}/accept-invitation?token={token}"));
    assert!(token.starts_with("kgm_"), "a token of mailed links");
    for part in ["Grace Hopper", "7 Tage", "help@motors.example"] {
        assert!(plain.contains(part), "{part}");
    }
    let html = text(&mail, "html");
    assert!(html.contains("#13579b") && html.contains("Motors &amp; Söhne"));

    // Sent again, it is as the workspace is by then.
    patch(&app, &ada, json!({ "language": "en", "branding": null })).await;
    let listed = app.get_as(&ada.access_token, "/invitations").await;
    let id = listed.expect(200)["items"][0]["id"].clone();
    let path = format!("/invitations/{}/resend", id.as_str().unwrap());
    app.ask_as(&ada.access_token, Method::POST, &path, None)
        .await
        .expect(200);
    let mail = mailed(&app, GRACE, 2).await;
    let expected = "Ada Lovelace invites you to Motors & Söhne";
    assert_eq!(mail["subject"], expected);
    assert!(!text(&mail, "html").contains("#13579b"));
}

async fn without_a_language_of_the_workspace_it_is_in_the_inviters(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    for (number, (accepted, mark)) in [
        ("de-AT, en;q=0.5", "lädt Sie zu"),
        ("fr, en;q=0.5", "invites you to"),
    ]
    .into_iter()
    .enumerate()
    {
        let email = format!("grace-{number}@example.com");
        let request = app
            .request(Method::POST, "/users")
            .bearer_auth(&ada.access_token)
            .header("Accept-Language", accepted)
            .json(&person(&email, "agent"));
        app.send(request).await.expect(201);
        let mail = mailed(&app, &email, 1).await;
        let subject = text(&mail, "subject");
        assert!(subject.contains(mark), "{subject}");
    }
}

async fn s5_of_the_link_the_digest_alone_is_kept(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let told = invite(&app, &ada.access_token, GRACE, "agent").await;
    let token = mailed_token(&app, GRACE, 1).await;
    let workspace = WorkspaceId::parse(&ada.workspace_id).unwrap();
    let id = InvitationId::parse(told["id"].as_str().unwrap()).unwrap();
    let mut unit = app.store().read(Scope::System).await.unwrap();
    let kept = unit.invitations().find(workspace, id).await.unwrap();
    drop(unit);
    let kept = kept.expect("the invitation");
    let digester = &app.adapters().digester;
    let digest = digester.random_secret(&SecretText::new(token.clone()));
    assert_eq!(kept.digest, digest);

    let hex = |bytes: &[u8]| -> String {
        let octets = bytes.iter().map(|octet| format!("{octet:02x}"));
        octets.collect()
    };
    let rows = tenant_rows(backend, &app, &ada.workspace_id).await;
    let rows = rows.to_ascii_lowercase();
    assert!(rows.contains(&hex(digest.as_bytes())));
    let secret = token.strip_prefix("kgm_").unwrap();
    assert!(!rows.contains(&secret.to_ascii_lowercase()));
    assert!(!rows.contains(&hex(secret.as_bytes())));
    // No answer tells it, nor what is kept of it.
    for path in ["/invitations", "/users"] {
        let listed = app.get_as(&ada.access_token, path).await;
        listed.expect_status(200);
        assert!(!listed.text.contains(secret));
        assert!(!listed.text.contains(&hex(digest.as_bytes())));
    }
    if matches!(backend, Backend::Embedded) {
        for file in std::fs::read_dir(app.folder().join("data")).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            let secret = secret.as_bytes();
            let is_told = bytes.windows(secret.len()).any(|window| window == secret);
            assert!(!is_told);
        }
    }
}

/// Everything of an answer that may not differ: status, names of headers, and members with their
/// values but the id and what was sent.
fn shape(answer: &Answer) -> (u16, Vec<String>, Value) {
    let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
    names.sort();
    let mut body = answer.json();
    for member in ["id", "email"] {
        let there = body.as_object_mut().unwrap().remove(member);
        assert!(there.is_some(), "{member}");
    }
    (answer.status, names, body)
}

async fn s6_whether_an_invited_address_has_an_account_shows_nowhere(backend: &Backend) {
    let app = backend.start().await;
    app.stand_still();
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    // Somebody elsewhere; all that is known of them is not told here.
    let bob = app.sign_up_and_confirm("bob@example.com").await;
    app.get_as(&bob.access_token, "/users/profile")
        .await
        .expect(200);
    let known = app
        .post_as(admin, "/users", person("bob@example.com", "agent"))
        .await;
    let unknown = app.post_as(admin, "/users", person(GRACE, "agent")).await;
    assert_eq!(shape(&known), shape(&unknown));
    known.expect_status(201);
    let id = |answer: &Answer| answer.json()["id"].as_str().unwrap().to_owned();
    for path in ["/users/", "/invitations/"] {
        let mut told = Vec::new();
        for invited in [&known, &unknown] {
            let answer = if path == "/users/" {
                let path = format!("{path}{}", id(invited));
                app.get_as(admin, &path).await
            } else {
                let path = format!("{path}{}/resend", id(invited));
                app.ask_as(admin, Method::POST, &path, None).await
            };
            answer.expect_status(200);
            told.push(shape(&answer));
        }
        assert_eq!(told[0], told[1], "{path}");
    }
    // A second invitation, and one that is changed, look the same as well.
    for email in ["bob@example.com", GRACE] {
        let again = app.post_as(admin, "/users", person(email, "agent")).await;
        assert_eq!(again.problem(409), "invitation_pending");
    }
    let listed = app.get_as(admin, "/invitations").await.expect(200);
    let mut items = listed["items"].as_array().unwrap().clone();
    assert_eq!(items.len(), 2);
    for item in &mut items {
        for member in ["id", "email"] {
            item.as_object_mut().unwrap().remove(member);
        }
    }
    assert_eq!(items[0], items[1]);
    for email in ["bob@example.com", GRACE] {
        let mail = mailed(&app, email, 1).await;
        assert_eq!(mail["subject"], "Ada Lovelace invites you to Engines");
    }
}

async fn s29_the_link_leads_where_the_settings_say_whatever_the_request_says(backend: &Backend) {
    let app = backend
        .start_with(|config| {
            config.server.dashboard_url = Some("https://chat.example.com/app".parse().unwrap());
        })
        .await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let request = app
        .request(Method::POST, "/users")
        .bearer_auth(&ada.access_token)
        .header("Host", "evil.example")
        .header("X-Forwarded-Host", "evil.example")
        .header("Forwarded", "host=evil.example")
        .header("Origin", "https://evil.example")
        .json(&person(GRACE, "agent"));
    app.send(request).await.expect(201);
    let mail = mailed(&app, GRACE, 1).await;
    let plain = text(&mail, "text");
    assert!(
        plain.contains("\nhttps://chat.example.com/app/accept-invitation?token=kgm_"),
        "{plain}"
    );
    assert!(!mail.to_string().contains("evil.example"));
}

async fn s29_what_would_be_a_header_or_markup_is_no_name(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    for hostile in [
        "Grace\r\nBcc: eve@example.com",
        "Grace\nSubject: x",
        "<b>Grace</b>",
        "{{ token }}",
        "see https://evil.example",
    ] {
        let mut body = person(GRACE, "agent");
        body["name"] = json!(hostile);
        let refused = app.post_as(admin, "/users", body).await;
        assert_eq!(refused.problem(400), "validation_failed", "{hostile}");
        assert_eq!(refused.json()["errors"][0]["field"], "name");
    }
    for hostile in ["grace@example.com\r\nBcc: eve@example.com", "a@b.c, d@e.f"] {
        let refused = app.post_as(admin, "/users", person(hostile, "agent")).await;
        assert_eq!(refused.problem(400), "validation_failed", "{hostile}");
    }
    invited(&app, admin, GRACE, "agent").await;
    assert_eq!(app.mailbox(GRACE).await.len(), 1);
    assert_eq!(app.mailbox("eve@example.com").await.len(), 0);
}
