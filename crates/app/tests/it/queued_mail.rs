//! The mail worker inside a whole server.

use kogents_domain::auth::{EmailAddress, Language};
use kogents_domain::mail::MailMessage;
use kogents_domain::store::Scope;
use kogents_usecases::mail::MailDesk;

use crate::support::{Backend, TestApp, on_both};

on_both!(
    mail_that_another_process_queued_is_found,
    what_is_due_when_the_server_stops_is_still_sent,
);

const EMAIL: &str = "ada@example.com";

/// Queues a mail as another process would: without telling this one's worker.
async fn queue(app: &TestApp) {
    let adapters = app.adapters();
    let desk = MailDesk {
        sealer: adapters.sealer.clone(),
        digester: adapters.digester.clone(),
        ids: adapters.ids.clone(),
    };
    let message = MailMessage::AccountExists {
        name: "Ada".to_owned(),
    };
    let address = EmailAddress::parse(EMAIL).unwrap();
    let language = Language::parse("en").unwrap();
    let job = desk.job(&message, &address, language, app.now());
    let mut unit = app.store().begin(Scope::System).await.unwrap();
    assert!(unit.outbox().enqueue(&job).await.unwrap());
    unit.commit().await.unwrap();
}

async fn mail_that_another_process_queued_is_found(backend: &Backend) {
    let app = backend.start().await;
    queue(&app).await;
    let mail = app.mail(EMAIL, "account_exists").await;
    assert!(mail["otp"].is_null());
}

async fn what_is_due_when_the_server_stops_is_still_sent(backend: &Backend) {
    let app = backend.start().await;
    let mailbox = app.adapters().mailbox.clone().unwrap();
    queue(&app).await;
    app.stop().await;
    assert_eq!(mailbox.list(Some(EMAIL)).len(), 1);
}
