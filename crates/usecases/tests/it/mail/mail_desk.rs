//! Writing and opening mail jobs.

use kogents_domain::auth::Language;
use kogents_domain::digest::SealPurpose;
use kogents_domain::ids::MailId;
use kogents_domain::mail::{MailMessage, QueuedMail};
use kogents_testkit::builders::{code, digest_of, unique_id};
use kogents_usecases::mail::MailDeskError;

use crate::support::{Bench, T0, address, claimed, secs};

fn welcome() -> MailMessage {
    MailMessage::Welcome {
        name: "Ada".to_owned(),
        workspace: "Engines".to_owned(),
        slug: "engines".to_owned(),
    }
}

fn every_message() -> [MailMessage; 4] {
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
        welcome(),
        MailMessage::RefreshTokenReused {
            name: "Ada".to_owned(),
            device: None,
            ip_address: "203.0.113.7".to_owned(),
            at: T0,
        },
    ]
}

#[test]
fn a_job_is_due_at_once_and_opens_to_the_message_it_was_made_of() {
    let bench = Bench::new();
    for message in every_message() {
        let job = bench.desk().job(
            &message,
            &address("ada@example.com"),
            Language::english(),
            T0,
        );

        assert_eq!(job.template, message.template());
        assert_eq!((job.run_at, job.created_at), (T0, T0));
        assert_eq!(
            (job.expires_at, job.dedupe, job.replace_key),
            (None, None, None)
        );
        assert_eq!(bench.message(&job), message);
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
    let [message, ..] = every_message();
    let job = bench.desk().job(
        &message,
        &address("ada@example.com"),
        Language::english(),
        T0,
    );
    assert!(!job.sealed.windows(6).any(|part| part == b"000042"));
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
fn jobs_are_the_same_by_template_and_mailbox() {
    let desk = Bench::new().desk();
    let key = |message: &MailMessage, to: &str| {
        desk.job_once_in(secs(60), message, &address(to), Language::english(), T0)
            .dedupe
            .unwrap()
            .key
    };
    let other = MailMessage::AccountExists {
        name: "Ada".to_owned(),
    };
    let first = key(&welcome(), "ada@example.com");
    assert_eq!(first, key(&welcome(), "ADA@Example.com"));
    assert_ne!(first, key(&welcome(), "bob@example.com"));
    assert_ne!(first, key(&other, "ada@example.com"));
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
