//! Why a delivery failed, and whether it is worth another try.

use kogents_domain::mail::MailerError;
use lettre::transport::smtp::Error;

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

    /// Whether a refusal for good at this step is about the mail, and not about how the product
    /// is set up.
    const fn is_about_the_mail(self) -> bool {
        match self {
            Self::Writing | Self::Recipient | Self::Content => true,
            Self::Connection | Self::SignIn | Self::Sender => false,
        }
    }
}

/// A delivery that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    permanent: bool,
    /// Whether the server refused in words, and so still listens.
    pub(super) answered: bool,
    cause: String,
}

impl Failure {
    /// What the server answered, or the connection's fault.
    pub(super) fn of(step: Step, error: &Error) -> Self {
        // 530, 534, 535, 538: the server wants another sign-in (RFC 4954 section 6), at whatever
        // step it says so.
        let signs_in_badly = error
            .status()
            .is_some_and(|code| matches!(code.to_string().as_str(), "530" | "534" | "535" | "538"));
        Self {
            permanent: error.is_permanent() && step.is_about_the_mail() && !signs_in_badly,
            answered: error.is_permanent() || error.is_transient(),
            cause: describe(step, &error.to_string()),
        }
    }

    /// There is no connection, or none that is protected as it must be.
    pub(super) fn connecting(why: &dyn std::fmt::Display) -> Self {
        Self {
            permanent: false,
            answered: false,
            cause: describe(Step::Connection, &why.to_string()),
        }
    }

    /// No answer in time.
    pub(super) fn timed_out(step: Step) -> Self {
        Self {
            permanent: false,
            answered: false,
            cause: describe(step, "timed out"),
        }
    }

    /// A mail that cannot be written, or not for this server.
    pub(super) fn unwritable(why: &str) -> Self {
        Self {
            permanent: true,
            answered: true,
            cause: describe(Step::Writing, why),
        }
    }

    /// For the port.
    pub(super) fn into_mailer_error(self) -> MailerError {
        if self.permanent {
            MailerError::Permanent(self.cause)
        } else {
            MailerError::Temporary(self.cause)
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
