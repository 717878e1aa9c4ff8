//! How mail leaves.

use kogents_adapter_smtp::Tls;
use kogents_domain::secret::SecretText;
use url::Host;

use super::mode::Mode;
use super::parse::{Mailbox, choice, mailbox, number};
use super::reader::Reader;

/// How mail leaves.
#[derive(Debug, Clone)]
pub enum Mail {
    /// It does not: it stays in the process, for the developer to read.
    Mailbox {
        /// Whom it is from, if that is set.
        from: Option<Mailbox>,
    },
    /// Through a mail server.
    Smtp(Smtp),
}

/// A mail server and how to talk to it.
#[derive(Debug, Clone)]
pub struct Smtp {
    /// `SMTP_HOST`.
    pub host: String,
    /// `SMTP_PORT`.
    pub port: u16,
    /// `SMTP_USER` and `SMTP_PASS`.
    pub credentials: Option<(String, SecretText)>,
    /// `SMTP_TLS`.
    pub tls: Tls,
    /// `SMTP_FROM`, else `SMTP_USER`.
    pub from: Mailbox,
    /// `SMTP_REPLY_TO`.
    pub reply_to: Option<Mailbox>,
}

const PORT: u16 = 587;
const IMPLICIT_TLS_PORT: u16 = 465;

pub(super) fn read(reader: &mut Reader<'_>, mode: Mode) -> Mail {
    let host = reader.optional("SMTP_HOST", host);
    let port = reader.or("SMTP_PORT", PORT, number(1..=u16::MAX));
    let tls = read_tls(reader, mode, port);
    let user = reader.optional("SMTP_USER", |text| Ok(text.to_owned()));
    let pass = reader.secret("SMTP_PASS");
    let from = reader.optional("SMTP_FROM", mailbox);
    let reply_to = reader.optional("SMTP_REPLY_TO", mailbox);

    let Some(host) = host else {
        if mode.is_production() {
            reader.fault(
                "SMTP_HOST",
                "must be set in production: the name of a mail server",
            );
        }
        return Mail::Mailbox { from };
    };
    let Some(from) = from.or_else(|| mailbox(user.as_deref()?).ok()) else {
        let message = "must be set to an address such as Kogents <mail@example.com>, unless \
                       SMTP_USER is one";
        reader.fault("SMTP_FROM", message);
        return Mail::Mailbox { from: None };
    };
    Mail::Smtp(Smtp {
        host,
        port,
        credentials: credentials(reader, user, pass),
        tls,
        from,
        reply_to,
    })
}

fn read_tls(reader: &mut Reader<'_>, mode: Mode, port: u16) -> Tls {
    let default = if port == IMPLICIT_TLS_PORT {
        Tls::Implicit
    } else {
        Tls::StartTls
    };
    let choices = [
        ("starttls", Tls::StartTls),
        ("implicit", Tls::Implicit),
        ("none", Tls::None),
    ];
    let tls = reader.or("SMTP_TLS", default, choice(&choices));
    if tls == Tls::None && mode.is_production() {
        reader.fault("SMTP_TLS", "must be starttls or implicit in production");
    }
    tls
}

fn credentials(
    reader: &mut Reader<'_>,
    user: Option<String>,
    pass: Option<SecretText>,
) -> Option<(String, SecretText)> {
    match (user, pass) {
        (Some(user), Some(pass)) => Some((user, pass)),
        (None, None) => None,
        (Some(_), None) => {
            reader.fault("SMTP_PASS", "must be set when SMTP_USER is");
            None
        }
        (None, Some(_)) => {
            reader.fault("SMTP_USER", "must be set when SMTP_PASS is");
            None
        }
    }
}

fn host(text: &str) -> Result<String, String> {
    Host::parse(text)
        .map(|_| text.to_owned())
        .map_err(|_| "must be the name or the address of a mail server, without a port".to_owned())
}
