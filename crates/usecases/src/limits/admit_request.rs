//! Lets a request in, before anything of it is read but its head.

use std::net::IpAddr;
use std::sync::Arc;

use kogents_domain::auth::AccessTokens;
use kogents_domain::limits::{ClientNetwork, LimitLedger, LimitRule, LimitSubject};
use kogents_domain::secret::SecretText;
use kogents_domain::time::Clock;

use super::{Limited, RateLimits};

/// What a request is counted against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toll {
    /// A rule of its own that counts clients.
    Client(LimitRule),
    /// A rule that counts clients by what fails: the request is only refused by it.
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

/// Counts requests of routes that do not authenticate; where a route does, that counts.
pub struct AdmitRequest {
    /// The limits.
    pub limits: Arc<RateLimits>,
    /// Reads access tokens.
    pub tokens: Arc<dyn AccessTokens>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl AdmitRequest {
    /// Counts the request.
    ///
    /// # Errors
    /// [`Limited`] when its limit is used up.
    pub async fn run(&self, command: AdmitRequestCommand) -> Result<(), Limited> {
        let now = self.clock.now();
        let client = LimitSubject::Client(ClientNetwork::of(command.ip_address));
        let charged = match command.toll {
            Toll::Client(rule) => (rule, client),
            Toll::FailuresOfClient(rule) => {
                let charged = [(rule, client)];
                return self.limits.look(&command.ledger, &charged, now).await;
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
        let taken = self.limits.take(&command.ledger, &[charged], now).await;
        taken.map(drop)
    }
}
