//! Lets a request in, before anything of it is read but its head.

use std::net::IpAddr;
use std::sync::Arc;

use kogents_domain::auth::{AccessTokens, HashError, PasswordHasher};
use kogents_domain::limits::{ClientNetwork, LimitLedger, LimitRule, LimitSubject};
use kogents_domain::secret::SecretText;
use kogents_domain::time::Clock;

use super::{Limited, RateLimits};

/// What a request is counted against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toll {
    /// A rule of its own that counts clients.
    Client(LimitRule),
    /// A rule that counts clients by the passwords that they get wrong: the request is only refused
    /// by it, or because no password can be compared at this moment.
    FailuresOfClient(LimitRule),
    /// The rule for everything else: by session where a genuine access token comes along, else by
    /// client.
    General,
}

/// A request.
#[derive(Debug, Clone)]
pub struct AdmitRequestCommand {
    /// What it is counted against.
    pub toll: Toll,
    /// Where it comes from.
    pub ip_address: IpAddr,
    /// The access token that came along.
    pub access_token: Option<SecretText>,
    /// Where to write what the limits say.
    pub ledger: LimitLedger,
}

/// Why a request was not let in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdmitRequestError {
    /// Its limit is used up.
    #[error(transparent)]
    Limited(#[from] Limited),
    /// Too many passwords are being compared.
    #[error(transparent)]
    Hash(#[from] HashError),
}

/// Counts requests of routes that do not authenticate; where a route does, that counts.
pub struct AdmitRequest {
    /// The limits.
    pub limits: Arc<RateLimits>,
    /// Reads access tokens.
    pub tokens: Arc<dyn AccessTokens>,
    /// Knows whether a password can be compared.
    pub hasher: Arc<dyn PasswordHasher>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl AdmitRequest {
    /// Counts the request.
    ///
    /// # Errors
    /// See [`AdmitRequestError`].
    pub async fn run(&self, command: AdmitRequestCommand) -> Result<(), AdmitRequestError> {
        let now = self.clock.now();
        let client = LimitSubject::Client(ClientNetwork::of(command.ip_address));
        let charged = match command.toll {
            Toll::Client(rule) => (rule, client),
            Toll::FailuresOfClient(rule) => {
                // In a flood of sign-ins most are refused, and not even the cache is asked.
                if self.hasher.is_busy() {
                    return Err(HashError::Busy.into());
                }
                let charged = [(rule, client)];
                self.limits.look(&command.ledger, &charged, now).await?;
                return Ok(());
            }
            Toll::General => {
                let token = command.access_token.as_ref();
                let claims = token.and_then(|token| self.tokens.read(token.expose(), now).ok());
                claims.map_or((LimitRule::GeneralAddress, client), |claims| {
                    let session = LimitSubject::Session(claims.session_id);
                    (LimitRule::GeneralSession, session)
                })
            }
        };
        self.limits.take(&command.ledger, &[charged], now).await?;
        Ok(())
    }
}
