//! The cursors of lists.

use std::fmt::Debug;

use kogents_domain::audit::AuditKey;
use kogents_domain::ids::{AuditId, SessionId};
use kogents_domain::time::Timestamp;
use uuid::Uuid;

use super::text;

/// The cursor of a list of sessions: `encode` makes one and `parse` reads one. See `lists`.
///
/// # Panics
/// When the law does not hold.
pub fn cursor(
    input: &[u8],
    encode: impl Fn(SessionId) -> String,
    parse: impl Fn(&str) -> Option<SessionId>,
) {
    let session = input.first_chunk().map(|octets| id_in(*octets));
    lists(input, session.map(SessionId::from_uuid), encode, parse);
}

/// The cursor of an audit log.
///
/// # Panics
/// When the law does not hold.
pub fn audit_cursor(
    input: &[u8],
    encode: impl Fn(AuditKey) -> String,
    parse: impl Fn(&str) -> Option<AuditKey>,
) {
    let key = input.split_first_chunk().and_then(|(at, rest)| {
        let id = id_in(*rest.first_chunk()?);
        Some(AuditKey {
            at: Timestamp::from_millis(i64::from_be_bytes(*at)),
            id: AuditId::from_uuid(id),
        })
    });
    lists(input, key, encode, parse);
}

/// A cursor is read as the key it was made of, and nothing else is a cursor: what is read encodes to
/// the same text. `key` is one that the input makes.
fn lists<K: Copy + Debug + PartialEq>(
    input: &[u8],
    key: Option<K>,
    encode: impl Fn(K) -> String,
    parse: impl Fn(&str) -> Option<K>,
) {
    let text = text(input);
    if let Some(read) = parse(&text) {
        assert_eq!(encode(read), text, "two texts are one cursor");
    }
    let Some(key) = key else {
        return;
    };
    let encoded = encode(key);
    assert_eq!(parse(&encoded), Some(key));
    assert!(
        encoded
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)),
        "{encoded} needs escaping in a query"
    );
    assert_eq!(
        parse(&format!("{encoded}{text}")).is_some(),
        text.is_empty()
    );
    assert_eq!(
        parse(&format!("{text}{encoded}")).is_some(),
        text.is_empty()
    );
}

/// The id that these octets make.
fn id_in(mut octets: [u8; 16]) -> Uuid {
    octets[6] = 0x70 | (octets[6] & 0x0F);
    octets[8] = 0x80 | (octets[8] & 0x3F);
    Uuid::from_bytes(octets)
}
