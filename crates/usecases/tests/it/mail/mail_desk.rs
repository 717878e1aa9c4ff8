//! Writing and opening mail jobs.

use kogents_domain::auth::Language;
use kogents_domain::digest::SealPurpose;
use kogents_domain::ids::MailId;
use kogents_domain::mail::{Letter, MailBrand, MailMessage, MailedToken, QueuedMail};
use kogents_testkit::builders::{code, digest_of, unique_id};
use kogents_usecases::mail::MailDeskError;

use crate::support::{Bench, T0, address, claimed, secs, workspace};

fn welcome() -> Letter {
    let workspace = workspace(1);
    Letter {
        brand: Some(MailBrand::of(&workspace.name, &workspace.branding)),
        message: MailMessage::Welcome {
            name: "Ada".to_owned(),
            workspace: "Engines".to_owned(),
            slug: "engines".to_owned(),
        },
    }
}

fn token() -> MailedToken {
    MailedToken::parse("kgm_secret").unwrap()
}

fn every_message() -> [MailMessage; 11] {
    [
        MailMessage::VerificationCode {
            code: code("000042"),
            name: "Ada".to_owned(),
            workspace: "Engines".to_owned(),
            minutes: 10,
        },
        MailMessage::AccountExists {
            name: "Ada".to_owned(),
        },
        welcome().message,
        MailMessage::PasswordReset {
            name: "Ada".to_owned(),
            token: token(),
            minutes: 60,
        },
        MailMessage::PasswordChanged {
            name: "Ada".to_owned(),
            ip_address: "203.0.113.7".to_owned(),
            at: T0,
        },
        MailMessage::ConfirmEmail {
            name: "Ada".to_owned(),
            token: token(),
            hours: 24,
        },
        MailMessage::EmailChanged {
            name: "Ada".to_owned(),
            new_address: address("ada@example.org").masked(),
            at: T0,
        },
        MailMessage::NewDevice {
            name: "Ada".to_owned(),
            device: None,
            place: Some("DE".to_owned()),
            ip_address: "203.0.113.7".to_owned(),
            at: T0,
            token: token(),
        },
        MailMessage::RefreshTokenReused {
            name: "Ada".to_owned(),
            device: None,
            ip_address: "203.0.113.7".to_owned(),
            at: T0,
        },
        MailMessage::Invitation {
            name: "Bob".to_owned(),
            inviter: "Ada".to_owned(),
            workspace: "Engines".to_owned(),
            token: token(),
            days: 7,
        },
        MailMessage::Test { at: T0 },
    ]
}

#[test]
fn a_job_is_due_at_once_and_opens_to_the_letter_it_was_made_of() {
    let bench = Bench::new();
    let brand = welcome().brand;
    for (message, brand) in every_message()
        .into_iter()
        .flat_map(|message| [(message.clone(), None), (message, brand.clone())])
    {
        let letter = Letter { brand, message };
        let job = bench.desk().job(
            &letter,
            &address("ada@example.com"),
            Language::english(),
            T0,
        );

        assert_eq!(job.template, letter.message.template());
        assert_eq!((job.run_at, job.created_at), (T0, T0));
        assert_eq!(
            (job.expires_at, job.dedupe, job.replace_key),
            (None, None, None)
        );
        assert_eq!(bench.letter(&job), letter);
    }
}

#[test]
fn no_two_jobs_have_one_id() {
    let bench = Bench::new();
    let desk = bench.desk();
    let to = address("ada@example.com");
    let first = desk.job(&welcome(), &to, Language::english(), T0);
    let second = desk.job(&welcome(), &to, Language::english(), T0);
    assert_ne!(first.id, second.id);
}

#[test]
fn s5_what_a_job_says_does_not_lie_in_it_in_the_clear() {
    let bench = Bench::new();
    for message in every_message() {
        let job = bench.desk().job(
            &Letter::from(message),
            &address("ada@example.com"),
            Language::english(),
            T0,
        );
        for secret in [&b"000042"[..], b"kgm_secret"] {
            let mut parts = job.sealed.windows(secret.len());
            assert!(!parts.any(|part| part == secret));
        }
    }
}

#[test]
fn a_message_that_is_altered_moved_or_of_another_kind_is_unreadable() {
    let bench = Bench::new();
    let desk = bench.desk();
    let job = desk.job(
        &welcome(),
        &address("ada@example.com"),
        Language::english(),
        T0,
    );
    let genuine = claimed(&job);
    assert_eq!(desk.open(&genuine), Ok(welcome()));

    let mut altered = genuine.clone();
    *altered.sealed.last_mut().unwrap() ^= 1;
    let moved = QueuedMail {
        id: MailId::from_uuid(unique_id()),
        ..genuine.clone()
    };
    let name = genuine.id.as_uuid().as_bytes();
    let seal = |purpose, plain| QueuedMail {
        sealed: bench.sealer().seal(purpose, name, plain),
        ..genuine.clone()
    };
    let other_purpose = seal(SealPurpose::PendingSignup, b"{}");
    let unknown_template = seal(SealPurpose::Mail, br#"{"template":"from_the_future"}"#);
    for mail in [altered, moved, other_purpose, unknown_template] {
        assert_eq!(desk.open(&mail), Err(MailDeskError::Unreadable));
    }
}

#[test]
fn a_message_that_an_earlier_release_queued_is_read() {
    let bench = Bench::new();
    let desk = bench.desk();
    let job = desk.job(
        &welcome(),
        &address("ada@example.com"),
        Language::english(),
        T0,
    );
    let name = job.id.as_uuid().as_bytes();
    let queued = br#"{"template":"account_exists","name":"Ada"}"#;
    let earlier = QueuedMail {
        sealed: bench.sealer().seal(SealPurpose::Mail, name, queued),
        ..claimed(&job)
    };
    let message = MailMessage::AccountExists {
        name: "Ada".to_owned(),
    };
    assert_eq!(desk.open(&earlier), Ok(Letter::from(message)));
}

#[test]
fn jobs_are_the_same_by_template_and_mailbox() {
    let desk = Bench::new().desk();
    let key = |letter: &Letter, to: &str| {
        desk.job_once_in(secs(60), letter, &address(to), Language::english(), T0)
            .dedupe
            .unwrap()
            .key
    };
    let other = Letter::from(MailMessage::AccountExists {
        name: "Ada".to_owned(),
    });
    let first = key(&welcome(), "ada@example.com");
    assert_eq!(first, key(&welcome(), "ADA@Example.com"));
    assert_ne!(first, key(&welcome(), "bob@example.com"));
    assert_ne!(first, key(&other, "ada@example.com"));
    let unbranded = Letter::from(welcome().message);
    assert_eq!(first, key(&unbranded, "ada@example.com"));
}

#[test]
fn a_window_begins_when_the_job_is_queued() {
    let job = Bench::new().desk().job_once_in(
        secs(3_600),
        &welcome(),
        &address("ada@example.com"),
        Language::english(),
        T0,
    );
    assert_eq!(job.dedupe.unwrap().until, T0.plus(secs(3_600)));
}

#[test]
fn keys_differ_by_kind_and_by_what_they_are_of() {
    let desk = Bench::new().desk();
    let of = digest_of("one");
    assert_eq!(desk.key("signup_code", &of), desk.key("signup_code", &of));
    assert_ne!(desk.key("signup_code", &of), desk.key("welcome", &of));
    assert_ne!(
        desk.key("signup_code", &of),
        desk.key("signup_code", &digest_of("another"))
    );
    assert_ne!(desk.key("signup_code", &of), of);
}
