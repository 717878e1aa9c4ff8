//! The cursor of a list of sessions.

use kogents_domain::ids::SessionId;

use super::text;

/// A cursor is read as the session it was made of, and nothing else is a cursor: what is read
/// encodes to the same text. `encode` makes a cursor and `parse` reads one.
///
/// # Panics
/// When that does not hold.
pub fn cursor(
    input: &[u8],
    encode: impl Fn(SessionId) -> String,
    parse: impl Fn(&str) -> Option<SessionId>,
) {
    let text = text(input);
    if let Some(session) = parse(&text) {
        assert_eq!(encode(session), text, "two texts are one cursor");
    }
    let Some(session) = session_in(input) else {
        return;
    };
    let encoded = encode(session);
    assert_eq!(parse(&encoded), Some(session));
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

/// The id that the first octets make.
fn session_in(input: &[u8]) -> Option<SessionId> {
    let mut octets = *input.first_chunk::<16>()?;
    octets[6] = 0x70 | (octets[6] & 0x0F);
    octets[8] = 0x80 | (octets[8] & 0x3F);
    Some(SessionId::from_uuid(uuid::Uuid::from_bytes(octets)))
}
