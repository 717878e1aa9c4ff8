//! What a name or a subject says cannot become a header, a command or another sender.

use base64::prelude::{BASE64_STANDARD, Engine};
use lettre::message::Mailboxes;

use super::*;

#[tokio::test]
async fn s29_line_breaks_cannot_reach_headers_or_commands() {
    let server = TestServer::start(Script::default()).await;
    let mut mail = mail_to("ada@example.com");
    mail.subject = "Welcome\r\nBcc: eve@example.com\r\n\r\nbody\u{0}".to_owned();
    mail.text = SecretText::new("Hello\r\n.\r\nMAIL FROM:<eve@example.com>\r\n");
    mailer(&settings(server.port)).deliver(&mail).await.unwrap();
    let written = server.mail();
    assert!(header(&written, "Bcc").is_empty(), "{written}");
    assert_eq!(
        header(&written, "Subject"),
        ["Welcome Bcc: eve@example.com body"]
    );
    assert_eq!(server.commands().len(), 4, "{:?}", server.commands());
}

#[tokio::test]
async fn s29_a_subject_is_read_as_it_was_written() {
    let server = TestServer::start(Script::default()).await;
    let mut mail = mail_to("ada@example.com");
    mail.subject = "Welcome to =?utf-8?q?=0D=0ABcc:_eve?= ==?".to_owned();
    mailer(&settings(server.port)).deliver(&mail).await.unwrap();
    let written = server.mail();
    assert_eq!(
        header(&written, "Subject"),
        ["Welcome to = ?utf-8?q?=0D=0ABcc:_eve?= == ?"]
    );
}

/// The From header of a mail in a name, as a mail program reads it.
async fn sender_named(name: &str) -> (String, String) {
    let server = TestServer::start(Script::default()).await;
    let mut mail = mail_to("ada@example.com");
    mail.from_name = Some(name.to_owned());
    mailer(&settings(server.port)).deliver(&mail).await.unwrap();
    let written = server.mail();
    assert!(header(&written, "Bcc").is_empty(), "{written}");
    assert_eq!(header(&written, "Reply-To"), ["help@example.com"]);
    // The sender that servers see is the configured one.
    assert_eq!(
        server.commands()[1],
        "MAIL FROM:<no-reply@mail.example.com>"
    );
    let [value] = header(&written, "From").try_into().unwrap();
    let senders: Vec<_> = value.parse::<Mailboxes>().unwrap().into();
    let [sender] = senders.as_slice() else {
        panic!("{} senders in {value}", senders.len());
    };
    assert_eq!(sender.email.to_string(), "no-reply@mail.example.com");
    (value.clone(), decoded(sender.name.as_deref().unwrap()))
}

/// A name of which the encoded words (RFC 2047) in base64, the only ones that we write, are read.
fn decoded(name: &str) -> String {
    if !name.starts_with("=?") {
        return name.to_owned();
    }
    let octets = name.split(' ').flat_map(|word| {
        let encoded = word
            .strip_prefix("=?utf-8?b?")
            .and_then(|word| word.strip_suffix("?="));
        BASE64_STANDARD.decode(encoded.unwrap()).unwrap()
    });
    String::from_utf8(octets.collect()).unwrap()
}

#[tokio::test]
async fn s29_a_senders_name_stays_a_name() {
    for (name, read) in [
        ("Acme", "Acme"),
        ("Acme & Sons", "Acme & Sons"),
        ("Zo\u{EB} GmbH", "Zo\u{EB} GmbH"),
        (
            "Acme\r\nBcc: eve@example.com\r\n\r\nbody\u{0}",
            "Acme Bcc: eve@example.com body",
        ),
        (
            "eve@example.com, Eve <eve@example.com>",
            "eve@example.com, Eve <eve@example.com>",
        ),
        ("\"Acme\" <eve@example.com>", "\"Acme\" <eve@example.com>"),
        ("Acme\\", "Acme\\"),
        ("a \"quote\"", "a \"quote\""),
        ("(comment", "(comment"),
        ("=?utf-8?q?=0D=0ABcc:_eve?=", "=?utf-8?q?=0D=0ABcc:_eve?="),
        (
            "=?utf-8?b?RXZlIDxldmVAZXhhbXBsZS5jb20+?=",
            "=?utf-8?b?RXZlIDxldmVAZXhhbXBsZS5jb20+?=",
        ),
    ] {
        let (written, found) = sender_named(name).await;
        assert_eq!(found, read, "{written}");
    }
    let (_, long) = sender_named(&"\u{E9}".repeat(5_000)).await;
    assert_eq!(long, "\u{E9}".repeat(100));
}

#[tokio::test]
async fn s29_a_name_that_shows_nothing_is_the_configured_one() {
    for name in ["", " \r\n", "\u{0}"] {
        assert_eq!(
            sender_named(name).await.0,
            "Kogents <no-reply@mail.example.com>"
        );
    }
}
