//! Lists: `limit` and `cursor` in the query, and the opaque text of a cursor.

mod query;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kogents_domain::audit::AuditKey;
use kogents_domain::ids::{AuditId, InvitationId, SessionId};
use kogents_domain::time::Timestamp;
use kogents_domain::violation::Violation;
use uuid::Uuid;

pub(crate) use query::Query;

/// The form of a cursor: this octet first, so that it can change.
const VERSION: u8 = 1;
/// The list a cursor belongs to, second.
const SESSIONS: u8 = b's';
const INVITATIONS: u8 = b'i';
const AUDIT: u8 = b'a';

/// The cursor after a session.
pub(crate) fn of_session(last: SessionId) -> String {
    encode(SESSIONS, last.as_uuid().as_bytes())
}

/// Reads the cursor of a list of sessions. It is no secret and needs no seal: whatever id it
/// names, the list holds its person's sessions only.
///
/// # Errors
/// `INVALID_FORMAT`.
pub(crate) fn parse_session(text: &str) -> Result<SessionId, Violation> {
    SessionId::parse(&id(&decode(SESSIONS, text)?)?).map_err(|_| refused())
}

/// The cursor after an invitation.
pub(crate) fn of_invitation(last: InvitationId) -> String {
    encode(INVITATIONS, last.as_uuid().as_bytes())
}

/// Reads the cursor of a list of invitations, which is no secret either.
///
/// # Errors
/// `INVALID_FORMAT`.
pub(crate) fn parse_invitation(text: &str) -> Result<InvitationId, Violation> {
    InvitationId::parse(&id(&decode(INVITATIONS, text)?)?).map_err(|_| refused())
}

/// The cursor after an entry of the audit log.
pub(crate) fn of_audit(last: AuditKey) -> String {
    let mut octets = last.at.as_millis().to_be_bytes().to_vec();
    octets.extend(last.id.as_uuid().as_bytes());
    encode(AUDIT, &octets)
}

/// Reads the cursor of an audit log, which is no secret either.
///
/// # Errors
/// `INVALID_FORMAT`.
pub(crate) fn parse_audit(text: &str) -> Result<AuditKey, Violation> {
    let octets = decode(AUDIT, text)?;
    let (at, rest) = octets.split_first_chunk().ok_or_else(refused)?;
    Ok(AuditKey {
        at: Timestamp::from_millis(i64::from_be_bytes(*at)),
        id: AuditId::parse(&id(rest)?).map_err(|_| refused())?,
    })
}

fn encode(list: u8, last: &[u8]) -> String {
    let octets: Vec<u8> = [VERSION, list]
        .into_iter()
        .chain(last.iter().copied())
        .collect();
    URL_SAFE_NO_PAD.encode(octets)
}

/// What a list's cursor names.
fn decode(list: u8, text: &str) -> Result<Vec<u8>, Violation> {
    let octets = URL_SAFE_NO_PAD.decode(text).map_err(|_| refused())?;
    let named = octets.strip_prefix(&[VERSION, list]);
    named.map(<[u8]>::to_vec).ok_or_else(refused)
}

/// The id that these octets are, in its canonical form.
fn id(octets: &[u8]) -> Result<String, Violation> {
    let id = Uuid::from_slice(octets).map_err(|_| refused())?;
    Ok(id.hyphenated().to_string())
}

fn refused() -> Violation {
    Violation::format("must be the nextCursor of an earlier page")
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
    fn a_cursor_is_good_for_its_own_list_only() {
        let id = InvitationId::parse("0192f3c0-1111-7abc-8def-0123456789ab").unwrap();
        let cursor = of_invitation(id);
        assert_eq!(parse_invitation(&cursor), Ok(id));
        assert!(parse_session(&cursor).is_err());
        let last = AuditKey {
            at: Timestamp::from_millis(-1),
            id: AuditId::parse("0192f3c0-1111-7abc-8def-0123456789ab").unwrap(),
        };
        let cursor = of_audit(last);
        assert_eq!(parse_audit(&cursor), Ok(last));
        assert!(parse_session(&cursor).is_err());
        assert!(parse_audit(&of_invitation(id)).is_err());
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
