//! Tokens in plain text, signed by nobody.

use kogents_domain::auth::{AccessClaims, AccessTokens, RefreshClaims, RefreshTokens, TokenError};
use kogents_domain::digest::Digest;
use kogents_domain::ids::{SessionId, UserId, WorkspaceId};
use kogents_domain::secret::SecretText;
use kogents_domain::time::Timestamp;

/// Access tokens whose text spells their claims out.
#[derive(Debug, Clone, Copy, Default)]
pub struct FakeAccessTokens;

/// Refresh tokens whose text spells their claims out. The same claims give the same text.
#[derive(Debug, Clone, Copy, Default)]
pub struct FakeRefreshTokens;

impl AccessTokens for FakeAccessTokens {
    fn mint(&self, claims: &AccessClaims) -> SecretText {
        let workspace = claims
            .workspace_id
            .map_or_else(|| "none".to_owned(), |id| id.to_string());
        SecretText::new(format!(
            "fake-access.{}.{}.{workspace}.{}.{}",
            claims.user_id,
            claims.session_id,
            claims.issued_at.as_millis(),
            claims.expires_at.as_millis()
        ))
    }

    fn read(&self, token: &str, now: Timestamp) -> Result<AccessClaims, TokenError> {
        let claims = parse_access(token).ok_or(TokenError::Invalid)?;
        current(now, claims.expires_at).map(|()| claims)
    }
}

impl RefreshTokens for FakeRefreshTokens {
    fn mint(&self, claims: &RefreshClaims) -> SecretText {
        let token_id: String = claims
            .token_id
            .as_bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        SecretText::new(format!(
            "fake-refresh.{}.{}.{}.{token_id}.{}.{}",
            claims.user_id,
            claims.session_id,
            claims.generation,
            claims.issued_at.as_millis(),
            claims.expires_at.as_millis()
        ))
    }

    fn read(&self, token: &str, now: Timestamp) -> Result<RefreshClaims, TokenError> {
        let claims = parse_refresh(token).ok_or(TokenError::Invalid)?;
        current(now, claims.expires_at).map(|()| claims)
    }

    fn owner(&self, token: &str) -> Option<UserId> {
        parse_refresh(token).map(|claims| claims.user_id)
    }
}

fn current(now: Timestamp, expires_at: Timestamp) -> Result<(), TokenError> {
    if now < expires_at {
        Ok(())
    } else {
        Err(TokenError::Expired)
    }
}

fn parse_access(token: &str) -> Option<AccessClaims> {
    let parts: Vec<&str> = token.split('.').collect();
    let ["fake-access", user, session, workspace, issued, expires] = parts.as_slice() else {
        return None;
    };
    Some(AccessClaims {
        user_id: UserId::parse(user).ok()?,
        session_id: SessionId::parse(session).ok()?,
        workspace_id: match *workspace {
            "none" => None,
            id => Some(WorkspaceId::parse(id).ok()?),
        },
        issued_at: Timestamp::from_millis(issued.parse().ok()?),
        expires_at: Timestamp::from_millis(expires.parse().ok()?),
    })
}

fn parse_refresh(token: &str) -> Option<RefreshClaims> {
    let parts: Vec<&str> = token.split('.').collect();
    let [
        "fake-refresh",
        user,
        session,
        generation,
        token_id,
        issued,
        expires,
    ] = parts.as_slice()
    else {
        return None;
    };
    Some(RefreshClaims {
        user_id: UserId::parse(user).ok()?,
        session_id: SessionId::parse(session).ok()?,
        generation: generation.parse().ok()?,
        token_id: parse_digest(token_id)?,
        issued_at: Timestamp::from_millis(issued.parse().ok()?),
        expires_at: Timestamp::from_millis(expires.parse().ok()?),
    })
}

fn parse_digest(hex: &str) -> Option<Digest> {
    let bytes: Option<Vec<u8>> = (0..32)
        .map(|at| u8::from_str_radix(hex.get(2 * at..2 * at + 2)?, 16).ok())
        .collect();
    Some(Digest::from_bytes(bytes?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use kogents_domain::time::Span;

    use super::*;
    use crate::builders::{START, digest_of, unique_id};

    #[test]
    fn claims_survive_minting_and_reading() {
        let later = START.plus(Span::from_secs(60));
        let mut access = AccessClaims {
            user_id: UserId::from_uuid(unique_id()),
            session_id: SessionId::from_uuid(unique_id()),
            workspace_id: Some(WorkspaceId::from_uuid(unique_id())),
            issued_at: START,
            expires_at: later,
        };
        let minted = FakeAccessTokens.mint(&access);
        assert_eq!(FakeAccessTokens.read(minted.expose(), START), Ok(access));
        assert_eq!(
            FakeAccessTokens.read(minted.expose(), later),
            Err(TokenError::Expired)
        );
        access.workspace_id = None;
        let homeless = FakeAccessTokens.mint(&access);
        assert_eq!(FakeAccessTokens.read(homeless.expose(), START), Ok(access));

        let refresh = RefreshClaims {
            user_id: access.user_id,
            session_id: access.session_id,
            generation: 7,
            token_id: digest_of("id"),
            issued_at: START,
            expires_at: later,
        };
        let minted_again = FakeRefreshTokens.mint(&refresh);
        assert_eq!(
            FakeRefreshTokens.read(minted_again.expose(), START),
            Ok(refresh)
        );
        for (token, reason) in [
            (minted.expose(), "another kind"),
            ("fake-refresh.a.b", "too short"),
        ] {
            assert_eq!(
                FakeRefreshTokens.read(token, START),
                Err(TokenError::Invalid),
                "{reason}"
            );
        }
    }
}
