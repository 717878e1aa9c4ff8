//! How many there may be.

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
    /// `SWEEP_INTERVAL_SECS`: how long the sweep pauses.
    pub sweep_interval: Span,
}

pub(super) fn read(reader: &mut Reader<'_>) -> Sizes {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Sizes {
        sessions_per_user: reader.or("SESSION_LIMIT_PER_USER", 25, number(1..=1_000)),
        otp_max_attempts: reader.or("OTP_MAX_ATTEMPTS", 5, number(1..=10)),
        password_hash_concurrency: reader.or("PASSWORD_HASH_CONCURRENCY", cores, number(1..=256)),
        sweep_interval: Span::from_secs(reader.or("SWEEP_INTERVAL_SECS", 60, number(1..=86_400))),
    }
}
