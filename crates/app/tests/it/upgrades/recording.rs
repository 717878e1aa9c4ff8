//! A server that is used for a while, so that there is something to leave behind.

use kogents_domain::auth::{EmailAddress, Language};
use kogents_domain::mail::{Letter, MailMessage};
use kogents_domain::store::Scope;
use kogents_domain::time::Span;
use kogents_usecases::mail::MailDesk;
use reqwest::Method;
use serde_json::json;

use super::migrations::State;
use super::release::{Made, Release};
use super::{cache, rows, settings};
use crate::support::{Backend, PASSWORD, Sql, TestApp, link_in};

const ADA: &str = "ada@example.com";
const GRACE: &str = "grace@example.com";
const WAITING: &str = "waiting@example.com";

/// Uses a server, and writes down what it leaves behind.
pub(super) async fn record(backend: &Backend) {
    let embedded = matches!(backend, Backend::Embedded);
    let app = backend.start_with(settings).await;
    let mut made = use_it(&app).await;
    let entries = match embedded {
        true => Vec::new(),
        false => cache::read(backend).await,
    };
    made.ended_at_millis = app.now().as_millis();
    let release = Release {
        state: State::newest(embedded),
        made,
        rows: rows::read(Sql::of(backend, &app)).await,
        entries,
    };
    release.save(embedded);
    app.stop().await;
}

/// Leaves rows in every table and an entry of every kind.
async fn use_it(app: &TestApp) -> Made {
    let ada = app.sign_up_and_confirm(ADA).await;
    let admin = &ada.access_token;
    // A role and a permission of their own, members, one of them put aside.
    let own = json!({ "name": "reports:export", "description": "", "category": "reports" });
    app.post_as(admin, "/permissions", own).await.expect(201);
    let held = ["users:read", "reports:export"];
    app.make_role(admin, "Auditors", &held).await;
    let names = ["bob", "eve", "mary", "søren"];
    for (name, role) in names.iter().zip(["manager", "agent", "viewer", "Auditors"]) {
        app.join(&ada, &format!("{name}@example.com"), role).await;
    }
    let eve = app.seat("eve@example.com").await;
    let aside = format!("/users/{}/deactivate", eve.user_id);
    app.put_as(admin, &aside, json!({})).await.expect(200);
    let person = json!({ "name": "Grace Hopper", "email": GRACE, "role_name": "agent" });
    app.post_as(admin, "/users", person).await.expect(201);
    let branding = json!({ "branding": { "primaryColor": "#112233" } });
    let path = format!("/workspace/{}", ada.workspace_id);
    app.ask_as(admin, Method::PATCH, &path, Some(branding))
        .await
        .expect(200);

    // Sessions that have ended, gone on, been refused, and one that was rotated.
    for _ in 0..3 {
        app.log_in(ADA, PASSWORD).await.expect(200);
    }
    app.log_in(ADA, "WrongPassword123!").await.problem(401);
    let other = app.log_in(ADA, PASSWORD).await.expect(200);
    app.refresh(other["refresh_token"].as_str().unwrap())
        .await
        .expect(200);
    let leaving = format!(
        "/health/sessions/{}",
        other["session"]["id"].as_str().unwrap()
    );
    app.delete_as(admin, &leaving).await.expect(200);
    let facts = json!({ "utmSource": "news", "language": "de" });
    app.ask_as(admin, Method::PATCH, "/auth/session", Some(facts))
        .await
        .expect(200);

    // Mailed links that nobody has followed yet, and a signup that waits for its code.
    let invitation = app.mail(GRACE, "invitation").await;
    let reset = json!({ "email": ADA });
    app.post("/auth/verify/request-password-reset", reset)
        .await
        .expect(200);
    let reset = app.mail(ADA, "password_reset").await;
    let signup = app.sign_up("new@example.com").await;
    app.choose_workspace(&signup, "new-engines").await;
    let code = app.send_code(&signup, "new@example.com").await;
    queue_for_later(app).await;

    let listed = app.get_as(admin, "/health/sessions").await.expect(200);
    let sessions = listed["sessions"].as_array().unwrap();
    let own = sessions.iter().find(|session| session["isCurrent"] == true);
    Made {
        ended_at_millis: 0,
        email: ADA.to_owned(),
        access_token: ada.access_token.clone(),
        refresh_token: ada.refresh_token.clone(),
        sessions: sessions.len(),
        total_requests: own.unwrap()["totalRequests"].as_u64().unwrap(),
        workspace_id: ada.workspace_id.clone(),
        api_token: ada.api_token.clone(),
        invited: GRACE.to_owned(),
        invitation_token: link_in(invitation["text"].as_str().unwrap(), "accept-invitation").1,
        reset_token: link_in(reset["text"].as_str().unwrap(), "reset-password").1,
        signup,
        code,
        waiting: WAITING.to_owned(),
    }
}

/// A mail that is not due before the recording is taken up.
async fn queue_for_later(app: &TestApp) {
    let adapters = app.adapters();
    let desk = MailDesk {
        sealer: adapters.sealer.clone(),
        digester: adapters.digester.clone(),
        ids: adapters.ids.clone(),
    };
    let letter = Letter::from(MailMessage::AccountExists {
        name: "Ada".to_owned(),
    });
    let address = EmailAddress::parse(WAITING).unwrap();
    let language = Language::parse("en").unwrap();
    let due = app.now().plus(Span::from_secs(20));
    let job = desk.job(&letter, &address, language, due);
    let mut unit = app.store().begin(Scope::System).await.unwrap();
    assert!(unit.outbox().enqueue(&job).await.unwrap());
    unit.commit().await.unwrap();
}
