//! What cannot get into a letter, whatever the names in it say.

use super::*;

/// Names that try to be something else.
const HOSTILE: [&str; 8] = [
    "<b>x</b>\r\nBcc: eve@example.com\r\n\r\nbody\u{0}\"'&<script>alert(1)</script>",
    "=?utf-8?q?=0D=0ABcc:_eve=40example.com?=",
    "{{ code }} {{ link }} {{ t.subject }} {{ look.colour }}",
    "{% raw %} {% endraw %} {# c #} {% include 'layout.html' %}",
    "https://evil.example",
    "<a href=\"https://evil.example\">x</a><img src=\"https://evil.example/a.png\">",
    "\" style=\"background:url(https://evil.example)\" onload=\"x",
    "\u{202E}kcatta\u{2028}next\u{85}line\u{b}\u{7f}",
];

/// Every message in every language that it has, from the product and from a workspace, all names
/// being `text`.
fn letters_named(text: &str) -> Vec<OutgoingMail> {
    let catalogues = Catalogues::read().unwrap();
    let mut mails = Vec::new();
    for message in messages(text) {
        for language in catalogues.languages_of(message.template()) {
            for brand in [None, Some(brand(text))] {
                let message = message.clone();
                mails.push(render_in(language, &Letter { brand, message }));
            }
        }
    }
    mails
}

/// The tags of an HTML text, without what is written between them.
fn tags(html: &str) -> Vec<&str> {
    html.split('<')
        .skip(1)
        .map(|rest| rest.split_once('>').unwrap().0)
        .collect()
}

#[test]
fn s29_subjects_and_senders_are_one_line() {
    for text in HOSTILE {
        for mail in letters_named(text) {
            let from_name = mail.from_name.unwrap_or_default();
            for line in [&mail.subject, &from_name] {
                assert_eq!(*line, one_line(line, 1_000), "{line:?}");
            }
        }
    }
}

#[test]
fn s29_names_do_not_become_markup() {
    for text in HOSTILE {
        for (mail, expected) in letters_named(text).iter().zip(letters_named("Ada")) {
            // The tags, all attributes included, are those of the same letter to Ada.
            let (html, expected) = (mail.html.expose(), expected.html.expose());
            assert_eq!(tags(html), tags(expected), "{html}");
            assert!(!html.contains(['\0', '\r']), "{html}");
        }
    }
}

#[test]
fn s29_names_do_not_become_templates() {
    for text in ["{{ code }}", "{% raw %}", "{{ link }}", "{# c #}"] {
        for mail in letters_named(text) {
            if mail.template != Template::Test {
                assert!(mail.text.expose().contains(text));
                assert!(mail.html.expose().contains(text));
            }
        }
    }
}

#[test]
fn s29_names_stay_on_their_lines() {
    for text in HOSTILE {
        for (mail, expected) in letters_named(text).iter().zip(letters_named("Ada")) {
            let (text, expected) = (mail.text.expose(), expected.text.expose());
            assert_eq!(text.lines().count(), expected.lines().count(), "{text}");
            let control = |c: char| c.is_control() && c != '\n';
            assert!(!text.contains(control), "{text:?}");
        }
    }
}

#[test]
fn s29_links_come_from_the_configuration_only() {
    for text in HOSTILE {
        for mail in letters_named(text) {
            let html = mail.html.expose().replace("&#x2f;", "/");
            let links: Vec<_> = html
                .split("href=\"")
                .skip(1)
                .filter_map(|rest| rest.split_once('"').map(|(link, _)| link))
                .collect();
            assert!(!links.is_empty());
            for link in links {
                let page = link.strip_prefix("https://app.example.com");
                let ours = page.is_some_and(|page| page.is_empty() || page.starts_with('/'));
                assert!(ours || link == "mailto:help@acme.example", "{link}");
            }
        }
    }
}

#[test]
fn s29_nothing_is_loaded() {
    for mail in letters_named("Ada") {
        let html = mail.html.expose();
        for loading in [
            "src=", "<img", "<link", "<script", "<style", "url(", "@import",
        ] {
            assert!(!html.contains(loading), "{loading} in {html}");
        }
    }
}

/// That a secret is in the bodies of its own letters, and otherwise nowhere.
fn is_only_in(secret: &str, own: &[Template]) {
    for text in ["Ada", "{{ code }} {{ link }} {{ t.subject }}"] {
        for mail in letters_named(text) {
            let from_name = mail.from_name.as_deref().unwrap_or_default();
            assert!(!mail.subject.contains(secret) && !from_name.contains(secret));
            for body in [&mail.text, &mail.html] {
                let found = body.expose().contains(secret);
                assert_eq!(found, own.contains(&mail.template), "{:?}", mail.template);
            }
            let (head, _) = mail.html.expose().split_once("</head>").unwrap();
            assert!(!head.contains(secret), "{head}");
            assert!(!format!("{mail:?}").contains(secret));
            let has_code = mail.template == Template::VerificationCode;
            assert_eq!(mail.otp.is_some(), has_code);
        }
    }
}

#[test]
fn s5_only_the_mail_of_a_code_has_it_and_never_in_the_subject() {
    is_only_in(code().expose(), &[Template::VerificationCode]);
}

#[test]
fn s29_only_the_mail_of_a_link_has_its_token_and_never_in_the_subject() {
    let own = [
        Template::PasswordReset,
        Template::ConfirmEmail,
        Template::NewDevice,
        Template::Invitation,
    ];
    is_only_in(token().secret().expose(), &own);
}

#[test]
fn s29_lengths_are_bounded() {
    for mail in letters_named(&"é".repeat(5_000)) {
        assert!(mail.subject.chars().count() <= MAX_SUBJECT);
        assert!(mail.text.expose().chars().count() < 3_000);
    }
}
