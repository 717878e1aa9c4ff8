//! Who delivers mail: a mail server, or in development the mailbox.

use std::sync::Arc;

use kogents_adapter_smtp::{DevMailbox, SmtpMailer, SmtpSettings};
use kogents_domain::health::Probe;
use kogents_domain::mail::{MailboxReader, Mailer};
use kogents_domain::time::Clock;

use super::setup;
use crate::config::{Mail, Smtp};
use crate::failure::Failure;
use crate::no_probe::NoProbe;

/// Whom mails in the development mailbox are from when nothing else is set.
const MAILBOX_FROM: &str = "Kogents <no-reply@kogents.localhost>";

/// Who delivers mail, and who may look at it.
pub(super) struct OutgoingMail {
    pub(super) mailer: Arc<dyn Mailer>,
    pub(super) mailbox: Option<Arc<dyn MailboxReader>>,
    pub(super) probe: Arc<dyn Probe>,
}

/// The mailer that the configuration asks for.
pub(super) fn outgoing(mail: &Mail, clock: Arc<dyn Clock>) -> Result<OutgoingMail, Failure> {
    match mail {
        Mail::Mailbox { from } => {
            let from = from.as_ref().map(ToString::to_string);
            let from = from.unwrap_or_else(|| MAILBOX_FROM.to_owned());
            let mailbox = Arc::new(DevMailbox::new(clock, from));
            Ok(OutgoingMail {
                mailer: mailbox.clone(),
                mailbox: Some(mailbox),
                probe: Arc::new(NoProbe),
            })
        }
        Mail::Smtp(smtp) => {
            let mailer = SmtpMailer::new(&smtp_settings(smtp), clock);
            let mailer = mailer.map_err(|error| setup("the mailer", &error))?;
            let mailer = Arc::new(mailer);
            Ok(OutgoingMail {
                mailer: mailer.clone(),
                mailbox: None,
                probe: mailer,
            })
        }
    }
}

fn smtp_settings(smtp: &Smtp) -> SmtpSettings {
    let (username, password) = smtp.credentials.clone().unzip();
    SmtpSettings {
        host: smtp.host.clone(),
        port: smtp.port,
        tls: smtp.tls,
        root_certificates: None,
        username,
        password,
        from: smtp.from.to_string(),
        reply_to: smtp.reply_to.as_ref().map(ToString::to_string),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Source};

    #[test]
    fn every_sender_that_the_configuration_takes_is_taken_by_the_mailer() {
        for from in [
            "mail@kogents.test",
            "Kogents <mail@kogents.test>",
            "\"Kogents, Inc.\" <mail@kogents.test>",
            "Kogents, Inc. (mail) <mail@kogents.test>",
            "B\u{00FC}cher & S\u{00F6}hne <mail@b\u{00FC}cher.test>",
        ] {
            let source = Source::of([
                ("SMTP_HOST", "mail.kogents.test"),
                ("SMTP_FROM", from),
                ("SMTP_REPLY_TO", from),
            ]);
            let config = Config::read(&source).unwrap();
            let Mail::Smtp(smtp) = config.mail else {
                panic!("there is a mail server")
            };
            let clock = Arc::new(kogents_adapter_crypto::SystemClock);
            let mailer = SmtpMailer::new(&smtp_settings(&smtp), clock);
            assert!(mailer.is_ok(), "{from}: {:?}", mailer.err());
        }
    }
}
