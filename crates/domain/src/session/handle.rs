//! The public handle of a session (`sessionToken`): names it, authenticates nothing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::digest::Digester;
use crate::ids::SessionId;

const PREFIX: &str = "ses_";
/// 16 octets of id and 16 of tag in base64url without padding.
const ENCODED_LEN: usize = 43;
const TAG_OCTETS: usize = 16;

/// `ses_` and 43 base64url characters (RFC 4648 section 5) of the session's id and the first 128
/// bits of a keyed tag over it. Nothing of it is stored; a forged one is refused before any
/// look-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionHandle(String);

impl SessionHandle {
    /// The handle of a session.
    #[must_use]
    pub fn of(session: SessionId, digester: &dyn Digester) -> Self {
        let tag = digester.session_handle(session);
        let octets: Vec<u8> = session
            .as_uuid()
            .as_bytes()
            .iter()
            .chain(tag.as_bytes().iter().take(TAG_OCTETS))
            .copied()
            .collect();
        Self(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(octets)))
    }

    /// The session that a handle names, or nothing when it is malformed or its tag is wrong.
    #[must_use]
    pub fn resolve(text: &str, digester: &dyn Digester) -> Option<SessionId> {
        let encoded = text
            .strip_prefix(PREFIX)
            .filter(|rest| rest.len() == ENCODED_LEN)?;
        let octets = URL_SAFE_NO_PAD.decode(encoded).ok()?;
        let (id, tag) = octets.split_at_checked(16)?;
        let uuid = Uuid::from_slice(id).ok()?;
        let session = SessionId::parse(&uuid.hyphenated().to_string()).ok()?;
        let expected = digester.session_handle(session);
        // Every octet is compared, so that the time does not tell how far a guess came.
        let difference = expected
            .as_bytes()
            .iter()
            .take(TAG_OCTETS)
            .zip(tag)
            .fold(0_u8, |all, (a, b)| all | (a ^ b));
        (tag.len() == TAG_OCTETS && difference == 0).then_some(session)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
