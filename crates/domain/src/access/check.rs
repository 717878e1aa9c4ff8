//! "May the bearer of this token do that here?", for any service of the product.

use async_trait::async_trait;

use super::{PermissionName, Rights};
use crate::auth::{AccessClaims, AccessTokens};
use crate::store::StoreError;
use crate::time::Timestamp;

/// Tells what the person of a live session may do in the session's current workspace.
///
/// An access token says who, in which session and in which workspace, and nothing that goes stale;
/// the rights are asked for every time, so that what was taken from somebody is gone with their
/// next request.
#[async_trait]
pub trait RightsSource: Send + Sync {
    /// The rights; None when the session has ended, or is in another workspace by now, or the
    /// person is no active member of it.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn rights(&self, claims: &AccessClaims) -> Result<Option<Rights>, StoreError>;
}

/// Why there is no answer. Whoever gets one of these lets nobody do anything.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessCheckError {
    /// The token is not genuine or not current, or its session or membership is over.
    #[error("the access token is not valid")]
    InvalidToken,
    /// The source of rights could not say.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Verifies access tokens and answers what their bearers may do.
#[derive(Clone, Copy)]
pub struct AccessCheck<'a> {
    /// Reads access tokens.
    pub tokens: &'a dyn AccessTokens,
    /// Knows who may do what.
    pub source: &'a dyn RightsSource,
}

impl AccessCheck<'_> {
    /// Whether the bearer of a token may do something, in the workspace that the token is for.
    ///
    /// # Errors
    /// See [`AccessCheckError`].
    pub async fn may(
        &self,
        token: &str,
        permission: &PermissionName,
        now: Timestamp,
    ) -> Result<bool, AccessCheckError> {
        let claims = self
            .tokens
            .read(token, now)
            .map_err(|_| AccessCheckError::InvalidToken)?;
        let rights = self.source.rights(&claims).await?;
        let rights = rights.ok_or(AccessCheckError::InvalidToken)?;
        Ok(rights.allow(permission))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::access::{Role, SystemRole};
    use crate::auth::TokenError;
    use crate::ids::{RoleId, SessionId, UserId, WorkspaceId};
    use crate::secret::SecretText;
    use crate::time::Span;

    const NOW: Timestamp = Timestamp::from_millis(1_767_225_600_123);
    const ID: Uuid = Uuid::from_u128(0x0192_f3c0_1111_7abc_8def_0123_4567_89ab);

    fn claims() -> AccessClaims {
        AccessClaims {
            user_id: UserId::from_uuid(ID),
            session_id: SessionId::from_uuid(ID),
            workspace_id: Some(WorkspaceId::from_uuid(ID)),
            issued_at: NOW,
            expires_at: NOW.plus(Span::from_secs(900)),
        }
    }

    /// Takes one token, at one moment.
    struct OneToken(Result<AccessClaims, TokenError>);

    impl AccessTokens for OneToken {
        fn mint(&self, _: &AccessClaims) -> SecretText {
            unreachable!("nothing is minted")
        }
        fn read(&self, token: &str, now: Timestamp) -> Result<AccessClaims, TokenError> {
            assert_eq!((token, now), ("a token", NOW));
            self.0
        }
    }

    /// Knows one session; None: it must not be asked.
    struct OneSession(Option<Result<Option<Rights>, StoreError>>);

    #[async_trait]
    impl RightsSource for OneSession {
        async fn rights(&self, asked: &AccessClaims) -> Result<Option<Rights>, StoreError> {
            assert_eq!(*asked, claims());
            self.0.clone().unwrap()
        }
    }

    fn viewer() -> Rights {
        let (role, workspace) = (RoleId::from_uuid(ID), WorkspaceId::from_uuid(ID));
        Rights::of(&Role::system(role, workspace, SystemRole::Viewer, NOW), [])
    }

    async fn may(
        tokens: OneToken,
        source: OneSession,
        permission: &str,
    ) -> Result<bool, AccessCheckError> {
        let check = AccessCheck {
            tokens: &tokens,
            source: &source,
        };
        let permission = PermissionName::parse(permission).unwrap();
        check.may("a token", &permission, NOW).await
    }

    #[tokio::test]
    async fn who_holds_a_permission_may_and_nobody_else() {
        for (permission, allowed) in [("chat:read", true), ("chat:edit", false)] {
            let source = OneSession(Some(Ok(Some(viewer()))));
            let answer = may(OneToken(Ok(claims())), source, permission).await;
            assert_eq!(answer, Ok(allowed), "{permission}");
        }
        let source = OneSession(Some(Ok(Some(Rights::none()))));
        let answer = may(OneToken(Ok(claims())), source, "chat:read").await;
        assert_eq!(answer, Ok(false));
    }

    #[tokio::test]
    async fn a_token_that_is_not_taken_is_asked_nothing_more_of() {
        for error in [TokenError::Invalid, TokenError::Expired] {
            let answer = may(OneToken(Err(error)), OneSession(None), "chat:read").await;
            assert_eq!(answer, Err(AccessCheckError::InvalidToken));
        }
    }

    #[tokio::test]
    async fn a_session_that_is_over_is_nobodys() {
        let source = OneSession(Some(Ok(None)));
        let answer = may(OneToken(Ok(claims())), source, "chat:read").await;
        assert_eq!(answer, Err(AccessCheckError::InvalidToken));
    }

    #[tokio::test]
    async fn without_an_answer_nobody_may_do_anything() {
        let lost = StoreError::Unavailable("the connection was lost".to_owned());
        let source = OneSession(Some(Err(lost.clone())));
        let answer = may(OneToken(Ok(claims())), source, "chat:read").await;
        assert_eq!(answer, Err(AccessCheckError::Store(lost)));
    }
}
