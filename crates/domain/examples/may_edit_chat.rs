//! How another Rust service of the product asks who may do what, with this crate alone.
//!
//! A request comes with an access token that Kogents made. The token says who, in which session and
//! in which workspace; what they may do there, the service asks its own source of rights at each
//! request. Whoever gets no answer lets nobody do anything.
//!
//! Run it with `cargo run -p kogents-domain --example may_edit_chat`.

#[path = "may_edit_chat/hs256.rs"]
mod hs256;
#[path = "may_edit_chat/known_rights.rs"]
mod known_rights;
#[path = "may_edit_chat/shared_secret_tokens.rs"]
mod shared_secret_tokens;

use std::error::Error;

use kogents_domain::access::{AccessCheck, AccessCheckError, PermissionName, Role, SystemRole};
use kogents_domain::auth::{AccessClaims, AccessTokens as _};
use kogents_domain::ids::{RoleId, SessionId, UserId, WorkspaceId};
use kogents_domain::secret::SecretText;
use kogents_domain::time::{Span, Timestamp};

use known_rights::KnownRights;
use shared_secret_tokens::SharedSecretTokens;

/// What a service of the product is configured with: the same as Kogents.
const ISSUER: &str = "https://id.example";
const SECRET: &str = "a secret that both services have, of 32 bytes or more";

/// A service has a clock of its own; here the time stands still.
const NOW: Timestamp = Timestamp::from_millis(1_767_225_600_123);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let service = Service::new()?;
    for who in [&service.agent, &service.viewer, &service.signed_out] {
        let answer = service.may_edit_chat(who).await?;
        report(&format!("{}: {}", who.name, told(&answer)));
    }
    Ok(())
}

/// Somebody who makes a request.
struct Somebody {
    name: &'static str,
    token: SecretText,
}

/// A service with three people who call it.
struct Service {
    tokens: SharedSecretTokens,
    rights: KnownRights,
    agent: Somebody,
    viewer: Somebody,
    signed_out: Somebody,
}

impl Service {
    fn new() -> Result<Self, Box<dyn Error>> {
        let tokens = SharedSecretTokens::new(ISSUER, SECRET);
        let workspace = WorkspaceId::parse("0192f3c0-2222-7abc-8def-0123456789ab")?;
        let role = |system| -> Result<Role, Box<dyn Error>> {
            let id = RoleId::parse("0192f3c0-4444-7abc-8def-0123456789ab")?;
            Ok(Role::system(id, workspace, system, NOW))
        };
        // Each is signed in, and has a token that is good for a quarter of an hour.
        let sign_in = |name, number: u8| -> Result<(AccessClaims, Somebody), Box<dyn Error>> {
            let id = |kind| format!("0192f3c0-{kind}-7abc-8def-0000000000{number:02x}");
            let claims = AccessClaims {
                user_id: UserId::parse(&id("1111"))?,
                session_id: SessionId::parse(&id("3333"))?,
                workspace_id: Some(workspace),
                issued_at: NOW,
                expires_at: NOW.plus(Span::from_secs(900)),
            };
            let token = tokens.mint(&claims);
            Ok((claims, Somebody { name, token }))
        };
        let (agent_claims, agent) = sign_in("An agent", 1)?;
        let (viewer_claims, viewer) = sign_in("A viewer", 2)?;
        let (over, signed_out) = sign_in("An agent whose session has ended", 3)?;

        let mut rights = KnownRights::default();
        rights.learn(&agent_claims, &role(SystemRole::Agent)?);
        rights.learn(&viewer_claims, &role(SystemRole::Viewer)?);
        rights.learn(&over, &role(SystemRole::Agent)?);
        rights.forget(over.session_id);
        Ok(Self {
            tokens,
            rights,
            agent,
            viewer,
            signed_out,
        })
    }

    /// What the service asks before it lets somebody edit a conversation.
    async fn may_edit_chat(
        &self,
        who: &Somebody,
    ) -> Result<Result<bool, AccessCheckError>, Box<dyn Error>> {
        let check = AccessCheck {
            tokens: &self.tokens,
            source: &self.rights,
        };
        let edit = PermissionName::parse("chat:edit").map_err(|violation| violation.message)?;
        Ok(check.may(who.token.expose(), &edit, NOW).await)
    }
}

/// What the service answers.
fn told(answer: &Result<bool, AccessCheckError>) -> String {
    match answer {
        Ok(true) => "may edit conversations".to_owned(),
        Ok(false) => "may not edit conversations (403)".to_owned(),
        Err(AccessCheckError::InvalidToken) => "is nobody any more (401)".to_owned(),
        Err(AccessCheckError::Store(error)) => format!("has to try again later (503): {error}"),
    }
}

#[expect(clippy::print_stdout, reason = "an example shows what it finds")]
fn report(line: &str) {
    println!("{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_agent_may_a_viewer_may_not_and_an_ended_session_is_nobodys() {
        let service = Service::new().unwrap();
        let agent = service.may_edit_chat(&service.agent).await.unwrap();
        assert_eq!(agent, Ok(true));
        let viewer = service.may_edit_chat(&service.viewer).await.unwrap();
        assert_eq!(viewer, Ok(false));
        let over = service.may_edit_chat(&service.signed_out).await.unwrap();
        assert_eq!(over, Err(AccessCheckError::InvalidToken));
    }

    #[tokio::test]
    async fn what_was_taken_from_somebody_is_gone_with_the_next_request() {
        let mut service = Service::new().unwrap();
        let claims = service.tokens.read(service.agent.token.expose(), NOW);
        let claims = claims.unwrap();
        service.rights.forget(claims.session_id);
        let agent = service.may_edit_chat(&service.agent).await.unwrap();
        assert_eq!(agent, Err(AccessCheckError::InvalidToken));
    }
}
