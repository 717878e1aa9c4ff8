//! Queued mails, and the use cases that work them off, as their tests need them.

use std::sync::Arc;

use kogents_domain::auth::Language;
use kogents_domain::ids::MailId;
use kogents_domain::mail::{
    DeliveryObserver, DeliveryOutcome, Lane, Letter, MailBrand, MailEntry, MailMessage,
    MailRenderer, MailState, MailerError, MockMailRenderer, MockMailer, OutgoingMail, QueuedMail,
    Template,
};
use kogents_domain::secret::SecretText;
use kogents_domain::time::Span;
use kogents_testkit::builders::{code, unique_id};
use kogents_testkit::fakes::FakeRandom;
use kogents_usecases::mail::{
    ClaimMail, ClaimedMail, DeliverMailError, Delivery, LaneRests, SettleMail, Settlement,
};

use crate::support::{Bench, Slot, T0, address, claimed, random, secs, workspace};

/// A letter with a code in it.
pub(super) fn letter() -> Letter {
    let workspace = workspace(1);
    Letter {
        brand: Some(MailBrand::of(&workspace.name, &workspace.branding)),
        message: MailMessage::VerificationCode {
            code: code("000042"),
            name: "Ada".to_owned(),
            workspace: "Engines".to_owned(),
            minutes: 10,
        },
    }
}

fn queued(bench: &Bench, letter: &Letter) -> QueuedMail {
    let to = address("ada@example.com");
    claimed(&bench.desk().job(letter, &to, Language::english(), T0))
}

/// A job with a code in it that ends ten minutes from now.
pub(super) fn code_mail(bench: &Bench) -> QueuedMail {
    QueuedMail {
        expires_at: Some(T0.plus(secs(600))),
        ..queued(bench, &letter())
    }
}

/// A job of the least urgent lane, begun so many times.
pub(super) fn welcome_mail(bench: &Bench, attempts: u32) -> QueuedMail {
    let welcome = MailMessage::Welcome {
        name: "Ada".to_owned(),
        workspace: "Engines".to_owned(),
        slug: "engines".to_owned(),
    };
    QueuedMail {
        attempts,
        ..queued(bench, &Letter::from(welcome))
    }
}

/// A job that waits in this lane.
pub(super) fn mail_in(bench: &Bench, lane: Lane) -> QueuedMail {
    QueuedMail {
        lane,
        ..welcome_mail(bench, 1)
    }
}

/// The job as a worker has it.
pub(super) fn taken(mail: &QueuedMail) -> ClaimedMail {
    ClaimedMail {
        mail: mail.clone(),
        lease_token: 77,
        lease_until: T0.plus(secs(60)),
    }
}

/// A renderer that renders whatever it is given.
pub(super) fn renders() -> MockMailRenderer {
    let mut renderer = MockMailRenderer::new();
    renderer.expect_render().returning(|id, to, _, letter| {
        Ok(OutgoingMail {
            id,
            to: to.clone(),
            template: letter.message.template(),
            from_name: None,
            send_before: None,
            subject: "A subject".to_owned(),
            text: SecretText::new("a text"),
            html: SecretText::new("<p>a text</p>"),
            otp: None,
        })
    });
    renderer
}

/// Renders as [`renders`] does.
pub(super) fn rendered(
    id: MailId,
    to: &kogents_domain::auth::EmailAddress,
    language: &Language,
    letter: &Letter,
) -> Result<OutgoingMail, MailerError> {
    renders().render(id, to, language, letter)
}

/// A mailer that answers this to one mail.
pub(super) fn delivers(answer: Result<(), MailerError>) -> MockMailer {
    let mut mailer = MockMailer::new();
    mailer
        .expect_deliver()
        .times(1)
        .return_once(move |_| answer);
    mailer
}

pub(super) fn temporary() -> DeliverMailError {
    MailerError::Temporary("450 try later".to_owned()).into()
}

/// A mail whose end came first.
pub(super) fn too_late() -> DeliverMailError {
    MailerError::TooLate.into()
}

pub(super) fn permanent() -> DeliverMailError {
    MailerError::Permanent("550 no such mailbox".to_owned()).into()
}

pub(super) fn unavailable() -> DeliverMailError {
    MailerError::Unavailable("535 who are you".to_owned()).into()
}

/// No lane rests; those that will rest as long as jitter lets them.
pub(super) fn rests() -> Arc<LaneRests> {
    Arc::new(LaneRests::new(Arc::new(FakeRandom::with_number(1_000))))
}

pub(super) fn claim_mail(bench: &Bench, rests: &Arc<LaneRests>) -> ClaimMail {
    ClaimMail {
        store: bench.store(),
        rests: Arc::clone(rests),
        clock: bench.clock(),
        random: random(),
    }
}

/// Keeps what it hears.
#[derive(Clone)]
pub(super) struct Heard(pub(super) Slot<(Lane, DeliveryOutcome, Span)>);

impl DeliveryObserver for Heard {
    fn tried(&self, lane: Lane, outcome: DeliveryOutcome, since_queued: Span) {
        self.0.put((lane, outcome, since_queued));
    }
}

pub(super) fn settle_mail(bench: &Bench, rests: &Arc<LaneRests>, heard: &Heard) -> SettleMail {
    SettleMail {
        store: bench.store(),
        rests: Arc::clone(rests),
        observer: Arc::new(heard.clone()),
        clock: bench.clock(),
        random: random(),
    }
}

/// A worker comes to this end with a mail.
pub(super) fn hears(
    bench: &Bench,
    rests: &Arc<LaneRests>,
    mail: &QueuedMail,
    end: Result<(), DeliverMailError>,
) -> Settlement {
    let settle = settle_mail(bench, rests, &Heard(Slot::new()));
    settle.decide(&taken(mail), Delivery::Ended(end))
}

/// A job as operators see it.
pub(super) fn entry(state: MailState) -> MailEntry {
    MailEntry {
        id: MailId::from_uuid(unique_id()),
        state,
        lane: Lane::Other,
        template: Template::Welcome.as_str().to_owned(),
        language: "en".to_owned(),
        recipient: Some("ada@example.com".to_owned()),
        attempts: 12,
        created_at: T0,
        run_at: T0,
        expires_at: None,
        lease_until: None,
        finished_at: None,
        last_error: Some("450 try later".to_owned()),
        has_message: true,
    }
}
