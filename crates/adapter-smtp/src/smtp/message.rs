//! Writing a mail: envelope, headers and the two parts (RFC 5322, RFC 2046).

use std::time::{Duration, UNIX_EPOCH};

use kogents_domain::auth::EmailAddress;
use kogents_domain::mail::OutgoingMail;
use kogents_domain::time::Timestamp;
use lettre::Address;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};

use super::failure::Failure;
use super::settings::{InvalidSmtpSettings, SmtpSettings};
use crate::line::one_line;

/// No line of a mail may be longer than 998 octets (RFC 5322 section 2.1.1); the subject is folded,
/// and bounded.
const MAX_SUBJECT: usize = 200;
/// The longest sender's name, in characters.
const MAX_NAME: usize = 100;

/// A mail as it goes over the wire.
pub(super) struct Written {
    pub(super) from: Address,
    pub(super) to: Address,
    pub(super) octets: Vec<u8>,
    /// Not to be handed over from this moment on.
    pub(super) send_before: Option<Timestamp>,
}

/// In whose name mails are sent.
pub(super) struct Sender {
    from: Mailbox,
    reply_to: Option<Mailbox>,
}

impl Sender {
    pub(super) fn new(settings: &SmtpSettings) -> Result<Self, InvalidSmtpSettings> {
        let mailbox = |text: &str| one_line(text, 400).parse::<Mailbox>();
        Ok(Self {
            from: mailbox(&settings.from).map_err(|_| InvalidSmtpSettings::From)?,
            reply_to: settings
                .reply_to
                .as_deref()
                .map(mailbox)
                .transpose()
                .map_err(|_| InvalidSmtpSettings::ReplyTo)?,
        })
    }

    /// The domain that mails come from: the right part of their Message-ID, and our name in EHLO.
    pub(super) fn domain(&self) -> &str {
        self.from.email.domain()
    }

    /// The configured address with another name before it, if there is one.
    fn named(&self, name: Option<&str>) -> Mailbox {
        let name = name.map(|name| one_line(name, MAX_NAME));
        match name.filter(|name| !name.is_empty()) {
            Some(name) => Mailbox::new(Some(name), self.from.email.clone()),
            None => self.from.clone(),
        }
    }

    /// Writes a mail to its one recipient, dated `now`.
    pub(super) fn write(&self, mail: &OutgoingMail, now: Timestamp) -> Result<Written, Failure> {
        let to = recipient(&mail.to)?;
        let millis = u64::try_from(now.as_millis()).unwrap_or(0);
        let mut builder = Message::builder()
            .from(self.named(mail.from_name.as_deref()))
            .to(Mailbox::new(None, to.clone()))
            .subject(without_encoded_words(&one_line(&mail.subject, MAX_SUBJECT)))
            .date(UNIX_EPOCH + Duration::from_millis(millis))
            .message_id(Some(format!("<{}@{}>", mail.id, self.domain())))
            .header(AutoSubmitted);
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(reply_to.clone());
        }
        let message = builder
            .multipart(MultiPart::alternative_plain_html(
                mail.text.expose().to_owned(),
                mail.html.expose().to_owned(),
            ))
            .map_err(|error| Failure::unwritable(&error.to_string()))?;
        Ok(Written {
            from: self.from.email.clone(),
            to,
            octets: message.formatted(),
            send_before: mail.send_before,
        })
    }
}

/// A text that says literally what it says. The library writes ASCII as it is, and a reader would
/// decode what looks like an encoded word (RFC 2047 section 2). A sender's name needs no such care:
/// in it the library encodes every `=` and `?`.
fn without_encoded_words(text: &str) -> String {
    text.replace("=?", "= ?")
}

/// As given before the `@`, which only the recipient's server may read, and in ASCII after it.
fn recipient(address: &EmailAddress) -> Result<Address, Failure> {
    let unwritable = || Failure::unwritable("the recipient's address cannot be written");
    let (local, _) = address.as_given().rsplit_once('@').ok_or_else(unwritable)?;
    let (_, domain) = address
        .normalised()
        .rsplit_once('@')
        .ok_or_else(unwritable)?;
    Address::new(local, domain).map_err(|_| unwritable())
}

/// `Auto-Submitted: auto-generated` (RFC 3834): no machine should answer.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
