//! What the mails say, and what cannot get into them.

use uuid::Uuid;

use kogents_domain::mail::Template;
use kogents_domain::time::Timestamp;

use super::*;

fn templates() -> Templates {
    Templates::new(&Links {
        public_url: "https://id.example.com/".to_owned(),
        dashboard_url: Some("https://app.example.com/".to_owned()),
    })
    .unwrap()
}

fn render(message: &MailMessage) -> OutgoingMail {
    templates()
        .render(
            MailId::from_uuid(Uuid::from_u128(7)),
            &EmailAddress::parse("ada@example.com").unwrap(),
            &Language::parse("en-GB").unwrap(),
            message,
        )
        .unwrap()
}

fn code() -> OtpCode {
    OtpCode::parse("012345").unwrap()
}

/// One message of every template, each text parameter being `text`.
fn messages(text: &str) -> [MailMessage; 4] {
    let text = || text.to_owned();
    [
        MailMessage::VerificationCode {
            code: code(),
            name: text(),
            workspace: text(),
            minutes: 10,
        },
        MailMessage::AccountExists { name: text() },
        MailMessage::Welcome {
            name: text(),
            workspace: text(),
            slug: text(),
        },
        MailMessage::RefreshTokenReused {
            name: text(),
            device: Some(text()),
            ip_address: text(),
            at: Timestamp::from_millis(1_767_225_599_999),
        },
    ]
}

fn shown(mail: &OutgoingMail) -> String {
    format!(
        "Subject: {}\n\n{}\n{}",
        mail.subject,
        mail.text.expose(),
        mail.html.expose()
    )
}

#[test]
fn verification_code() {
    insta::assert_snapshot!(shown(&render(&MailMessage::VerificationCode {
        code: code(),
        name: "Zoë O'Neil".to_owned(),
        workspace: "Acme & Sons".to_owned(),
        minutes: 10,
    })));
}

#[test]
fn account_exists() {
    insta::assert_snapshot!(shown(&render(&MailMessage::AccountExists {
        name: "Zoë O'Neil".to_owned(),
    })));
}

#[test]
fn welcome() {
    insta::assert_snapshot!(shown(&render(&MailMessage::Welcome {
        name: "Zoë O'Neil".to_owned(),
        workspace: "Acme & Sons".to_owned(),
        slug: "acme".to_owned(),
    })));
}

#[test]
fn refresh_token_reused() {
    insta::assert_snapshot!(shown(&render(&MailMessage::RefreshTokenReused {
        name: "Zoë O'Neil".to_owned(),
        device: Some("Firefox on Linux".to_owned()),
        ip_address: "2001:db8::7".to_owned(),
        at: Timestamp::from_millis(1_767_225_599_999),
    })));
}

#[test]
fn refresh_token_reused_by_an_unknown_device() {
    let mail = render(&MailMessage::RefreshTokenReused {
        name: "Ada".to_owned(),
        device: None,
        ip_address: "192.0.2.1".to_owned(),
        at: Timestamp::from_millis(0),
    });
    let line = "Device of the session: unknown";
    assert!(mail.text.expose().contains(line));
    assert!(mail.html.expose().contains(line));
}

#[test]
fn every_template_is_covered_and_complete_as_text() {
    let covered = messages("Ada").map(|message| message.template());
    assert_eq!(covered, Template::ALL);
    for message in messages("Ada") {
        let mail = render(&message);
        assert!(!mail.subject.is_empty());
        assert!(mail.text.expose().contains("Hello Ada,"));
        assert!(!mail.text.expose().contains('<'), "{}", mail.text.expose());
        assert!(!mail.text.expose().contains("{{"));
    }
}

#[test]
fn s29_names_cannot_reach_headers_or_become_markup() {
    let hostile = "<b>x</b>\r\nBcc: eve@example.com\r\n\r\n{{ code }}\u{0}\"'&<script>";
    for message in messages(hostile) {
        let mail = render(&message);
        assert!(
            !mail.subject.contains(['\r', '\n', '\0']),
            "{:?}",
            mail.subject
        );
        let html = mail.html.expose();
        for markup in ["<b>", "<script", "\"'", "\0", "\r"] {
            assert!(!html.contains(markup), "{markup:?} in {html}");
        }
        // What a name says is never read as a template.
        assert!(mail.text.expose().contains("{{ code }}"));
        assert!(
            mail.text
                .expose()
                .lines()
                .all(|line| !line.starts_with("Bcc"))
        );
    }
}

#[test]
fn s5_only_the_mail_of_a_code_has_it_and_never_in_the_subject() {
    for message in messages("{{ code }} {{ t.subject }}") {
        let mail = render(&message);
        assert!(!mail.subject.contains("012345"));
        let has_code = mail.template == Template::VerificationCode;
        assert_eq!(mail.otp.is_some(), has_code);
        assert_eq!(mail.text.expose().contains("012345"), has_code);
        assert_eq!(mail.html.expose().contains("012345"), has_code);
    }
}

#[test]
fn s29_links_come_from_the_configuration_only() {
    for message in messages("https://evil.example") {
        let html = render(&message).html.expose().to_owned();
        let links: Vec<&str> = html
            .split("href=\"")
            .skip(1)
            .filter_map(|rest| rest.split_once('"').map(|(link, _)| link))
            .collect();
        assert!(!links.is_empty());
        for link in links {
            assert_eq!(link.replace("&#x2f;", "/"), "https://app.example.com");
        }
        assert!(!html.contains("src="));
    }
    let without_dashboard = Templates::new(&Links {
        public_url: "https://id.example.com/".to_owned(),
        dashboard_url: None,
    })
    .unwrap();
    assert_eq!(without_dashboard.base_url, "https://id.example.com");
}

#[test]
fn one_minute_is_singular() {
    let mail = render(&MailMessage::VerificationCode {
        code: code(),
        name: "Ada".to_owned(),
        workspace: "Acme".to_owned(),
        minutes: 1,
    });
    assert!(mail.text.expose().contains("within 1 minute."));
}

#[test]
fn subjects_are_bounded() {
    for message in messages(&"é".repeat(5_000)) {
        assert!(render(&message).subject.chars().count() <= MAX_SUBJECT);
    }
}
