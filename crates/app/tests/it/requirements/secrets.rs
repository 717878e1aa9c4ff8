//! S5: no secret rests in the clear.

use std::time::Duration;

use kogents::config::{Mail, Mailbox, Smtp};
use kogents_adapter_smtp::Tls;
use kogents_domain::auth::EmailAddress;
use kogents_domain::mail::{ClaimDue, Lane, MailMessage, QueuedMail};
use kogents_domain::store::Scope;
use kogents_domain::time::Span;
use serde_json::json;

use crate::support::{Backend, TestApp, on_both};

on_both!(s5_a_queued_mail_does_not_tell_its_code);

fn has(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

/// The mail server is one that nobody runs, so that the code's mail stays in the queue.
async fn s5_a_queued_mail_does_not_tell_its_code(backend: &Backend) {
    let app = backend
        .start_with(|config| config.mail = unreachable_smtp())
        .await;
    let signup = app.sign_up("ada@example.com").await;
    app.choose_workspace(&signup, "engines").await;
    let body = json!({ "sessionId": signup });
    app.post("/auth/verify/send-for-session", body)
        .await
        .expect(200);

    let waits = tokio::time::timeout(Duration::from_secs(20), queued_mail(&app));
    let mail = waits.await.expect("the mail is in the queue");

    let adapters = app.adapters();
    let desk = kogents_usecases::mail::MailDesk {
        sealer: adapters.sealer.clone(),
        digester: adapters.digester.clone(),
        ids: adapters.ids.clone(),
    };
    let MailMessage::VerificationCode {
        code, workspace, ..
    } = desk.open(&mail).unwrap().message
    else {
        panic!("another message")
    };
    assert_eq!(workspace, "Engines");
    assert!(!has(&mail.sealed, code.expose()) && !has(&mail.sealed, "Engines"));

    let mut moved = mail.clone();
    moved.id = kogents_domain::ids::MailId::from_uuid(adapters.ids.next());
    assert!(
        desk.open(&moved).is_err(),
        "S9: sealed for its own row only"
    );
    for file in std::fs::read_dir(app.folder().join("data")).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!has(&bytes, "Engines") && !has(&bytes, &signup));
    }
}

/// The one job in the queue, looked at as a worker of a minute later would claim it: by then no
/// lease holds it. While the server's own worker writes it down it is out of reach for a moment.
async fn queued_mail(app: &TestApp) -> QueuedMail {
    loop {
        let later = app.now().plus(Span::from_secs(61));
        let mut unit = app.store().begin(Scope::System).await.unwrap();
        let claim = ClaimDue {
            lanes: Lane::ALL.to_vec(),
            now: later,
            lease_until: later.plus(Span::from_secs(60)),
            lease_token: 1,
            limit: 8,
        };
        let mut claimed = unit.outbox().claim_due(claim).await.unwrap();
        drop(unit);
        assert!(claimed.len() <= 1, "{} jobs", claimed.len());
        if let Some(mail) = claimed.pop() {
            return mail;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn unreachable_smtp() -> Mail {
    Mail::Smtp(Smtp {
        host: "127.0.0.1".to_owned(),
        port: 1,
        credentials: None,
        tls: Tls::None,
        from: Mailbox {
            name: None,
            address: EmailAddress::parse("kogents@example.com").unwrap(),
        },
        reply_to: None,
    })
}
