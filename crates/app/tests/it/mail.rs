//! The mail queue inside a whole server, in front of a mail server of the test's own.

mod answers;
mod crashes;
mod faults;
mod leaving;
mod outage;
mod queue;
mod sharing;

use kogents::config::{Config, Mail, Mailbox, Smtp};
use kogents_adapter_smtp::Tls;
use kogents_domain::auth::{EmailAddress, Language};
use kogents_domain::mail::{Letter, MailEntry, MailFilter, MailJob, MailMessage};
use kogents_domain::page::PageLimit;
use kogents_domain::secret::SecretText;
use kogents_domain::store::Scope;
use kogents_usecases::mail::MailDesk;

use crate::support::{Backend, SmtpServer, TestApp};

/// A server that sends by this mail server.
async fn start_with_mail(backend: &Backend, mail: &SmtpServer) -> TestApp {
    backend.start_with(|config| send_by(config, mail)).await
}

/// Has mail sent by this server.
fn send_by(config: &mut Config, mail: &SmtpServer) {
    config.mail = Mail::Smtp(Smtp {
        host: "127.0.0.1".to_owned(),
        port: mail.port,
        credentials: Some(("mailer".to_owned(), SecretText::new("a-mail-password"))),
        tls: Tls::None,
        from: mailbox(Some("Kogents"), "no-reply@kogents.test"),
        reply_to: Some(mailbox(None, "help@kogents.test")),
    });
}

fn mailbox(name: Option<&str>, address: &str) -> Mailbox {
    Mailbox {
        name: name.map(str::to_owned),
        address: EmailAddress::parse(address).unwrap(),
    }
}

/// A mail server that takes mail from [`send_by`].
fn mail_server() -> SmtpServer {
    SmtpServer::with_account("mailer", "a-mail-password")
}

/// A mail that goes in the lane of the rest.
fn notice(app: &TestApp, to: &str) -> MailJob {
    let message = MailMessage::AccountExists {
        name: "Ada".to_owned(),
    };
    job(app, &Letter::from(message), to)
}

fn job(app: &TestApp, letter: &Letter, to: &str) -> MailJob {
    let adapters = app.adapters();
    let desk = MailDesk {
        sealer: adapters.sealer.clone(),
        digester: adapters.digester.clone(),
        ids: adapters.ids.clone(),
    };
    let to = EmailAddress::parse(to).unwrap();
    desk.job(letter, &to, Language::english(), app.now())
}

/// Queues mails as another process would: without telling this one's workers.
async fn queue(app: &TestApp, jobs: &[MailJob]) {
    let mut unit = app.store().begin(Scope::System).await.unwrap();
    for job in jobs {
        assert!(unit.outbox().enqueue(job).await.unwrap());
    }
    unit.commit().await.unwrap();
}

/// Every job there is, newest first.
async fn entries(app: &TestApp) -> Vec<MailEntry> {
    let mut entries = Vec::new();
    let mut after = None;
    loop {
        let mut unit = app.store().read(Scope::System).await.unwrap();
        let limit = PageLimit::new(PageLimit::MAX).unwrap();
        let page = unit
            .outbox_administration()
            .list(MailFilter::default(), limit, after)
            .await
            .unwrap();
        entries.extend(page.items);
        match page.next {
            Some(next) => after = Some(next),
            None => return entries,
        }
    }
}

/// The job of a mail.
async fn entry(app: &TestApp, job: &MailJob) -> MailEntry {
    let mut unit = app.store().read(Scope::System).await.unwrap();
    let found = unit.outbox_administration().find(job.id).await.unwrap();
    found.expect("the job")
}
