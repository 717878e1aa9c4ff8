//! Letters to try.

use kogents_domain::mail::{MailBrand, MailMessage, MailedToken};
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::Colour;
use uuid::Uuid;

use super::*;

pub(super) fn templates() -> Templates {
    Templates::new(&Links {
        public_url: "https://id.example.com/".to_owned(),
        dashboard_url: Some("https://app.example.com/".to_owned()),
    })
    .unwrap()
}

pub(super) fn render(letter: &Letter) -> OutgoingMail {
    render_in("en-GB", letter)
}

pub(super) fn render_in(language: &str, letter: &Letter) -> OutgoingMail {
    templates()
        .render(
            MailId::from_uuid(Uuid::from_u128(7)),
            &EmailAddress::parse("ada@example.com").unwrap(),
            &Language::parse(language).unwrap(),
            letter,
        )
        .unwrap()
}

pub(super) fn code() -> OtpCode {
    OtpCode::parse("012345").unwrap()
}

pub(super) fn token() -> MailedToken {
    MailedToken::parse("kgm_98765-abcdefghijklmnopqrstuvwxyz_ABCDEFGHIJKLM").unwrap()
}

pub(super) fn at() -> Timestamp {
    Timestamp::from_millis(1_767_225_599_999)
}

/// A workspace with a light colour.
pub(super) fn brand(name: &str) -> MailBrand {
    MailBrand {
        name: name.to_owned(),
        from_name: Some(format!("{name} People")),
        colour: Colour::parse("#FFE08A").ok(),
        support_email: EmailAddress::parse("help@acme.example").ok(),
    }
}

/// What the text parameters of a message are.
pub(super) struct Words<'a> {
    pub(super) name: &'a str,
    pub(super) inviter: &'a str,
    pub(super) workspace: &'a str,
    pub(super) slug: &'a str,
    pub(super) device: &'a str,
    pub(super) place: &'a str,
    pub(super) ip_address: &'a str,
    pub(super) new_address: &'a str,
}

/// A message of every template, as it is meant.
pub(super) fn letters() -> [MailMessage; 12] {
    with(&Words {
        name: "Zoë O'Neil",
        inviter: "Grace Hopper",
        workspace: "Acme & Sons",
        slug: "acme",
        device: "Firefox on Linux",
        place: "Zürich, Switzerland",
        ip_address: "2001:db8::7",
        new_address: "z…@example.org",
    })
}

/// A message of every template, each text parameter being `text`.
pub(super) fn messages(text: &str) -> [MailMessage; 12] {
    with(&Words {
        name: text,
        inviter: text,
        workspace: text,
        slug: text,
        device: text,
        place: text,
        ip_address: text,
        new_address: text,
    })
}

fn with(words: &Words<'_>) -> [MailMessage; 12] {
    let name = || words.name.to_owned();
    let workspace = || words.workspace.to_owned();
    let device = || Some(words.device.to_owned());
    let ip_address = || words.ip_address.to_owned();
    [
        MailMessage::VerificationCode {
            code: code(),
            name: name(),
            workspace: workspace(),
            minutes: 10,
        },
        MailMessage::AccountExists { name: name() },
        MailMessage::Welcome {
            name: name(),
            workspace: workspace(),
            slug: words.slug.to_owned(),
        },
        MailMessage::PasswordReset {
            name: name(),
            token: token(),
            minutes: 30,
        },
        MailMessage::PasswordChanged {
            name: name(),
            ip_address: ip_address(),
            at: at(),
        },
        MailMessage::ConfirmEmail {
            name: name(),
            token: token(),
            hours: 24,
        },
        MailMessage::EmailChanged {
            name: name(),
            new_address: words.new_address.to_owned(),
            at: at(),
        },
        MailMessage::NewDevice {
            name: name(),
            device: device(),
            place: Some(words.place.to_owned()),
            ip_address: ip_address(),
            at: at(),
            token: token(),
        },
        MailMessage::RefreshTokenReused {
            name: name(),
            device: device(),
            ip_address: ip_address(),
            at: at(),
        },
        MailMessage::Invitation {
            name: name(),
            inviter: words.inviter.to_owned(),
            workspace: workspace(),
            token: token(),
            days: 7,
        },
        MailMessage::AccountDeleted {
            name: name(),
            at: at(),
        },
        MailMessage::Test { at: at() },
    ]
}
