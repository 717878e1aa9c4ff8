//! Sending a mail to try whether mail arrives.

use std::sync::Arc;

use kogents_domain::auth::Language;
use kogents_domain::mail::{Letter, MailMessage, MailerError, MockMailRenderer, MockMailer};
use kogents_usecases::mail::{DeliverMailError, SendTestMail, SendTestMailError};

use super::given::{delivers, permanent, rendered, renders, temporary, unavailable};
use crate::support::{Bench, Slot, T0, address};

fn send_test_mail(bench: &Bench, renderer: MockMailRenderer, mailer: MockMailer) -> SendTestMail {
    SendTestMail {
        renderer: Arc::new(renderer),
        mailer: Arc::new(mailer),
        ids: bench.ids(),
        clock: bench.clock(),
    }
}

#[tokio::test]
async fn the_mail_goes_to_the_server_at_once_past_the_queue() {
    let bench = Bench::new();
    let mut renderer = MockMailRenderer::new();
    renderer
        .expect_render()
        .withf(|_, to, language, letter| {
            (to, language) == (&address("ops@example.com"), &Language::english())
                && *letter == Letter::from(MailMessage::Test { at: T0 })
        })
        .times(1)
        .returning(rendered);
    let mut mailer = MockMailer::new();
    let delivered = Slot::new();
    let put = delivered.clone();
    mailer.expect_deliver().times(1).returning(move |mail| {
        put.put(mail.id);
        Ok(())
    });

    let id = send_test_mail(&bench, renderer, mailer)
        .run(address("ops@example.com"))
        .await;

    assert_eq!(id, Ok(delivered.only()));
    bench.finish();
}

#[tokio::test]
async fn what_the_server_says_is_told() {
    for error in [temporary(), permanent(), unavailable()] {
        let bench = Bench::new();
        let DeliverMailError::Mailer(said) = error else {
            panic!("not the mailer's");
        };

        let refused = send_test_mail(&bench, renders(), delivers(Err(said.clone())))
            .run(address("ops@example.com"))
            .await;

        assert_eq!(refused, Err(SendTestMailError::Mailer(said)));
    }
}

#[tokio::test]
async fn what_cannot_be_rendered_is_not_sent() {
    let bench = Bench::new();
    let no_template = || MailerError::Permanent("no template".to_owned());
    let mut renderer = MockMailRenderer::new();
    renderer
        .expect_render()
        .returning(move |_, _, _, _| Err(no_template()));

    let refused = send_test_mail(&bench, renderer, MockMailer::new())
        .run(address("ops@example.com"))
        .await;

    assert_eq!(refused, Err(SendTestMailError::Mailer(no_template())));
}
