//! What is told of a session: all that its client holds, and what is derived from that.

use serde::Serialize;

/// A session's line.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Line {
    pub(super) user_id: String,
    pub(super) session_id: String,
    pub(super) workspace_id: String,
    pub(super) access_token: String,
    pub(super) refresh_token: String,
    /// The digest of the refresh token, as the store keeps it; hexadecimal.
    pub(super) refresh_digest: String,
    /// The digest of the one that follows; hexadecimal.
    pub(super) next_refresh_digest: String,
    pub(super) email: String,
    pub(super) password: &'static str,
}
