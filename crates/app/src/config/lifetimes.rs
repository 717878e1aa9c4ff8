//! How long things live.

use kogents_domain::time::Span;

use super::parse::seconds;
use super::reader::Reader;

/// How long things live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    /// `ACCESS_TOKEN_TTL_SECS`.
    pub access_token: Span,
    /// `REFRESH_IDLE_SECS`: a refresh token, from the rotation that made it.
    pub refresh_idle: Span,
    /// `REFRESH_ABSOLUTE_SECS`: all refresh tokens of a session, from its start.
    pub refresh_absolute: Span,
    /// `REFRESH_GRACE_SECS`: how long a spent refresh token is answered with the current one.
    pub refresh_grace: Span,
    /// `SESSION_IDLE_SECS`: a session nothing is heard of.
    pub session_idle: Span,
    /// `SESSION_ABSOLUTE_SECS`: a session, whatever happens.
    pub session_absolute: Span,
    /// `OTP_TTL_SECS`: a one-time code.
    pub otp: Span,
    /// `OTP_RESEND_SECS`: the pause between two codes of one signup.
    pub otp_resend: Span,
    /// `SIGNUP_TTL_SECS`: a pending signup.
    pub signup: Span,
}

const MINUTE: u32 = 60;
const HOUR: u32 = 60 * MINUTE;
const DAY: u32 = 24 * HOUR;

pub(super) fn read(reader: &mut Reader<'_>) -> Lifetimes {
    let mut span = |name, default, least, most| reader.or(name, default, seconds(least..=most));
    let secs = |secs: u32| Span::from_secs(i64::from(secs));
    let refresh_idle = span("REFRESH_IDLE_SECS", secs(7 * DAY), MINUTE, 365 * DAY);
    let refresh_absolute = span("REFRESH_ABSOLUTE_SECS", secs(30 * DAY), MINUTE, 730 * DAY);
    Lifetimes {
        access_token: span("ACCESS_TOKEN_TTL_SECS", secs(15 * MINUTE), 5, DAY),
        refresh_idle,
        refresh_absolute,
        refresh_grace: span("REFRESH_GRACE_SECS", secs(30), 0, 5 * MINUTE),
        session_idle: span("SESSION_IDLE_SECS", refresh_idle, MINUTE, 365 * DAY),
        session_absolute: span("SESSION_ABSOLUTE_SECS", refresh_absolute, MINUTE, 730 * DAY),
        otp: span("OTP_TTL_SECS", secs(10 * MINUTE), MINUTE, HOUR),
        otp_resend: span("OTP_RESEND_SECS", secs(MINUTE), 0, HOUR),
        signup: span("SIGNUP_TTL_SECS", secs(DAY), 10 * MINUTE, 7 * DAY),
    }
}
