//! Why a delivery failed, and what that says: nothing goes for now, not this mail, or never this
//! mail.

use kogents_domain::mail::MailerError;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::response::Code;

use crate::line::one_line;

/// The longest cause, in characters.
const MAX_CAUSE: usize = 300;

/// What was being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Writing the mail, before any connection.
    Writing,
    /// Connecting, greeting, TLS.
    Connection,
    /// AUTH.
    SignIn,
    /// MAIL FROM.
    Sender,
    /// RCPT TO.
    Recipient,
    /// DATA and what follows it.
    Content,
}

impl Step {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Writing => "writing",
            Self::Connection => "connection",
            Self::SignIn => "sign-in",
            Self::Sender => "sender",
            Self::Recipient => "recipient",
            Self::Content => "content",
        }
    }

    /// What a failure at this step is, when the server says that it is for good, and when it does
    /// not: it says that it is for now, or nothing at all.
    const fn class(self, refused_for_good: bool) -> Class {
        match (self, refused_for_good) {
            // Whatever the mail, the same would be heard.
            (Self::Connection | Self::SignIn | Self::Sender, _) => Class::Unavailable,
            (Self::Recipient | Self::Content, false) => Class::Temporary,
            (Self::Recipient | Self::Content, true) | (Self::Writing, _) => Class::Permanent,
        }
    }
}

/// The kinds of [`MailerError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Unavailable,
    Temporary,
    TooLate,
    Permanent,
}

/// Whether a reply code says that no mail is taken, at whatever step it comes: the server goes away
/// (421, RFC 5321 section 3.8) or wants another sign-in (RFC 4954 section 6).
fn is_about_the_server(code: Code) -> bool {
    matches!(u16::from(code), 421 | 530 | 534 | 535 | 538)
}

/// A delivery that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    class: Class,
    /// Whether the server refused in words, and so still listens.
    pub(super) answered: bool,
    cause: String,
}

impl Failure {
    /// What the server answered, or the connection's fault.
    pub(super) fn of(step: Step, error: &Error) -> Self {
        let class = if error.status().is_some_and(is_about_the_server) {
            Class::Unavailable
        } else {
            step.class(error.is_permanent())
        };
        Self {
            class,
            answered: error.is_permanent() || error.is_transient(),
            cause: describe(step, &error.to_string()),
        }
    }

    /// There is no connection, or none that is protected as it must be.
    pub(super) fn connecting(why: &dyn std::fmt::Display) -> Self {
        Self {
            class: Class::Unavailable,
            answered: false,
            cause: describe(Step::Connection, &why.to_string()),
        }
    }

    /// No answer in time.
    pub(super) fn timed_out(step: Step) -> Self {
        Self {
            class: step.class(false),
            answered: false,
            cause: describe(step, "timed out"),
        }
    }

    /// The mail's end has come; the server is fine.
    pub(super) fn too_late() -> Self {
        Self {
            class: Class::TooLate,
            answered: true,
            cause: describe(Step::Content, "too late"),
        }
    }

    /// A mail that cannot be written, or not for this server.
    pub(super) fn unwritable(why: &str) -> Self {
        Self {
            class: Class::Permanent,
            answered: true,
            cause: describe(Step::Writing, why),
        }
    }

    /// For the port.
    pub(super) fn into_mailer_error(self) -> MailerError {
        match self.class {
            Class::Unavailable => MailerError::Unavailable(self.cause),
            Class::Temporary => MailerError::Temporary(self.cause),
            Class::TooLate => MailerError::TooLate,
            Class::Permanent => MailerError::Permanent(self.cause),
        }
    }
}

/// The step and the cause on one line, without addresses: servers like to quote the recipient,
/// and causes are stored and logged.
fn describe(step: Step, cause: &str) -> String {
    let cause = cause
        .split_whitespace()
        .map(|word| {
            if word.contains('@') {
                "[address]"
            } else {
                word
            }
        })
        .collect::<Vec<_>>()
        .join(" ");
    one_line(&format!("{}: {cause}", step.as_str()), MAX_CAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s30_causes_are_one_line_without_addresses() {
        assert_eq!(
            describe(
                Step::Recipient,
                "permanent error (550): 5.1.1 <ada@example.com>:\r\n no such user"
            ),
            "recipient: permanent error (550): 5.1.1 [address] no such user"
        );
        assert_eq!(describe(Step::Content, &"x".repeat(1_000)).len(), MAX_CAUSE);
    }
}
