//! How many there may be, how often and how long.

use kogents_domain::time::Span;

use super::parse::number;
use super::reader::Reader;

/// How many there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// `SESSION_LIMIT_PER_USER`: live sessions of one person.
    pub sessions_per_user: u32,
    /// `OTP_MAX_ATTEMPTS`: wrong guesses that burn a code.
    pub otp_max_attempts: u32,
    /// `PASSWORD_HASH_CONCURRENCY`: passwords hashed at once.
    pub password_hash_concurrency: usize,
    /// `ACTIVITY_FLUSH_SECS`: how often what sessions did is written to the database.
    pub activity_flush: Span,
    /// `SWEEP_INTERVAL_SECS`: how long the sweep pauses.
    pub sweep_interval: Span,
    /// `SESSION_MINIMISE_DAYS`: how long after its end a session's traces are made coarse.
    pub session_minimise: Span,
    /// `SESSION_KEEP_DAYS`: how long sessions are kept after they were opened.
    pub session_keep: Span,
    /// `SLOW_QUERY_MS`: what a query takes at least that is logged and told as slow.
    pub slow_query: Span,
}

/// Thirteen months, in days.
const KEEP_DAYS: i64 = 396;

const fn days(days: i64) -> Span {
    Span::from_secs(days.saturating_mul(86_400))
}

pub(super) fn read(reader: &mut Reader<'_>) -> Sizes {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Sizes {
        sessions_per_user: reader.or("SESSION_LIMIT_PER_USER", 25, number(1..=1_000)),
        otp_max_attempts: reader.or("OTP_MAX_ATTEMPTS", 5, number(1..=10)),
        password_hash_concurrency: reader.or("PASSWORD_HASH_CONCURRENCY", cores, number(1..=256)),
        activity_flush: Span::from_secs(reader.or("ACTIVITY_FLUSH_SECS", 15, number(1..=3_600))),
        sweep_interval: Span::from_secs(reader.or("SWEEP_INTERVAL_SECS", 60, number(1..=86_400))),
        session_minimise: days(reader.or("SESSION_MINIMISE_DAYS", 30, number(1..=36_500))),
        session_keep: days(reader.or("SESSION_KEEP_DAYS", KEEP_DAYS, number(31..=36_500))),
        slow_query: Span::from_millis(reader.or("SLOW_QUERY_MS", 200, number(1..=60_000))),
    }
}
