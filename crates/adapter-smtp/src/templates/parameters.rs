//! A message's parameters as templates see them: each on one line, never the code.

use kogents_domain::mail::MailMessage;
use kogents_domain::time::Timestamp;
use minijinja::{Value, context};
use time::OffsetDateTime;
use time::macros::format_description;

use crate::line::one_line;

/// The longest parameter, in characters.
const MAX: usize = 120;

pub(super) fn of(message: &MailMessage) -> Value {
    match message {
        MailMessage::VerificationCode {
            code: _,
            name,
            workspace,
            minutes,
        } => context! {
            name => one_line(name, MAX),
            workspace => one_line(workspace, MAX),
            minutes,
        },
        MailMessage::AccountExists { name } => context! {
            name => one_line(name, MAX),
        },
        MailMessage::Welcome {
            name,
            workspace,
            slug,
        } => context! {
            name => one_line(name, MAX),
            workspace => one_line(workspace, MAX),
            slug => one_line(slug, MAX),
        },
        MailMessage::RefreshTokenReused {
            name,
            device,
            ip_address,
            at,
        } => context! {
            name => one_line(name, MAX),
            device => device.as_ref().map(|device| one_line(device, MAX)),
            ip_address => one_line(ip_address, MAX),
            at => in_words(*at),
        },
    }
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
