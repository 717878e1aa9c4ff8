//! Turns columns into the domain's values and back.

use kogents_domain::auth::{Language, PhoneNumber};
use kogents_domain::digest::Digest;
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;

use crate::error::unreadable;

/// A digest's column.
pub(crate) fn digest(octets: &[u8], column: &str) -> Result<Digest, StoreError> {
    <[u8; 32]>::try_from(octets)
        .map(Digest::from_bytes)
        .map_err(|_| unreadable(column))
}

/// A language's column that may be empty.
pub(crate) fn language(text: Option<&str>, column: &str) -> Result<Option<Language>, StoreError> {
    parsed(text, column, Language::parse)
}

/// A telephone number's column that may be empty.
pub(crate) fn phone(text: Option<&str>, column: &str) -> Result<Option<PhoneNumber>, StoreError> {
    parsed(text, column, PhoneNumber::parse)
}

/// A text column that may be empty, parsed.
pub(crate) fn parsed<T, E>(
    text: Option<&str>,
    column: &str,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Result<Option<T>, StoreError> {
    text.map(parse).transpose().map_err(|_| unreadable(column))
}

/// A time's column that may be empty.
pub(crate) fn moment(millis: Option<i64>) -> Option<Timestamp> {
    millis.map(Timestamp::from_millis)
}

/// The only row, or none, as what it stands for.
pub(crate) fn first<R, T>(rows: Vec<R>) -> Result<Option<T>, StoreError>
where
    T: TryFrom<R, Error = StoreError>,
{
    rows.into_iter().next().map(T::try_from).transpose()
}

/// Every row as what it stands for.
pub(crate) fn all<R, T>(rows: Vec<R>) -> Result<Vec<T>, StoreError>
where
    T: TryFrom<R, Error = StoreError>,
{
    rows.into_iter().map(T::try_from).collect()
}

/// How many rows a statement changed.
pub(crate) fn changed(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}

/// A counter's column.
pub(crate) fn counter(value: i64, column: &str) -> Result<u64, StoreError> {
    u64::try_from(value).map_err(|_| unreadable(column))
}

/// A counter as a column holds it.
pub(crate) fn stored_counter(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
