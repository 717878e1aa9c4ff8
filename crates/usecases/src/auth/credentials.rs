//! Proves that somebody knows the password of an address, within the limits of failing at it.

mod failure;

use std::net::IpAddr;
use std::sync::Arc;

use kogents_domain::auth::{
    EmailAddress, EnteredPassword, HashError, HashingPlace, NewPassword, PasswordHash,
    PasswordHasher, RefreshTokens, User, Verdict,
};
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::limits::{ClientNetwork, LimitLedger, LimitRule, LimitSubject};
use kogents_domain::secret::SecretText;
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Timestamp};

use crate::audit::AuditDesk;
use crate::limits::{Held, Limited, RateLimits};

/// Compares passwords with those of accounts, counts failures and tells the audit log of them.
///
/// Failures are limited, by the address and the client together, by the address, and by the
/// client. Each try is counted as one before the password is looked at, and the count is given
/// back when it turns out not to have failed; so of any number at once no more are compared than
/// may fail. Whoever guesses at an address from many places locks its owner out of none of the
/// devices they were signed in on: for these the limit by address does not hold.
pub struct Credentials {
    /// The limits.
    pub limits: Arc<RateLimits>,
    /// Reads the refresh tokens that come along.
    pub refresh_tokens: Arc<dyn RefreshTokens>,
    /// The store.
    pub store: Arc<dyn Store>,
    /// Compares passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Tells of failures.
    pub audit: Arc<AuditDesk>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

/// What somebody enters, and where it comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entered<'a> {
    /// The address.
    pub(crate) email: &'a EmailAddress,
    /// The password.
    pub(crate) password: &'a EnteredPassword,
    /// The client's address.
    pub(crate) ip_address: IpAddr,
    /// What shows that the client is one they were signed in on.
    pub(crate) device: Device<'a>,
    /// Where to write what the limits say.
    pub(crate) ledger: &'a LimitLedger,
}

/// What shows that a client is one that the address's owner was signed in on.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Device<'a> {
    /// A refresh token that came along, if one did: of the owner, it shows it.
    Bringing(Option<&'a SecretText>),
    /// They are signed in on it now, in this session, whose failures count too: from however many
    /// addresses it is used, it is no place to guess.
    SignedIn {
        /// Who is signed in.
        user: UserId,
        /// Where.
        session: SessionId,
    },
}

/// A try that counts as a failure until it is settled.
pub(crate) struct Try {
    held: Held,
    at: Timestamp,
    place: Option<HashingPlace>,
}

/// How a try went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tried {
    /// The password was wrong.
    Failed,
    /// It was right, and what it was for was done.
    Passed,
    /// Something else stood in the way.
    Undecided,
}

/// Why a try was not even counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotTried {
    /// Too many tries have failed.
    #[error(transparent)]
    Limited(#[from] Limited),
    /// Too many passwords are being compared.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why nothing was proven.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotVerified {
    /// Wrong password, unknown address or suspended person.
    #[error("address or password is wrong")]
    Mismatch,
    /// No verdict on the password.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Credentials {
    /// Counts a try as a failure, until it is [settled](Self::settle).
    pub(crate) async fn begin(&self, entered: Entered<'_>) -> Result<Try, NotTried> {
        // A flood of sign-ins must not keep the store from those who need it for something else. Who
        // waits for their turn is counted when it comes.
        let place = self.hasher.enter().await?;
        let at = self.clock.now();
        let charged = self.charged(entered).await?;
        let held = self.limits.take(entered.ledger, &charged, at).await?;
        Ok(Try {
            held,
            at,
            place: Some(place),
        })
    }

    /// Keeps the count of a failure and tells the audit log of it; gives any other count back.
    ///
    /// # Errors
    /// [`StoreError`]: the failure was not told of. It counts all the same.
    pub(crate) async fn settle(
        &self,
        entered: Entered<'_>,
        begun: Try,
        tried: Tried,
    ) -> Result<(), StoreError> {
        let cleared = match tried {
            Tried::Failed => return self.tell_of_failure(entered, &begun).await,
            Tried::Passed => &[LimitRule::LoginPair][..],
            Tried::Undecided => &[],
        };
        self.limits
            .give_back(entered.ledger, begun.held, cleared, begun.at)
            .await;
        Ok(())
    }

    /// What a failure counts against.
    async fn charged(
        &self,
        entered: Entered<'_>,
    ) -> Result<Vec<(LimitRule, LimitSubject)>, StoreError> {
        let client = ClientNetwork::of(entered.ip_address);
        let address = self.limits.digester.address(entered.email);
        let mut charged = vec![
            (
                LimitRule::LoginPair,
                LimitSubject::MailboxFrom(address, client),
            ),
            (LimitRule::LoginAddress, LimitSubject::Client(client)),
        ];
        if let Device::SignedIn { session, .. } = entered.device {
            charged.push((LimitRule::LoginPair, LimitSubject::Session(session)));
        }
        if !self.is_known_device(entered).await? {
            charged.push((LimitRule::LoginAccount, LimitSubject::Mailbox(address)));
        }
        Ok(charged)
    }

    /// Whether the address's owner was signed in on the client.
    async fn is_known_device(&self, entered: Entered<'_>) -> Result<bool, StoreError> {
        let token = match entered.device {
            Device::Bringing(token) => token,
            Device::SignedIn { .. } => return Ok(true),
        };
        let Some(owner) = token.and_then(|token| self.refresh_tokens.owner(token.expose())) else {
            return Ok(false);
        };
        let mut unit = self.store.read(Scope::System).await?;
        let user = unit.users().find_by_email(entered.email).await?;
        Ok(user.is_some_and(|user| user.id == owner))
    }

    /// The person whose password this is, and a new hash of it where the kept one is outdated.
    /// Costs the same whether the address has an account or not. The place of the try is left when
    /// nothing is to be hashed any more.
    pub(crate) async fn verified(
        &self,
        entered: Entered<'_>,
        begun: &mut Try,
    ) -> Result<(User, Option<PasswordHash>), NotVerified> {
        let Entered {
            email, password, ..
        } = entered;
        let mut unit = self.store.read(Scope::System).await?;
        let found = unit.users().find_by_email(email).await?;
        drop(unit);

        let hash = found.as_ref().map(|user| user.password_hash.clone());
        let verdict = self.hasher.verify(password, hash).await?;
        if verdict != Verdict::MatchOutdated {
            begun.place = None;
        }
        let user = found
            .filter(|user| verdict != Verdict::Mismatch && !user.is_suspended())
            .ok_or(NotVerified::Mismatch)?;
        let rehashed = match verdict {
            Verdict::MatchOutdated => {
                let password = NewPassword::to_rehash(password.clone());
                // The verdict stands; a hash that is not made now is made at the next sign-in.
                self.hasher
                    .hash(&password)
                    .await
                    .inspect_err(|error| tracing::warn!(%error, "an outdated hash stays"))
                    .ok()
            }
            Verdict::Match | Verdict::Mismatch => None,
        };
        begun.place = None;
        Ok((user, rehashed))
    }
}
