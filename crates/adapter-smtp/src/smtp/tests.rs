//! Delivery against a scripted server.

mod certificates;
mod classes;
mod headers;
mod protection;
mod server;

use kogents_domain::auth::EmailAddress;
use kogents_domain::ids::MailId;
use kogents_domain::mail::Template;
use kogents_domain::secret::SecretText;
use kogents_domain::time::Timestamp;
use server::{Script, TestServer};
use uuid::Uuid;

use super::*;

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(1_767_225_599_999)
    }
}

fn settings(port: u16) -> SmtpSettings {
    SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port,
        tls: Tls::None,
        root_certificates: None,
        username: None,
        password: None,
        from: "Kogents <no-reply@mail.example.com>".to_owned(),
        reply_to: Some("help@example.com".to_owned()),
    }
}

fn mailer(settings: &SmtpSettings) -> SmtpMailer {
    SmtpMailer::new(settings, Arc::new(Fixed)).unwrap()
}

fn mail_to(address: &str) -> OutgoingMail {
    OutgoingMail {
        id: MailId::from_uuid(Uuid::from_u128(0x0192_f3c0_1111_7abc_8def_0123_4567_89ab)),
        to: EmailAddress::parse(address).unwrap(),
        template: Template::Welcome,
        from_name: None,
        send_before: None,
        subject: "Welcome to Acme".to_owned(),
        text: SecretText::new("Hello Ada,\n\n.a line that begins with a dot\n"),
        html: SecretText::new("<p>Hello Ada</p>\n"),
        otp: None,
    }
}

async fn deliver(script: Script) -> (Result<(), MailerError>, TestServer) {
    let server = TestServer::start(script).await;
    let outcome = mailer(&settings(server.port))
        .deliver(&mail_to("ada@example.com"))
        .await;
    (outcome, server)
}

/// The values of a header, unfolded (RFC 5322 section 2.2.3).
fn header(mail: &str, name: &str) -> Vec<String> {
    let (head, _) = mail.split_once("\n\n").unwrap();
    head.replace("\n ", " ")
        .lines()
        .filter_map(|line| line.split_once(": "))
        .filter(|(found, _)| found.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.to_owned())
        .collect()
}

#[tokio::test]
async fn r2_an_accepted_mail_says_who_wrote_it_and_what_it_is() {
    let (outcome, server) = deliver(Script::default()).await;
    assert_eq!(outcome, Ok(()));
    let mail = server.mail();
    for (name, value) in [
        ("From", "Kogents <no-reply@mail.example.com>"),
        ("Reply-To", "help@example.com"),
        ("To", "ada@example.com"),
        ("Subject", "Welcome to Acme"),
        (
            "Message-ID",
            "<0192f3c0-1111-7abc-8def-0123456789ab@mail.example.com>",
        ),
        ("Auto-Submitted", "auto-generated"),
        ("Date", "Wed, 31 Dec 2025 23:59:59 +0000"),
        ("MIME-Version", "1.0"),
    ] {
        assert_eq!(header(&mail, name), [value], "{name} in {mail}");
    }
    for name in ["Bcc", "Cc", "List-Unsubscribe", "Sender"] {
        assert!(header(&mail, name).is_empty(), "{name} in {mail}");
    }
    assert!(mail.contains("multipart/alternative"));
    let text = mail.find("text/plain").unwrap();
    let html = mail.find("text/html").unwrap();
    assert!(text < html, "the best part comes last (RFC 2046)");
    // Dots are doubled on the way (RFC 5321 section 4.5.2).
    assert!(
        mail.contains("\n..a line that begins with a dot\n"),
        "{mail}"
    );
    assert_eq!(
        server.commands(),
        [
            "EHLO mail.example.com",
            "MAIL FROM:<no-reply@mail.example.com>",
            "RCPT TO:<ada@example.com>",
            "DATA"
        ]
    );
}

#[tokio::test]
async fn r2_every_try_has_the_same_message_id_and_connections_are_kept() {
    let server = TestServer::start(Script::default()).await;
    let mailer = mailer(&settings(server.port));
    for _ in 0..3 {
        mailer.deliver(&mail_to("ada@example.com")).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
    let heard = server.heard.lock().unwrap();
    let ids: Vec<_> = heard
        .mails
        .iter()
        .map(|mail| header(mail, "Message-ID"))
        .collect();
    assert_eq!(ids.len(), 3);
    assert!(ids.iter().all(|id| *id == ids[0]));
}

#[tokio::test]
async fn r2_a_refused_sign_in_makes_mail_unavailable_and_shows_no_password() {
    let server = TestServer::start(Script {
        auth: "535 5.7.8 bad credentials",
        ..Script::default()
    })
    .await;
    let mut settings = settings(server.port);
    settings.username = Some("kogents".to_owned());
    settings.password = Some(SecretText::new("hunter2hunter2"));
    let mailer = mailer(&settings);
    let error = mailer
        .deliver(&mail_to("ada@example.com"))
        .await
        .unwrap_err();
    assert!(matches!(error, MailerError::Unavailable(_)), "{error:?}");
    assert!(!format!("{error:?} {settings:?} {mailer:?}").contains("hunter2"));
    assert_eq!(mailer.check().await, CheckStatus::Down);
}

#[tokio::test]
async fn who_may_sign_in_does_so_before_sending() {
    let server = TestServer::start(Script::default()).await;
    let mut settings = settings(server.port);
    settings.username = Some("kogents".to_owned());
    settings.password = Some(SecretText::new("hunter2hunter2"));
    let mailer = mailer(&settings);
    assert_eq!(mailer.check().await, CheckStatus::Up);
    mailer.deliver(&mail_to("ada@example.com")).await.unwrap();
    let commands = server.commands();
    assert!(commands[1].starts_with("AUTH PLAIN "), "{commands:?}");
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn starttls_that_is_not_offered_ends_the_delivery_before_anything_is_said() {
    let server = TestServer::start(Script::default()).await;
    let mut settings = settings(server.port);
    settings.tls = Tls::StartTls;
    settings.username = Some("kogents".to_owned());
    settings.password = Some(SecretText::new("hunter2hunter2"));
    let outcome = mailer(&settings).deliver(&mail_to("ada@example.com")).await;
    assert!(matches!(outcome, Err(MailerError::Unavailable(_))));
    assert_eq!(server.commands(), ["EHLO mail.example.com"]);
}

#[tokio::test]
async fn a_connection_that_failed_is_not_used_again() {
    let server = TestServer::start(Script {
        rcpt: "550 no such user",
        ..Script::default()
    })
    .await;
    let mailer = mailer(&settings(server.port));
    for _ in 0..2 {
        mailer
            .deliver(&mail_to("ada@example.com"))
            .await
            .unwrap_err();
    }
    assert_eq!(server.connections(), 2);
    assert_eq!(server.commands().last().unwrap(), "QUIT");
}

#[tokio::test]
async fn texts_and_addresses_beyond_ascii_are_encoded() {
    let server = TestServer::start(Script::default()).await;
    let mut mail = mail_to("Ada@b\u{FC}cher.example");
    mail.subject = "Willkommen, Zo\u{EB}".to_owned();
    mail.text = SecretText::new("Gr\u{FC}\u{DF}e\n");
    mailer(&settings(server.port)).deliver(&mail).await.unwrap();
    let written = server.mail();
    assert!(written.is_ascii());
    assert!(header(&written, "Subject")[0].contains("=?utf-8?"));
    assert_eq!(server.commands()[2], "RCPT TO:<Ada@xn--bcher-kva.example>");

    // A mailbox with other letters needs a server that takes it (RFC 6531).
    let mailer = mailer(&settings(server.port));
    let outcome = mailer.deliver(&mail_to("j\u{FC}rgen@example.com")).await;
    assert!(
        matches!(outcome, Err(MailerError::Permanent(_))),
        "{outcome:?}"
    );
    let modern = TestServer::start(Script {
        hello: "250-test\r\n250-SMTPUTF8\r\n250 8BITMIME",
        ..Script::default()
    })
    .await;
    super::tests::mailer(&settings(modern.port))
        .deliver(&mail_to("j\u{FC}rgen@example.com"))
        .await
        .unwrap();
    assert!(modern.commands()[1].contains("SMTPUTF8"));
}

#[tokio::test]
async fn settings_that_cannot_be_used_are_named() {
    type Spoil = fn(&mut SmtpSettings);
    let cases: [(Spoil, InvalidSmtpSettings); 6] = [
        (|s| s.from = "nobody".to_owned(), InvalidSmtpSettings::From),
        (|s| s.from = String::new(), InvalidSmtpSettings::From),
        (
            |s| s.reply_to = Some("nobody".to_owned()),
            InvalidSmtpSettings::ReplyTo,
        ),
        (|s| s.host = " ".to_owned(), InvalidSmtpSettings::Host),
        (
            |s| s.username = Some("kogents".to_owned()),
            InvalidSmtpSettings::Credentials,
        ),
        (
            |s| s.password = Some(SecretText::new("secret")),
            InvalidSmtpSettings::Credentials,
        ),
    ];
    for (spoil, expected) in cases {
        let mut settings = settings(25);
        spoil(&mut settings);
        let error = SmtpMailer::new(&settings, Arc::new(Fixed)).unwrap_err();
        assert_eq!(error, expected);
    }
    for tls in [Tls::StartTls, Tls::Implicit] {
        let mut settings = settings(25);
        settings.host = "mail.example.com".to_owned();
        settings.tls = tls;
        assert!(SmtpMailer::new(&settings, Arc::new(Fixed)).is_ok());
    }
}
