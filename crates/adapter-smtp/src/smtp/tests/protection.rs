//! TLS: the server has to prove who it is before it is told anything.

use std::time::Instant;

use rustls::ServerConfig;

use super::certificates::{Authority, Validity};
use super::server::{Handshake, Protection};
use super::*;

const HELLO: &str = "EHLO mail.example.com";
/// In clear a server offers more than it should: signing in.
const OFFERS_STARTTLS: &str = "250-test\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN";
const BOTH: [Tls; 2] = [Tls::Implicit, Tls::StartTls];

/// A server that shakes hands when `tls` says so, and takes mail from `kogents` only.
fn script(tls: Tls, handshake: Handshake) -> Script {
    Script {
        protection: match tls {
            Tls::Implicit => Protection::Implicit(handshake),
            Tls::StartTls => Protection::StartTls(handshake),
            Tls::None => Protection::None,
        },
        hello: OFFERS_STARTTLS,
        account: Some(("kogents", "hunter2hunter2")),
        ..Script::default()
    }
}

/// Reaches the server as `localhost`.
fn settings(server: &TestServer, tls: Tls, trusted: Option<&Authority>) -> SmtpSettings {
    SmtpSettings {
        host: "localhost".to_owned(),
        tls,
        root_certificates: trusted.map(Authority::pem),
        username: Some("kogents".to_owned()),
        password: Some(SecretText::new("hunter2hunter2")),
        ..super::settings(server.port)
    }
}

async fn try_to_deliver(settings: &SmtpSettings) -> Result<(), MailerError> {
    mailer(settings).deliver(&mail_to("ada@example.com")).await
}

/// What may be said in clear: nothing, or that TLS is wanted.
fn sayable_in_clear(tls: Tls) -> &'static [&'static str] {
    match tls {
        Tls::StartTls => &[HELLO, "STARTTLS"],
        Tls::Implicit | Tls::None => &[],
    }
}

/// The two parts of a mail, as its boundary divides them.
fn parts(mail: &str) -> (String, String) {
    let boundary = mail.split("boundary=\"").nth(1).unwrap();
    let boundary = boundary.split('"').next().unwrap();
    let parts: Vec<_> = mail.split(&format!("--{boundary}")).collect();
    let [_, text, html, end] = parts.as_slice() else {
        panic!("{} pieces in {mail}", parts.len());
    };
    assert_eq!(end.trim(), "--");
    let part = |part: &str, kind: &str| {
        let part = part.trim_start();
        assert!(header(part, "Content-Type")[0].starts_with(kind), "{part}");
        part.split_once("\n\n").unwrap().1.trim_end().to_owned()
    };
    (part(text, "text/plain"), part(html, "text/html"))
}

#[tokio::test]
async fn mail_goes_by_implicit_tls_and_by_starttls_to_a_server_that_proves_its_name() {
    let authority = Authority::new();
    let config = authority.server("localhost", Validity::Now);
    for tls in BOTH {
        let handshake = Handshake::With(Arc::clone(&config));
        let server = TestServer::start(script(tls, handshake)).await;
        let mailer = mailer(&settings(&server, tls, Some(&authority)));
        assert_eq!(mailer.check().await, CheckStatus::Up);
        let outcome = mailer.deliver(&mail_to("ada@example.com")).await;
        assert_eq!(outcome, Ok(()), "{tls:?}");

        let mail = server.mail();
        assert_eq!(header(&mail, "To"), ["ada@example.com"]);
        assert_eq!(header(&mail, "Subject"), ["Welcome to Acme"]);
        let (text, html) = parts(&mail);
        assert_eq!(text, "Hello Ada,\n\n..a line that begins with a dot");
        assert_eq!(html, "<p>Hello Ada</p>");

        let heard = server.heard.lock().unwrap();
        assert_eq!((heard.connections, heard.handshakes), (1, 1));
        assert_eq!(heard.in_clear, sayable_in_clear(tls));
        // What was said over TLS: the greeting once more, the sign-in, and only then the mail.
        let protected = &heard.commands[heard.in_clear.len()..];
        let verbs: Vec<_> = protected
            .iter()
            .map(|command| command.split(' ').next().unwrap())
            .collect();
        assert_eq!(verbs, ["EHLO", "AUTH", "NOOP", "MAIL", "RCPT", "DATA"]);
        assert_eq!(protected[0], HELLO);
    }
}

#[tokio::test]
async fn over_tls_both_ways_of_signing_in_work_and_only_with_the_right_password() {
    let authority = Authority::new();
    let config = authority.server("localhost", Validity::Now);
    for tls in BOTH {
        for (mechanism, offer) in [
            ("PLAIN", "250-test\r\n250 AUTH PLAIN"),
            ("LOGIN", "250-test\r\n250 AUTH LOGIN"),
        ] {
            for (password, right) in [("hunter2hunter2", true), ("hunter2hunter3", false)] {
                let case = format!("{tls:?} {mechanism} {password}");
                let server = TestServer::start(Script {
                    protected_hello: offer,
                    ..script(tls, Handshake::With(Arc::clone(&config)))
                })
                .await;
                let mut settings = settings(&server, tls, Some(&authority));
                settings.password = Some(SecretText::new(password));
                match try_to_deliver(&settings).await {
                    Ok(()) => assert!(right, "{case}"),
                    Err(MailerError::Unavailable(cause)) => assert!(!right, "{case}: {cause}"),
                    Err(MailerError::Temporary(cause) | MailerError::Permanent(cause)) => {
                        panic!("{case}: {cause}")
                    }
                    Err(MailerError::TooLate) => panic!("{case}: it has no end"),
                }
                let commands = server.commands();
                let sign_in = format!("AUTH {mechanism}");
                let signed_in = commands.iter().position(|said| said.starts_with(&sign_in));
                let signed_in = signed_in.unwrap_or_else(|| panic!("{case}: {commands:?}"));
                let sent = commands.iter().position(|said| said.starts_with("MAIL"));
                assert_eq!(sent.is_some(), right, "{case}: {commands:?}");
                assert!(sent.is_none_or(|sent| signed_in < sent), "{case}");
                let heard = server.heard.lock().unwrap();
                assert_eq!(heard.in_clear, sayable_in_clear(tls), "{case}");
                assert_eq!(heard.mails.len(), usize::from(right), "{case}");
            }
        }
    }
}

#[tokio::test]
async fn what_a_server_offers_before_starttls_is_forgotten_after_it() {
    let authority = Authority::new();
    let config = authority.server("localhost", Validity::Now);
    for (hello, protected_hello, mechanism) in [
        (
            "250-test\r\n250-STARTTLS\r\n250 AUTH PLAIN",
            "250-test\r\n250 AUTH LOGIN",
            "AUTH LOGIN",
        ),
        (
            "250-test\r\n250 STARTTLS",
            "250-test\r\n250 AUTH PLAIN",
            "AUTH PLAIN",
        ),
    ] {
        let server = TestServer::start(Script {
            hello,
            protected_hello,
            ..script(Tls::StartTls, Handshake::With(Arc::clone(&config)))
        })
        .await;
        let settings = settings(&server, Tls::StartTls, Some(&authority));
        assert_eq!(try_to_deliver(&settings).await, Ok(()));
        let commands = server.commands();
        assert!(commands[3].starts_with(mechanism), "{commands:?}");
    }
}

/// Neither a delivery nor a probe says anything to a server with this certificate, to which the
/// mailer is sent by a host name; the cause names what is wrong.
async fn assert_refused(
    config: Arc<ServerConfig>,
    host: &str,
    trusted: Option<&Authority>,
    why: &str,
) {
    for tls in BOTH {
        let handshake = Handshake::With(Arc::clone(&config));
        let server = TestServer::start(script(tls, handshake)).await;
        let mut settings = settings(&server, tls, trusted);
        settings.host = host.to_owned();
        let mailer = mailer(&settings);
        let outcome = mailer.deliver(&mail_to("ada@example.com")).await;
        let Err(MailerError::Unavailable(cause)) = outcome else {
            panic!("{tls:?}: {outcome:?}");
        };
        assert!(cause.starts_with("connection: "), "{tls:?}: {cause}");
        assert!(cause.contains(why), "{tls:?}: {cause}");
        assert_eq!(mailer.check().await, CheckStatus::Down, "{tls:?}");

        server.everyone_left().await;
        let heard = server.heard.lock().unwrap();
        assert_eq!(heard.connections, 2, "{tls:?}");
        assert_eq!(heard.handshakes, 0, "{tls:?}");
        // Twice what may be said in clear, by the delivery and the probe, and nothing else.
        assert_eq!(heard.commands, sayable_in_clear(tls).repeat(2), "{tls:?}");
    }
}

#[tokio::test]
async fn a_server_whose_authority_is_unknown_is_told_nothing() {
    let (authority, other) = (Authority::new(), Authority::new());
    let config = authority.server("localhost", Validity::Now);
    assert_refused(Arc::clone(&config), "localhost", None, "UnknownIssuer").await;
    // The other authority has the same name, and another key.
    assert_refused(
        config,
        "localhost",
        Some(&other),
        "invalid peer certificate",
    )
    .await;
}

#[tokio::test]
async fn a_server_with_another_hosts_certificate_is_told_nothing() {
    let authority = Authority::new();
    let other = authority.server("mail.example.com", Validity::Now);
    assert_refused(other, "localhost", Some(&authority), "not valid for name").await;
    let right = authority.server("localhost", Validity::Now);
    assert_refused(right, "127.0.0.1", Some(&authority), "not valid for name").await;
}

#[tokio::test]
async fn a_server_whose_certificate_has_expired_is_told_nothing() {
    let authority = Authority::new();
    let expired = authority.server("localhost", Validity::Once);
    assert_refused(expired, "localhost", Some(&authority), "expired").await;
}

#[tokio::test]
async fn a_server_that_does_not_do_the_tls_that_is_asked_for_gets_neither_password_nor_mail() {
    let authority = Authority::new();
    let config = authority.server("localhost", Validity::Now);
    let willing = || script(Tls::StartTls, Handshake::With(Arc::clone(&config)));
    let silent = "250-test\r\n250 AUTH PLAIN LOGIN";
    for (tls, script, said) in [
        // STARTTLS is not offered, or is refused for now or for good.
        (
            Tls::StartTls,
            Script {
                hello: silent,
                ..willing()
            },
            [HELLO, "QUIT"].as_slice(),
        ),
        (
            Tls::StartTls,
            Script {
                starttls: "454 4.7.0 later",
                ..willing()
            },
            &[HELLO, "STARTTLS", "QUIT"],
        ),
        (
            Tls::StartTls,
            Script {
                starttls: "502 5.5.1 never",
                ..willing()
            },
            &[HELLO, "STARTTLS", "QUIT"],
        ),
        // In place of the handshake the server talks on in clear.
        (
            Tls::StartTls,
            Script {
                protection: Protection::None,
                starttls: "220 go ahead\r\n250 AUTH PLAIN",
                ..willing()
            },
            &[HELLO, "STARTTLS"],
        ),
        (Tls::Implicit, willing(), &[]),
    ] {
        let server = TestServer::start(script).await;
        let settings = settings(&server, tls, Some(&authority));
        let outcome = try_to_deliver(&settings).await;
        assert!(
            matches!(outcome, Err(MailerError::Unavailable(_))),
            "{said:?}: {outcome:?}"
        );
        server.everyone_left().await;
        let heard = server.heard.lock().unwrap();
        assert_eq!(heard.handshakes, 0);
        // A handshake that a server takes for a command is no text that says anything.
        let understood: Vec<_> = heard
            .commands
            .iter()
            .filter(|said| said.chars().all(|c| (' '..='~').contains(&c)))
            .collect();
        assert_eq!(understood, said);
    }
}

/// Whoever stands in between can add to the answer in clear, and would be believed over TLS if what
/// was read before the handshake were kept (RFC 3207 section 4.2 has it discarded).
#[tokio::test]
async fn what_somebody_adds_in_clear_to_the_answer_to_starttls_is_refused() {
    let authority = Authority::new();
    let config = authority.server("localhost", Validity::Now);
    for starttls in [
        // The answer to EHLO that is asked over TLS; all answers that a delivery waits for.
        "220 go ahead\r\n250-test\r\n250 AUTH PLAIN",
        "220 go ahead\r\n250 AUTH PLAIN\r\n235 fine\r\n250 fine\r\n250 fine\r\n354 go on\r\n250 taken",
        // The beginning of a line, which what comes over TLS would complete.
        "220 go ahead\r\n250 AUTH PLAIN\r\n2",
        "220 go ahead\r\n\r\n",
    ] {
        let server = TestServer::start(Script {
            starttls,
            ..script(Tls::StartTls, Handshake::With(Arc::clone(&config)))
        })
        .await;
        let settings = settings(&server, Tls::StartTls, Some(&authority));
        let mailer = mailer(&settings);
        let outcome = mailer.deliver(&mail_to("ada@example.com")).await;
        let Err(MailerError::Unavailable(cause)) = outcome else {
            panic!("{starttls}: {outcome:?}");
        };
        assert!(cause.contains("out of turn"), "{starttls}: {cause}");
        assert_eq!(mailer.check().await, CheckStatus::Down, "{starttls}");
        server.everyone_left().await;
        let heard = server.heard.lock().unwrap();
        assert_eq!(heard.handshakes, 0, "{starttls}");
        assert_eq!(heard.commands, [HELLO, "STARTTLS"].repeat(2), "{starttls}");
    }
}

/// The same before it: a server speaks when it is spoken to.
#[tokio::test]
async fn a_server_that_speaks_out_of_turn_before_starttls_is_refused() {
    let authority = Authority::new();
    let config = authority.server("localhost", Validity::Now);
    let willing = || script(Tls::StartTls, Handshake::With(Arc::clone(&config)));
    let early = Script {
        greeting: "220 test ESMTP\r\n250 STARTTLS",
        ..willing()
    };
    let more = Script {
        hello: "250-test\r\n250 STARTTLS\r\n220 go ahead",
        ..willing()
    };
    for (script, said) in [(early, [].as_slice()), (more, &[HELLO])] {
        let server = TestServer::start(script).await;
        let settings = settings(&server, Tls::StartTls, Some(&authority));
        let outcome = try_to_deliver(&settings).await;
        assert!(
            matches!(&outcome, Err(MailerError::Unavailable(cause)) if cause.contains("out of turn")),
            "{outcome:?}"
        );
        server.everyone_left().await;
        assert_eq!(server.commands(), said);
    }
}

#[tokio::test]
async fn a_handshake_that_hangs_times_out() {
    let authority = Authority::new();
    for tls in BOTH {
        let server = TestServer::start(script(tls, Handshake::Hangs)).await;
        let mut mailer = mailer(&settings(&server, tls, Some(&authority)));
        mailer.server.command_limit = Duration::from_millis(500);
        let before = Instant::now();
        let outcome = mailer.deliver(&mail_to("ada@example.com")).await;
        let Err(MailerError::Unavailable(cause)) = outcome else {
            panic!("{tls:?}: {outcome:?}");
        };
        assert!(before.elapsed() < Duration::from_secs(5), "{tls:?}");
        assert_eq!(cause, "connection: timed out", "{tls:?}");
        // The connection is closed, after a handshake (RFC 8446 section 5.1) and nothing else.
        server.everyone_left().await;
        let heard = server.heard.lock().unwrap();
        assert_eq!(heard.commands, sayable_in_clear(tls));
        assert_eq!(heard.unanswered.first(), Some(&22), "{tls:?}");
    }
}

#[tokio::test]
async fn several_authorities_are_believed_and_what_is_none_is_an_error() {
    let (authority, other) = (Authority::new(), Authority::new());
    let config = authority.server("localhost", Validity::Now);
    let server = TestServer::start(script(Tls::Implicit, Handshake::With(config))).await;
    let mut settings = settings(&server, Tls::Implicit, None);
    settings.root_certificates = Some([other.pem(), authority.pem()].concat());
    assert_eq!(try_to_deliver(&settings).await, Ok(()));

    let whole = String::from_utf8(authority.pem()).unwrap();
    for spoilt in [
        String::new(),
        "no certificate".to_owned(),
        whole.replace("END", "E"),
        whole.replace("-----\nMI", "-----\nAA"),
        whole.replace("CERTIFICATE", "PUBLIC KEY"),
    ] {
        for tls in BOTH {
            settings.tls = tls;
            settings.root_certificates = Some(spoilt.clone().into_bytes());
            let error = SmtpMailer::new(&settings, Arc::new(Fixed)).unwrap_err();
            assert_eq!(error, InvalidSmtpSettings::RootCertificates, "{spoilt}");
        }
    }
}
