//! The development mailbox: mail that stays in the process, for a developer to read.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use kogents_domain::auth::EmailAddress;
use kogents_domain::health::{CheckStatus, Probe};
use kogents_domain::mail::{MailboxMessage, MailboxReader, Mailer, MailerError, OutgoingMail};
use kogents_domain::time::Clock;

/// How many mails are kept. The oldest go first.
const CAPACITY: usize = 200;

/// Takes mail and keeps the last 200 in memory, codes included. For development only.
#[derive(Clone)]
pub struct DevMailbox {
    mails: Arc<Mutex<VecDeque<MailboxMessage>>>,
    clock: Arc<dyn Clock>,
    from_name: String,
    from_address: String,
}

impl DevMailbox {
    /// An empty mailbox whose mails say that they are from this name, unless a workspace has
    /// another one, and from this address.
    #[must_use]
    pub fn new(
        clock: Arc<dyn Clock>,
        from_name: impl Into<String>,
        from_address: impl Into<String>,
    ) -> Self {
        Self {
            mails: Arc::new(Mutex::new(VecDeque::with_capacity(CAPACITY))),
            clock,
            from_name: from_name.into(),
            from_address: from_address.into(),
        }
    }

    fn mails(&self) -> MutexGuard<'_, VecDeque<MailboxMessage>> {
        // No change of the queue can panic half-way.
        self.mails.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for DevMailbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DevMailbox")
            .field("mails", &self.mails().len())
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Mailer for DevMailbox {
    async fn deliver(&self, mail: &OutgoingMail) -> Result<(), MailerError> {
        let name = mail.from_name.as_deref().unwrap_or(&self.from_name);
        let message = MailboxMessage {
            id: mail.id,
            to: mail.to.as_given().to_owned(),
            from: format!("{name} <{}>", self.from_address),
            subject: mail.subject.clone(),
            text: mail.text.clone(),
            html: mail.html.clone(),
            received_at: self.clock.now(),
            template: mail.template,
            otp: mail.otp.clone(),
        };
        let mut mails = self.mails();
        mails.push_front(message);
        mails.truncate(CAPACITY);
        Ok(())
    }
}

impl MailboxReader for DevMailbox {
    fn list(&self, to: Option<&str>) -> Vec<MailboxMessage> {
        let wanted = to.map(comparable);
        self.mails()
            .iter()
            .filter(|mail| {
                wanted
                    .as_ref()
                    .is_none_or(|wanted| comparable(&mail.to) == *wanted)
            })
            .cloned()
            .collect()
    }
}

/// There is no server that could be down.
#[async_trait]
impl Probe for DevMailbox {
    async fn check(&self) -> CheckStatus {
        CheckStatus::Disabled
    }
}

/// The form addresses are compared in; what is no address is compared as it is, without case.
fn comparable(text: &str) -> String {
    EmailAddress::parse(text).map_or_else(
        |_| text.trim().to_lowercase(),
        |address| address.normalised().to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use kogents_domain::ids::MailId;
    use kogents_domain::mail::Template;
    use kogents_domain::secret::SecretText;
    use kogents_domain::signup::OtpCode;
    use kogents_domain::time::Timestamp;
    use uuid::Uuid;

    use super::*;

    struct Fixed;

    impl Clock for Fixed {
        fn now(&self) -> Timestamp {
            Timestamp::from_millis(1_700_000_000_123)
        }
    }

    fn mailbox() -> DevMailbox {
        DevMailbox::new(Arc::new(Fixed), "Kogents", "no-reply@localhost")
    }

    fn mail(to: &str, subject: &str) -> OutgoingMail {
        OutgoingMail {
            id: MailId::from_uuid(Uuid::from_u128(7)),
            to: EmailAddress::parse(to).unwrap(),
            template: Template::VerificationCode,
            from_name: None,
            send_before: None,
            subject: subject.to_owned(),
            text: SecretText::new("the text"),
            html: SecretText::new("<p>the text</p>"),
            otp: OtpCode::parse("012345").ok(),
        }
    }

    #[tokio::test]
    async fn a_workspaces_name_stands_before_the_address() {
        let mailbox = mailbox();
        let mail = OutgoingMail {
            from_name: Some("Acme Support".to_owned()),
            ..mail("ada@example.com", "first")
        };
        mailbox.deliver(&mail).await.unwrap();
        let kept = mailbox.list(None).remove(0);
        assert_eq!(kept.from, "Acme Support <no-reply@localhost>");
    }

    #[tokio::test]
    async fn a_mail_is_kept_whole() {
        let mailbox = mailbox();
        mailbox
            .deliver(&mail("Ada@example.com", "first"))
            .await
            .unwrap();
        let kept = mailbox.list(None).remove(0);
        assert_eq!(kept.id, MailId::from_uuid(Uuid::from_u128(7)));
        assert_eq!(kept.to, "Ada@example.com");
        assert_eq!(kept.from, "Kogents <no-reply@localhost>");
        assert_eq!(kept.subject, "first");
        assert_eq!(kept.text.expose(), "the text");
        assert_eq!(kept.html.expose(), "<p>the text</p>");
        assert_eq!(kept.received_at, Fixed.now());
        assert_eq!(kept.template, Template::VerificationCode);
        assert_eq!(kept.otp.unwrap().expose(), "012345");
    }

    #[tokio::test]
    async fn the_newest_are_first_and_the_last_200_are_kept() {
        let mailbox = mailbox();
        for number in 0..203 {
            mailbox
                .deliver(&mail("ada@example.com", &number.to_string()))
                .await
                .unwrap();
        }
        let subjects: Vec<_> = mailbox
            .list(None)
            .into_iter()
            .map(|mail| mail.subject)
            .collect();
        assert_eq!(subjects.len(), 200);
        assert_eq!(subjects[0], "202");
        assert_eq!(subjects[199], "3");
    }

    #[tokio::test]
    async fn mails_are_found_by_address_without_case() {
        let mailbox = mailbox();
        mailbox
            .deliver(&mail("Ada@Example.com", "a"))
            .await
            .unwrap();
        mailbox
            .deliver(&mail("bob@example.com", "b"))
            .await
            .unwrap();
        for (to, count) in [
            (Some("ada@example.com"), 1),
            (Some(" ADA@EXAMPLE.COM "), 1),
            (Some("eve@example.com"), 0),
            (Some("ada"), 0),
            (Some(""), 0),
            (None, 2),
        ] {
            assert_eq!(mailbox.list(to).len(), count, "{to:?}");
        }
    }

    #[tokio::test]
    async fn it_degrades_nothing() {
        assert_eq!(mailbox().check().await, CheckStatus::Disabled);
    }
}
