//! Delivering a mail that was taken from the queue.

use std::sync::Arc;

use kogents_domain::auth::Language;
use kogents_domain::mail::{MailerError, MockMailRenderer, MockMailer, QueuedMail};
use kogents_domain::time::Span;
use kogents_usecases::mail::{DeliverMail, DeliverMailError};

use super::given::{
    code_mail, delivers, letter, permanent, rendered, renders, taken, temporary, too_late,
    unavailable, welcome_mail,
};
use crate::support::{Bench, Noted, T0, address, secs};

fn deliver_mail(bench: &Bench, renderer: MockMailRenderer, mailer: MockMailer) -> DeliverMail {
    DeliverMail {
        desk: bench.desk(),
        renderer: Arc::new(renderer),
        mailer: Noted::new(&bench.journal, Arc::new(mailer)),
        clock: bench.clock(),
    }
}

#[tokio::test]
async fn r2_a_mail_is_opened_rendered_and_delivered_under_its_own_id_on_every_try() {
    for attempts in 1..=3 {
        let bench = Bench::new();
        let mail = QueuedMail {
            attempts,
            ..code_mail(&bench)
        };
        let id = mail.id;
        let mut renderer = MockMailRenderer::new();
        renderer
            .expect_render()
            .withf(move |given, to, language, said| {
                (*given, to) == (id, &address("ada@example.com"))
                    && *language == Language::english()
                    && *said == letter()
            })
            .times(1)
            .returning(rendered);
        let mut mailer = MockMailer::new();
        mailer
            .expect_deliver()
            .withf(move |outgoing| outgoing.id == id && outgoing.to == address("ada@example.com"))
            .times(1)
            .returning(|_| Ok(()));

        let delivered = deliver_mail(&bench, renderer, mailer)
            .run(&taken(&mail))
            .await;

        assert_eq!(delivered, Ok(()));
        // Nothing of the store is asked meanwhile.
        assert_eq!(bench.journal.entries(), ["seal", "open", "deliver"]);
        bench.finish();
    }
}

#[tokio::test]
async fn r2_a_code_that_ended_while_its_mail_waited_is_never_sent() {
    for (ends_in, sent) in [
        (Span::from_millis(1), Ok(())),
        (Span::from_millis(0), Err(too_late())),
        (secs(-600), Err(too_late())),
    ] {
        let bench = Bench::new();
        let mail = QueuedMail {
            expires_at: Some(T0.plus(ends_in)),
            ..code_mail(&bench)
        };
        let mailer = if sent.is_ok() {
            delivers(Ok(()))
        } else {
            MockMailer::new()
        };

        let delivered = deliver_mail(&bench, renders(), mailer)
            .run(&taken(&mail))
            .await;

        assert_eq!(delivered, sent);
        bench.finish();
    }
}

#[tokio::test]
async fn r2_a_code_that_ends_while_its_mail_is_rendered_is_not_sent_either() {
    let bench = Bench::new();
    let mail = code_mail(&bench);
    let clock = Arc::clone(&bench.clock);
    let mut renderer = MockMailRenderer::new();
    renderer
        .expect_render()
        .returning(move |id, to, language, letter| {
            clock.advance(secs(600));
            rendered(id, to, language, letter)
        });

    let delivered = deliver_mail(&bench, renderer, MockMailer::new())
        .run(&taken(&mail))
        .await;

    assert_eq!(delivered, Err(too_late()));
    bench.finish();
}

#[tokio::test]
async fn r2_what_cannot_be_read_or_rendered_is_refused_for_good() {
    let bench = Bench::new();
    let unreadable = QueuedMail {
        sealed: b"not sealed by this product".to_vec(),
        ..code_mail(&bench)
    };
    let refused = deliver_mail(&bench, MockMailRenderer::new(), MockMailer::new())
        .run(&taken(&unreadable))
        .await;
    let why = "the queued message cannot be read".to_owned();
    assert_eq!(refused, Err(DeliverMailError::Unreadable(why)));

    let no_template = || MailerError::Permanent("no template".to_owned());
    let mut renderer = MockMailRenderer::new();
    renderer
        .expect_render()
        .returning(move |_, _, _, _| Err(no_template()));
    let refused = deliver_mail(&bench, renderer, MockMailer::new())
        .run(&taken(&code_mail(&bench)))
        .await;
    let why = no_template().to_string();
    assert_eq!(refused, Err(DeliverMailError::Unreadable(why)));
    bench.finish();
}

#[tokio::test]
async fn r2_a_mail_whose_every_try_broke_off_is_neither_opened_nor_delivered() {
    let bench = Bench::new();
    let refused = deliver_mail(&bench, MockMailRenderer::new(), MockMailer::new())
        .run(&taken(&welcome_mail(&bench, 13)))
        .await;
    assert_eq!(refused, Err(DeliverMailError::BrokeOff));
    assert_eq!(bench.journal.only(&["open", "deliver"]), [""; 0]);

    // The last try, and a code, which is tried until it ends.
    let code = QueuedMail {
        attempts: 1_000,
        ..code_mail(&bench)
    };
    for mail in [welcome_mail(&bench, 12), code] {
        let delivered = deliver_mail(&bench, renders(), delivers(Ok(())))
            .run(&taken(&mail))
            .await;
        assert_eq!(delivered, Ok(()));
    }
    bench.finish();
}

#[tokio::test]
async fn what_the_mailer_says_is_told_as_it_is() {
    for error in [temporary(), permanent(), unavailable()] {
        let bench = Bench::new();
        let DeliverMailError::Mailer(said) = error.clone() else {
            panic!("not the mailer's");
        };

        let refused = deliver_mail(&bench, renders(), delivers(Err(said)))
            .run(&taken(&code_mail(&bench)))
            .await;

        assert_eq!(refused, Err(error));
        bench.finish();
    }
}
