//! R2, R5: the network in front of the mail server fails in every way: no signup fails, no mail is
//! lost, each has the same Message-ID on every try, and nobody waits for a delivery.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use kogents::config::{Config, Database, Mail};
use kogents_testkit::fault_proxy::{Door, FaultProxy, Flow};
use serde_json::json;

use super::{entries, mail_server, send_by};
use crate::support::{Account, ArrivedMail, Backend, SmtpServer, TestApp, within};

/// How long a step may take that waits for no mail, on a machine that has other things to do.
const AT_ONCE: Duration = Duration::from_millis(2_500);
const PERSONS: usize = 3;

#[derive(Debug, Clone, Copy)]
enum Fault {
    Refused,
    Silent,
    Swallowed,
    Slow,
    /// In the middle of the mail itself.
    Reset,
    Cut,
    /// The mail is there, and its answer is not.
    AnswerReset,
}

const ALL: [Fault; 7] = [
    Fault::Refused,
    Fault::Silent,
    Fault::Swallowed,
    Fault::Slow,
    Fault::Reset,
    Fault::Cut,
    Fault::AnswerReset,
];

/// So many octets are sent before a mail: greeting, sign-in, sender, recipient.
const INTO_THE_MAIL: usize = 400;
/// So many are answered before the mail is taken.
const BEFORE_TAKEN: usize = 100;

impl Fault {
    async fn strike(self, proxy: &FaultProxy) {
        match self {
            Self::Refused => {
                proxy.door(Door::Refuses).await;
                proxy.reset();
            }
            Self::Silent => {
                proxy.door(Door::Silent).await;
                proxy.both(Flow::Lost);
            }
            Self::Swallowed => proxy.both(Flow::Lost),
            Self::Slow => proxy.both(Flow::Late {
                by: Duration::from_millis(300),
                jitter: Duration::from_millis(50),
            }),
            Self::Reset => proxy.to_server(Flow::ResetAfter(INTO_THE_MAIL)),
            Self::Cut => proxy.to_server(Flow::CutAfter(INTO_THE_MAIL)),
            Self::AnswerReset => proxy.to_client(Flow::ResetAfter(BEFORE_TAKEN)),
        }
    }
}

fn send_through(config: &mut Config, mail: &SmtpServer, proxy: &FaultProxy) {
    send_by(config, mail);
    if let Mail::Smtp(smtp) = &mut config.mail {
        smtp.port = proxy.address().port();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r2_whatever_befalls_the_mail_server_no_signup_fails_embedded() {
    let backend = Backend::Embedded;
    join_all(ALL.map(|fault| befalls(&backend, fault))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r2_whatever_befalls_the_mail_server_no_signup_fails_on_postgres_and_redis() {
    join_all(ALL.map(|fault| async move {
        if let Some(backend) = Backend::servers().await {
            befalls(&backend, fault).await;
        }
    }))
    .await;
}

async fn befalls(backend: &Backend, fault: Fault) {
    let mail = mail_server();
    let proxy = FaultProxy::before_port(mail.port);
    let app = backend
        .start_with(|config| send_through(config, &mail, &proxy))
        .await;
    // A connection is there that was good.
    sign_up_by_mail(&app, &mail, "first").await;

    fault.strike(&proxy).await;
    let address = |n: usize| format!("person{n}@example.com");
    let mut signups = Vec::new();
    for n in 0..PERSONS {
        signups.push(asks_for_code(&app, &address(n), &format!("engines-{n}")).await);
    }
    // The workers look at the queue at once, and again every second.
    tokio::time::sleep(Duration::from_secs(2)).await;

    proxy.heal().await;
    let healed = Instant::now();
    for (n, signup) in signups.iter().enumerate() {
        // Deliveries that are under way give up after ten seconds; the next try is put off by
        // the server's clock.
        while mail.mails_to(&address(n)).is_empty() {
            assert!(
                healed.elapsed() < Duration::from_secs(60),
                "{fault:?}: no code comes"
            );
            tokio::time::sleep(Duration::from_millis(500)).await;
            app.advance_secs(8);
        }
        let code = mail.code(&address(n)).await;
        app.confirm(signup, &code).await;
    }
    for n in 0..PERSONS {
        let mails = mail.mails_to(&address(n));
        let codes = mails.iter().filter(|mail| !mail.text.contains("is ready"));
        let ids: BTreeSet<&str> = codes.map(ArrivedMail::id).collect();
        assert_eq!(ids.len(), 1, "{fault:?}: {ids:?}");
    }
    println!(
        "{fault:?}: every code came {:.1?} after it",
        healed.elapsed()
    );
}

/// The steps until the code is to be mailed. None of them waits for the mail server.
async fn asks_for_code(app: &TestApp, email: &str, slug: &str) -> String {
    let asked = Instant::now();
    let signup = app.sign_up(email).await;
    app.choose_workspace(&signup, slug).await;
    let body = json!({ "sessionId": signup });
    let sent = app.post("/auth/verify/send-for-session", body).await;
    sent.expect(200);
    assert!(asked.elapsed() < 3 * AT_ONCE, "{:?}", asked.elapsed());
    signup
}

async fn sign_up_by_mail(app: &TestApp, mail: &SmtpServer, name: &str) -> Account {
    let email = format!("{name}@example.com");
    let signup = asks_for_code(app, &email, name).await;
    let code = mail.code(&email).await;
    app.confirm(&signup, &code).await
}

/// One connection to the database: whoever held it while mails are delivered would be alone.
#[tokio::test(flavor = "multi_thread")]
async fn r5_no_connection_is_held_while_mails_are_delivered() {
    let Some(backend) = Backend::servers().await else {
        return;
    };
    let mail = mail_server();
    let proxy = FaultProxy::before_port(mail.port);
    let app = backend
        .start_with(|config| {
            send_through(config, &mail, &proxy);
            if let Database::Postgres(postgres) = &mut config.stores.database {
                postgres.max_connections = Some(1);
            }
        })
        .await;
    let account = sign_up_by_mail(&app, &mail, "first").await;
    proxy.both(Flow::Lost);
    for n in 0..6 {
        asks_for_code(
            &app,
            &format!("person{n}@example.com"),
            &format!("engines-{n}"),
        )
        .await;
    }
    within(async || {
        let all = entries(&app).await;
        let under_way = all.iter().filter(|entry| entry.lease_until.is_some());
        (under_way.count() >= 4).then_some(())
    })
    .await;
    for _ in 0..20 {
        let asked = Instant::now();
        let sessions = app.get_as(&account.access_token, "/health/sessions");
        sessions.await.expect(200);
        assert!(asked.elapsed() < AT_ONCE, "{:?}", asked.elapsed());
    }
}
