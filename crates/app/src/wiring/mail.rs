//! Who renders and delivers mail: a mail server, or in development the mailbox; and the workers that
//! work off the queue.

use std::sync::Arc;

use kogents_adapter_smtp::{DevMailbox, Links, SmtpMailer, SmtpSettings, Templates};
use kogents_domain::health::Probe;
use kogents_domain::mail::{MailRenderer, MailboxReader, Mailer};
use kogents_domain::time::Clock;
use kogents_usecases::mail::{
    CheckMailQueue, ClaimMail, DeliverMail, LaneRests, MailDesk, SettleMail,
};
use url::Url;

use super::{Adapters, setup};
use crate::background::{MailQueueWatch, MailWorker, Share};
use crate::config::{Config, Mail, Smtp};
use crate::failure::Failure;
use crate::figures::MailFigures;
use crate::no_probe::NoProbe;

/// Whom mails in the development mailbox are from when nothing else is set: name and address.
const MAILBOX_FROM: (&str, &str) = ("Kogents", "no-reply@kogents.localhost");

/// Who delivers mail, and who may look at it.
pub(crate) struct OutgoingMail {
    pub(crate) mailer: Arc<dyn Mailer>,
    pub(super) mailbox: Option<Arc<dyn MailboxReader>>,
    pub(super) probe: Arc<dyn Probe>,
}

/// The mailer that the configuration asks for.
pub(crate) fn outgoing(mail: &Mail, clock: Arc<dyn Clock>) -> Result<OutgoingMail, Failure> {
    match mail {
        Mail::Mailbox { from } => {
            let (name, address) = match &from {
                Some(from) => (
                    from.name.as_deref().unwrap_or(MAILBOX_FROM.0),
                    from.address.as_given(),
                ),
                None => MAILBOX_FROM,
            };
            let mailbox = Arc::new(DevMailbox::new(clock, name, address));
            Ok(OutgoingMail {
                mailer: mailbox.clone(),
                mailbox: Some(mailbox),
                probe: Arc::new(NoProbe),
            })
        }
        Mail::Smtp(smtp) => {
            let mailer = Arc::new(smtp_mailer(smtp, clock)?);
            Ok(OutgoingMail {
                mailer: mailer.clone(),
                mailbox: None,
                probe: mailer,
            })
        }
    }
}

/// The mailer of a mail server.
pub(crate) fn smtp_mailer(smtp: &Smtp, clock: Arc<dyn Clock>) -> Result<SmtpMailer, Failure> {
    let mailer = SmtpMailer::new(&smtp_settings(smtp), clock);
    mailer.map_err(|error| setup("the mailer", &error))
}

/// Renders letters, with links to `DASHBOARD_URL`, else to the public URL.
pub(crate) fn renderer(
    public_url: &str,
    config: &Config,
) -> Result<Arc<dyn MailRenderer>, Failure> {
    let templates = Templates::new(&Links {
        public_url: public_url.to_owned(),
        dashboard_url: config.server.dashboard_url.as_ref().map(Url::to_string),
    });
    Ok(Arc::new(
        templates.map_err(|error| setup("the mail templates", &error))?,
    ))
}

/// The workers: one that codes and resets do not have to share, and one for all mail.
pub(super) fn workers(
    adapters: &Adapters,
    desk: &Arc<MailDesk>,
    figures: &MailFigures,
    rests: &Arc<LaneRests>,
) -> [MailWorker; 2] {
    let clock = || adapters.clock.clone();
    let random = || adapters.random.clone();
    let worker = MailWorker {
        share: Share::Reserved,
        claim: Arc::new(ClaimMail {
            store: adapters.store.clone(),
            rests: rests.clone(),
            clock: clock(),
            random: random(),
        }),
        deliver: Arc::new(DeliverMail {
            desk: desk.clone(),
            renderer: adapters.renderer.clone(),
            mailer: adapters.mailer.clone(),
            clock: clock(),
        }),
        settle: Arc::new(SettleMail {
            store: adapters.store.clone(),
            rests: rests.clone(),
            observer: Arc::new(figures.clone()),
            clock: clock(),
            random: random(),
        }),
        signal: adapters.mail_signal.clone(),
    };
    let shared = MailWorker {
        share: Share::Shared,
        ..worker.clone()
    };
    [worker, shared]
}

/// Looks how full the queue is.
pub(super) fn queue_watch(adapters: &Adapters, figures: MailFigures) -> MailQueueWatch {
    MailQueueWatch {
        check: Arc::new(CheckMailQueue {
            store: adapters.store.clone(),
            clock: adapters.clock.clone(),
        }),
        figures,
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
