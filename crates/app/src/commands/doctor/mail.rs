//! The mail server: greeted, protected, signed in at; and a test mail where one is asked for.

use kogents_domain::mail::MailerError;

use super::finding::Finding;
use crate::config::Smtp;

const CHECK: &str = "mail";

/// Judges how the server took the greeting.
pub(super) fn judge(smtp: &Smtp, greeted: &Result<(), MailerError>) -> Finding {
    let at = format!("the mail server at {}:{}", smtp.host, smtp.port);
    match greeted {
        Ok(()) => {
            let account = match smtp.credentials {
                Some(_) => "with the sign-in",
                None => "without a sign-in",
            };
            let protected = match smtp.tls {
                kogents_adapter_smtp::Tls::StartTls | kogents_adapter_smtp::Tls::Implicit => {
                    "TLS is verified"
                }
                kogents_adapter_smtp::Tls::None => "without TLS",
            };
            Finding::ok(CHECK, format!("{at} takes us {account}, {protected}"))
        }
        Err(error) => {
            let fix = "correct SMTP_HOST, SMTP_PORT, SMTP_TLS, SMTP_USER or SMTP_PASS, as the \
                       step that failed says";
            Finding::failure(CHECK, format!("{at} does not take us: {error}"), fix)
        }
    }
}

/// Where there is no mail server, in development only.
pub(super) fn without_server() -> Finding {
    Finding::ok(
        CHECK,
        "there is no mail server: mail stays in the development mailbox",
    )
}

/// Judges a test mail.
pub(super) fn judge_test(sent: Result<String, String>) -> Finding {
    match sent {
        Ok(id) => Finding::ok(CHECK, format!("the mail server took the test mail {id}")),
        Err(reason) => {
            let fix = "correct SMTP_FROM or the address, as the server's answer says";
            Finding::failure(CHECK, format!("the test mail was not taken: {reason}"), fix)
        }
    }
}
