//! What the mails say.

mod hostile;
mod samples;

use kogents_domain::mail::{MailBrand, MailMessage, Template};
use kogents_domain::workspace::Colour;

use super::*;
use samples::{brand, code, letters, messages, render, render_in, token};

fn headed(mail: &OutgoingMail) -> String {
    let from = mail
        .from_name
        .as_deref()
        .map(|name| format!("From: {name}\n"));
    format!(
        "{}Subject: {}\n\n{}",
        from.unwrap_or_default(),
        mail.subject,
        mail.text.expose()
    )
}

fn whole(mail: &OutgoingMail) -> String {
    format!("{}\n{}", headed(mail), mail.html.expose())
}

#[test]
fn every_letter_in_english() {
    for message in letters() {
        let name = message.template().as_str();
        insta::assert_snapshot!(name, whole(&render(&message.into())));
    }
}

#[test]
fn every_letter_in_every_other_language_that_has_it() {
    let catalogues = Catalogues::read().unwrap();
    for message in letters() {
        for language in catalogues.languages_of(message.template()).skip(1) {
            let name = format!("{}_{language}", message.template().as_str());
            let mail = render_in(language, &message.clone().into());
            let html = mail.html.expose();
            assert!(html.contains(&format!("<html lang=\"{language}\">")));
            insta::assert_snapshot!(name, headed(&mail));
        }
    }
}

#[test]
fn letters_in_the_name_of_a_workspace() {
    for message in letters() {
        if matches!(
            message.template(),
            Template::Invitation | Template::EmailChanged | Template::AccountDeleted
        ) {
            let name = format!("{}_branded", message.template().as_str());
            let letter = Letter {
                brand: Some(brand("Acme & Sons")),
                message,
            };
            insta::assert_snapshot!(name, whole(&render(&letter)));
        }
    }
}

#[test]
fn german_has_the_letters_that_people_outside_of_the_product_get() {
    let catalogues = Catalogues::read().unwrap();
    for template in [
        Template::VerificationCode,
        Template::PasswordReset,
        Template::Invitation,
        Template::NewDevice,
        Template::AccountDeleted,
    ] {
        let mut languages = catalogues.languages_of(template);
        assert!(languages.any(|language| language == "de"), "{template:?}");
    }
}

#[test]
fn a_letter_that_a_language_lacks_is_in_english_and_says_so() {
    let letter = MailMessage::AccountExists {
        name: "Ada".to_owned(),
    };
    let mail = render_in("de-AT", &letter.into());
    assert_eq!(mail.subject, "You already have an account");
    assert!(mail.html.expose().contains("<html lang=\"en\">"));
    assert!(mail.text.expose().starts_with("Hello Ada,"));
}

#[test]
fn every_letter_is_complete_as_text() {
    let covered = messages("Ada").map(|message| message.template());
    assert_eq!(covered, Template::ALL);
    assert_eq!(letters().map(|message| message.template()), Template::ALL);
    for message in letters() {
        let template = message.template();
        let mail = render(&message.into());
        let text = mail.text.expose();
        assert!(!mail.subject.is_empty());
        assert!(text.starts_with("Hello"), "{text}");
        assert!(!text.contains(['<', '{']), "{text}");
        assert!(!text.contains("none"), "{text}");
        assert!(!text.contains("\n\n\n"), "{template:?} {text}");
        assert!(text.ends_with("\nhttps://app.example.com\n"), "{text}");
        assert_eq!(mail.from_name, None);
    }
}

#[test]
fn links_with_a_token_are_whole_on_a_line_of_their_own() {
    for message in letters() {
        let template = message.template();
        let page = match template {
            Template::PasswordReset => "reset-password",
            Template::ConfirmEmail => "confirm-email",
            Template::NewDevice => "not-me",
            Template::Invitation => "accept-invitation",
            Template::VerificationCode
            | Template::AccountExists
            | Template::Welcome
            | Template::PasswordChanged
            | Template::EmailChanged
            | Template::RefreshTokenReused
            | Template::AccountDeleted
            | Template::Test => continue,
        };
        let mail = render(&message.into());
        let token = token();
        let link = format!(
            "https://app.example.com/{page}?token={}",
            token.secret().expose()
        );
        assert!(mail.text.expose().lines().any(|line| line == link));
        let html = mail.html.expose().replace("&#x2f;", "/");
        assert_eq!(html.matches(&format!("href=\"{link}\"")).count(), 2);
    }
}

#[test]
fn what_is_not_known_of_a_device_is_said_to_be_unknown() {
    let new_device = MailMessage::NewDevice {
        name: "Ada".to_owned(),
        device: None,
        place: None,
        ip_address: "192.0.2.1".to_owned(),
        at: samples::at(),
        token: token(),
    };
    let reused = MailMessage::RefreshTokenReused {
        name: "Ada".to_owned(),
        device: None,
        ip_address: "192.0.2.1".to_owned(),
        at: samples::at(),
    };
    for (message, expected) in [
        (new_device.clone(), "Device: unknown"),
        (new_device, "Place: unknown"),
        (reused, "Device of the session: unknown"),
    ] {
        let mail = render(&message.into());
        let text = mail.text.expose();
        assert!(text.lines().any(|line| line == expected), "{text}");
        assert!(mail.html.expose().contains(">unknown<"));
    }
}

#[test]
fn one_is_singular() {
    let name = || "Ada".to_owned();
    let workspace = || "Acme".to_owned();
    for (message, english, german) in [
        (
            MailMessage::VerificationCode {
                code: code(),
                name: name(),
                workspace: workspace(),
                minutes: 1,
            },
            "within 1 minute.",
            Some("1 Minute lang"),
        ),
        (
            MailMessage::PasswordReset {
                name: name(),
                token: token(),
                minutes: 1,
            },
            "within 1 minute.",
            Some("1 Minute lang"),
        ),
        (
            MailMessage::ConfirmEmail {
                name: name(),
                token: token(),
                hours: 1,
            },
            "within 1 hour.",
            None,
        ),
        (
            MailMessage::Invitation {
                name: name(),
                inviter: name(),
                workspace: workspace(),
                token: token(),
                days: 1,
            },
            "within 1 day.",
            Some("1 Tag lang"),
        ),
    ] {
        let letter = Letter::from(message);
        assert!(render(&letter).text.expose().contains(english));
        if let Some(german) = german {
            let mail = render_in("de", &letter);
            assert!(mail.text.expose().contains(german));
        }
    }
}

#[test]
fn a_brand_has_its_name_colour_and_address() {
    let ada = || MailMessage::AccountExists {
        name: "Ada".to_owned(),
    };
    let render = |brand: Option<MailBrand>| {
        render(&Letter {
            brand,
            message: ada(),
        })
    };
    let plain = render(None);
    assert!(plain.html.expose().contains("#1f5fbf"));
    assert!(!plain.html.expose().contains("mailto:"));

    let branded = render(Some(brand("Acme")));
    assert_eq!(branded.from_name.as_deref(), Some("Acme People"));
    let html = branded.html.expose();
    assert!(!html.contains("#1f5fbf") && html.contains("border-bottom:3px solid #ffe08a"));
    assert!(html.contains("bgcolor=\"#ffe08a\"") && html.contains("color:#000000"));
    assert!(html.contains("href=\"mailto:help@acme.example\""));
    let text = branded.text.expose();
    assert!(text.contains("Acme uses Kogents to sign its people in."));
    assert!(text.ends_with("\nQuestions? Write to help@acme.example\n"));

    let dark = render(Some(MailBrand {
        from_name: None,
        colour: Colour::parse("#0b3d2e").ok(),
        support_email: None,
        ..brand("Acme")
    }));
    assert_eq!(dark.from_name, None);
    let html = dark.html.expose();
    assert!(html.contains("bgcolor=\"#0b3d2e\"") && html.contains("color:#ffffff"));
    assert!(!html.contains("mailto:") && !dark.text.expose().contains("Questions?"));
}
