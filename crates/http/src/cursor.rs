//! Lists: `limit` and `cursor` in the query, and the opaque text of a cursor.

mod query;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kogents_domain::ids::SessionId;
use kogents_domain::violation::Violation;

pub(crate) use query::Query;

/// The form of a cursor: this octet first, so that it can change.
const VERSION: u8 = 1;
/// The list a cursor belongs to, second.
const SESSIONS: u8 = b's';

/// The cursor after a session.
pub(crate) fn of_session(last: SessionId) -> String {
    let octets: Vec<u8> = [VERSION, SESSIONS]
        .into_iter()
        .chain(last.as_uuid().into_bytes())
        .collect();
    URL_SAFE_NO_PAD.encode(octets)
}

/// Reads the cursor of a list of sessions. It is no secret and needs no seal: whatever id it
/// names, the list holds its person's sessions only.
///
/// # Errors
/// `INVALID_FORMAT`.
pub(crate) fn parse_session(text: &str) -> Result<SessionId, Violation> {
    let refused = || Violation::format("must be the nextCursor of an earlier page");
    let octets = URL_SAFE_NO_PAD.decode(text).map_err(|_| refused())?;
    let id = octets
        .strip_prefix(&[VERSION, SESSIONS])
        .and_then(|id| uuid::Uuid::from_slice(id).ok())
        .ok_or_else(refused)?;
    SessionId::parse(&id.hyphenated().to_string()).map_err(|_| refused())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_the_session_it_was_made_of() {
        let id = SessionId::parse("0192f3c0-1111-7abc-8def-0123456789ab").unwrap();
        assert_eq!(parse_session(&of_session(id)), Ok(id));
    }

    #[test]
    fn s27_other_text_is_no_cursor() {
        let id = SessionId::parse("0192f3c0-1111-7abc-8def-0123456789ab").unwrap();
        let good = of_session(id);
        let other_version = format!("Ag{}", good.get(2..).unwrap());
        let padded = format!("{good}=");
        let longer = format!("{good}AAAA");
        for bad in ["", "\0", "0", &other_version, &padded, &longer, &good[1..]] {
            assert!(parse_session(bad).is_err(), "{bad:?}");
        }
    }
}
