//! Who is gone gets one more mail, and no other.

use kogents_domain::mail::MailEntry;
use serde_json::json;

use super::{entries, mail_server, send_by};
use crate::support::{Backend, Mood, PASSWORD, on_both, within};

on_both!(what_waits_for_somebody_who_goes_is_not_sent_any_more);

const ADA: &str = "ada@example.com";
const NEW: &str = "countess@example.org";
const EVE: &str = "eve@example.com";

async fn what_waits_for_somebody_who_goes_is_not_sent_any_more(backend: &Backend) {
    let app = backend.start().await;
    let eve = app.sign_up_and_confirm(EVE).await;
    let ada = app.join(&eve, ADA, "agent").await;
    app.mail_is_out().await;
    let server = mail_server();
    server.set(Mood::PutsOff);
    let app = app.restart_with(|config| send_by(config, &server)).await;

    app.stand_still();
    // All of this waits: a new password, a new address, resets, of her and of somebody else.
    let password = "another long passphrase 7";
    let profile = "/users/profile";
    let body = json!({ "password": password, "currentPassword": PASSWORD });
    app.put_as(&ada.access_token, profile, body)
        .await
        .expect(200);
    let body = json!({ "email": NEW, "currentPassword": password });
    app.put_as(&ada.access_token, profile, body)
        .await
        .expect(200);
    for email in [ADA, EVE] {
        let body = json!({ "email": email });
        app.post("/auth/verify/request-password-reset", body)
            .await
            .expect(200);
    }
    // Each was tried once and put off; its time stands still, so that none is tried again.
    within(async || {
        let entries = entries(&app).await;
        let mut open = entries.iter().filter(|entry| entry.finished_at.is_none());
        let waits = |entry: &MailEntry| entry.attempts > 0 && entry.lease_until.is_none();
        open.all(waits).then_some(())
    })
    .await;
    let body = json!({ "currentPassword": password });
    let gone = app.ask_as(
        &ada.access_token,
        reqwest::Method::DELETE,
        profile,
        Some(body),
    );
    gone.await.expect_status(204);

    server.set(Mood::Takes);
    // Whatever was put off is tried again by then.
    app.advance_secs(600);
    server.mail(EVE, "reset-password?token=").await;
    server
        .until(|| (!server.mails_to(ADA).is_empty()).then_some(()))
        .await;
    app.mail_is_out().await;
    let told = server.mails_to(ADA);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(!told[0].text.contains("token="), "{told:?}");
    assert_eq!(server.mails_to(NEW).len(), 0);
    assert_eq!(server.mails_to(EVE).len(), 1);
}
