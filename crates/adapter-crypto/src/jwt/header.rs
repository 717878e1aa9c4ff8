//! The header of a token, closed: exactly `alg` and `typ`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

/// The one algorithm.
const ALGORITHM: &str = "HS256";

/// Whether a token's header says exactly `{alg: "HS256", typ: <kind>}`, each once and nothing
/// else, so that `kid`, `jku`, `x5u` or `crit` (RFC 7515 section 4.1) can select nothing.
pub(super) fn is_ours(token: &str, kind: &str) -> bool {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Header {
        alg: String,
        typ: String,
    }

    let mut segments = token.split('.');
    let (Some(header), Some(_), Some(_), None) = (
        segments.next(),
        segments.next(),
        segments.next(),
        segments.next(),
    ) else {
        return false;
    };
    URL_SAFE_NO_PAD
        .decode(header)
        .ok()
        .and_then(|json| serde_json::from_slice::<Header>(&json).ok())
        .is_some_and(|header| header.alg == ALGORITHM && header.typ == kind)
}
