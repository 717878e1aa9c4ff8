//! A message's parameters as templates see them: each on one line, never a secret.

use kogents_domain::mail::MailMessage;
use kogents_domain::time::Timestamp;
use minijinja::{Value, context};
use time::OffsetDateTime;
use time::macros::format_description;

use crate::line::one_line;

/// The longest parameter, in characters.
const MAX: usize = 120;
/// The longest mail address, in characters (RFC 5321 section 4.5.3.1.3).
const MAX_ADDRESS: usize = 254;

pub(super) fn of(message: &MailMessage) -> Value {
    match message {
        MailMessage::VerificationCode {
            code: _,
            name,
            workspace,
            minutes,
        } => context! { name => line(name), workspace => line(workspace), minutes },
        MailMessage::AccountExists { name } => context! { name => line(name) },
        MailMessage::Welcome {
            name,
            workspace,
            slug,
        } => context! {
            name => line(name),
            workspace => line(workspace),
            slug => line(slug),
        },
        MailMessage::PasswordReset {
            name,
            token: _,
            minutes,
        } => context! { name => line(name), minutes },
        MailMessage::PasswordChanged {
            name,
            ip_address,
            at,
        } => context! {
            name => line(name),
            ip_address => line(ip_address),
            at => in_words(*at),
        },
        MailMessage::ConfirmEmail {
            name,
            token: _,
            hours,
        } => context! { name => line(name), hours },
        MailMessage::EmailChanged {
            name,
            new_address,
            at,
        } => context! {
            name => line(name),
            new_address => one_line(new_address, MAX_ADDRESS),
            at => in_words(*at),
        },
        MailMessage::NewDevice {
            name,
            device,
            place,
            ip_address,
            at,
            token: _,
        } => context! {
            name => line(name),
            device => device.as_deref().map(line),
            place => place.as_deref().map(line),
            ip_address => line(ip_address),
            at => in_words(*at),
        },
        MailMessage::RefreshTokenReused {
            name,
            device,
            ip_address,
            at,
        } => context! {
            name => line(name),
            device => device.as_deref().map(line),
            ip_address => line(ip_address),
            at => in_words(*at),
        },
        MailMessage::Invitation {
            name,
            inviter,
            workspace,
            token: _,
            days,
        } => context! {
            name => line(name),
            inviter => line(inviter),
            workspace => line(workspace),
            days,
        },
        MailMessage::AccountDeleted { name, at } => context! {
            name => line(name),
            at => in_words(*at),
        },
        MailMessage::Test { at } => context! { name => "", at => in_words(*at) },
    }
}

fn line(text: &str) -> String {
    one_line(text, MAX)
}

/// A moment to the minute, in UTC.
fn in_words(at: Timestamp) -> String {
    let minute = format_description!("[year]-[month]-[day] [hour]:[minute] UTC");
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.as_millis()) * 1_000_000)
        .ok()
        .and_then(|at| at.format(&minute).ok())
        // Beyond the year 9999: the number itself still says which moment it was.
        .unwrap_or_else(|| format!("{} ms", at.as_millis()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_to_the_minute() {
        let at = |millis| in_words(Timestamp::from_millis(millis));
        assert_eq!(at(1_767_225_599_999), "2025-12-31 23:59 UTC");
        assert_eq!(at(0), "1970-01-01 00:00 UTC");
        assert_eq!(at(i64::MAX), "9223372036854775807 ms");
    }
}
