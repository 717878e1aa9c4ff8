//! Values on their way into columns and out of them.

use kogents_domain::digest::Digest;
use kogents_domain::time::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::error::InvalidRow;

/// An id as its column keeps it.
pub(crate) fn id_bytes(id: &Uuid) -> Vec<u8> {
    id.as_bytes().to_vec()
}

/// An id from its column.
pub(crate) fn id(bytes: &[u8], column: &'static str) -> Result<Uuid, InvalidRow> {
    Uuid::from_slice(bytes).map_err(|_| InvalidRow(column))
}

/// The least id of a version 7 UUID that can be made at a moment: its milliseconds on top, all else
/// zero.
pub(crate) fn least_id(moment: Timestamp) -> Vec<u8> {
    /// The milliseconds of a UUIDv7 have 48 bits.
    const LATEST: u64 = (1 << 48) - 1;
    let millis = u64::try_from(moment.as_millis()).unwrap_or(0).min(LATEST);
    id_bytes(&Uuid::from_u128(u128::from(millis) << 80))
}

/// A digest as its column keeps it.
pub(crate) fn digest_bytes(digest: &Digest) -> Vec<u8> {
    digest.as_bytes().to_vec()
}

/// A digest from its column.
pub(crate) fn digest(bytes: &[u8], column: &'static str) -> Result<Digest, InvalidRow> {
    <[u8; 32]>::try_from(bytes)
        .map(Digest::from_bytes)
        .map_err(|_| InvalidRow(column))
}

/// A moment from a column that may be empty.
pub(crate) fn moment(millis: Option<i64>) -> Option<Timestamp> {
    millis.map(Timestamp::from_millis)
}

/// A number from its column.
pub(crate) fn number<T: TryFrom<i64>>(value: i64, column: &'static str) -> Result<T, InvalidRow> {
    T::try_from(value).map_err(|_| InvalidRow(column))
}

/// A count as statements give it.
pub(crate) fn count(rows: i64) -> u64 {
    u64::try_from(rows).unwrap_or(0)
}

/// How many rows a statement touched.
pub(crate) fn touched(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}

/// A number as its column keeps it.
pub(crate) fn integer<T>(value: T, column: &'static str) -> Result<i64, InvalidRow>
where
    i64: TryFrom<T>,
{
    i64::try_from(value).map_err(|_| InvalidRow(column))
}

/// A value from its column, by a parser of the domain.
pub(crate) fn parsed<T, E>(
    value: &str,
    parse: impl FnOnce(&str) -> Result<T, E>,
    column: &'static str,
) -> Result<T, InvalidRow> {
    parse(value).map_err(|_| InvalidRow(column))
}

/// A value from a column that may be empty, by a parser of the domain.
pub(crate) fn parsed_opt<T, E>(
    value: Option<String>,
    parse: impl FnOnce(&str) -> Result<T, E>,
    column: &'static str,
) -> Result<Option<T>, InvalidRow> {
    value.map(|value| parsed(&value, parse, column)).transpose()
}

/// A member of a closed set from its column.
pub(crate) fn named<T>(
    name: &str,
    from_name: impl FnOnce(&str) -> Option<T>,
    column: &'static str,
) -> Result<T, InvalidRow> {
    from_name(name).ok_or(InvalidRow(column))
}

/// A document as its column keeps it.
pub(crate) fn json<T: Serialize>(value: &T, column: &'static str) -> Result<String, InvalidRow> {
    serde_json::to_string(value).map_err(|_| InvalidRow(column))
}

/// A document from its column.
pub(crate) fn from_json<T: DeserializeOwned>(
    text: &str,
    column: &'static str,
) -> Result<T, InvalidRow> {
    serde_json::from_str(text).map_err(|_| InvalidRow(column))
}

/// A document's text member, which must be as its parser leaves it.
pub(crate) fn unchanged<T, E>(
    value: &T,
    parsed: Result<T, E>,
    column: &'static str,
) -> Result<(), InvalidRow>
where
    T: PartialEq,
{
    match parsed {
        Ok(parsed) if parsed == *value => Ok(()),
        Ok(_) | Err(_) => Err(InvalidRow(column)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_told_by_its_column() {
        assert_eq!(id(&[0; 15], "t.id"), Err(InvalidRow("t.id")));
        assert_eq!(digest(&[0; 31], "t.digest"), Err(InvalidRow("t.digest")));
        assert_eq!(number::<u32>(-1, "t.n"), Err(InvalidRow("t.n")));
        assert_eq!(integer(u64::MAX, "t.n"), Err(InvalidRow("t.n")));
        assert_eq!(
            from_json::<Vec<i64>>("[1,\"2\"]", "t.doc"),
            Err(InvalidRow("t.doc"))
        );
        assert_eq!(
            named("x", |_| None::<u8>, "t.kind"),
            Err(InvalidRow("t.kind"))
        );
    }

    #[test]
    fn the_least_id_of_a_moment_lies_between_those_before_and_after() {
        let id = |text: &str| id_bytes(&Uuid::parse_str(text).unwrap());
        let floor = least_id(Timestamp::from_millis(0x0192_f3c0_1111));
        assert!(id("0192f3c0-1110-7fff-bfff-ffffffffffff") < floor);
        assert!(floor <= id("0192f3c0-1111-7000-8000-000000000000"));
        assert_eq!(least_id(Timestamp::from_millis(-1)), vec![0; 16]);
        assert!(least_id(Timestamp::from_millis(i64::MAX)) > vec![0xff; 5]);
    }

    #[test]
    fn what_fits_comes_back() {
        let uuid = Uuid::from_u128(7);
        assert_eq!(id(&id_bytes(&uuid), "t.id"), Ok(uuid));
        let tag = Digest::from_bytes([9; 32]);
        assert_eq!(digest(&digest_bytes(&tag), "t.digest"), Ok(tag));
        assert_eq!(number::<u32>(7, "t.n"), Ok(7));
        assert_eq!(integer(7_u64, "t.n"), Ok(7));
        assert_eq!(moment(Some(5)), Some(Timestamp::from_millis(5)));
    }
}
