//! A workspace's API token.

use async_trait::async_trait;

use crate::access::{Action, BuiltInPermission, Resource};
use crate::digest::Digest;
use crate::ids::{ApiTokenId, WorkspaceId};
use crate::random::SecureRandom;
use crate::secret::SecretText;
use crate::store::StoreError;
use crate::time::Timestamp;

/// The token itself, shown once: `kgw_` and 43 base64url characters of 256 random bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiTokenSecret(SecretText);

impl ApiTokenSecret {
    /// What an API token begins with, by which it is told from other tokens.
    const PREFIX: &str = "kgw_";

    /// A fresh token.
    #[must_use]
    pub fn generate(random: &dyn SecureRandom) -> Self {
        Self(SecretText::generate(Self::PREFIX, random))
    }

    /// Reads what a client sent; None for what has not the form of an API token, which is then none
    /// without a look-up.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let random = text.strip_prefix(Self::PREFIX)?;
        let is_base64url = |c: u8| c.is_ascii_alphanumeric() || c == b'-' || c == b'_';
        let fits = random.len() == 43 && random.bytes().all(is_base64url);
        fits.then(|| Self(SecretText::new(text)))
    }

    /// The token, to show once or to make its digest.
    #[must_use]
    pub const fn secret(&self) -> &SecretText {
        &self.0
    }

    /// Its first 8 characters, to tell tokens apart by.
    #[must_use]
    pub fn prefix(&self) -> String {
        self.0.expose().chars().take(8).collect()
    }
}

/// What an API token lets its bearer do: read how the workspace is made up. Nobody makes one who may
/// not do all of this.
pub const API_TOKEN_PERMISSIONS: [BuiltInPermission; 4] = [
    BuiltInPermission {
        resource: Resource::Workspace,
        action: Action::Read,
    },
    BuiltInPermission {
        resource: Resource::Users,
        action: Action::Read,
    },
    BuiltInPermission {
        resource: Resource::Roles,
        action: Action::Read,
    },
    BuiltInPermission {
        resource: Resource::Permissions,
        action: Action::Read,
    },
];

/// What is kept of an API token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// Identity.
    pub id: ApiTokenId,
    /// Whose it is.
    pub workspace_id: WorkspaceId,
    /// Its first 8 characters.
    pub prefix: String,
    /// SHA-256 of the token.
    pub digest: Digest,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it is void.
    pub revoked_at: Option<Timestamp>,
}

/// Keeps API tokens. Growth: two rows per workspace, the token and the one that was void last.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ApiTokenRepository: Send {
    /// Adds a token.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn insert(&mut self, token: &ApiToken) -> Result<(), StoreError>;

    /// The token with a digest, void ones too.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn find_by_digest(&mut self, digest: &Digest) -> Result<Option<ApiToken>, StoreError>;

    /// Voids a workspace's token, if it has one, and removes those that were void before. Says
    /// which one it voided. The caller holds the workspace's row.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn revoke(
        &mut self,
        workspace: WorkspaceId,
        now: Timestamp,
    ) -> Result<Option<ApiTokenId>, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_the_form_is_a_token() {
        let good = format!("kgw_{}", "aZ0-_".repeat(9).get(..43).unwrap());
        let token = ApiTokenSecret::parse(&good).unwrap();
        assert_eq!(token.secret().expose(), good);
        assert_eq!(token.prefix(), "kgw_aZ0-");
        for bad in [
            String::new(),
            "kgw_".to_owned(),
            format!("{good}a"),
            good.replace("kgw_", "kgm_"),
            good.replace('-', "+"),
            format!(" {good}"),
        ] {
            assert_eq!(ApiTokenSecret::parse(&bad), None, "{bad}");
        }
    }
}
