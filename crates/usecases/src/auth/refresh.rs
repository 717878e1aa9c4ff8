//! Exchanges a refresh token for a new pair of tokens.

use std::net::IpAddr;
use std::sync::Arc;

use kogents_domain::auth::{RefreshClaims, RefreshTokens, Reuse, SpentTokens};
use kogents_domain::limits::{LimitLedger, LimitRule, LimitStanding, LimitSubject};
use kogents_domain::mail::{Letter, MailJob, MailMessage, OutboxSignal};
use kogents_domain::secret::SecretText;
use kogents_domain::session::{ActivityCount, EndReason, Rotation, Session, SessionActivity};
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Span, Timestamp};

use super::{TokenMinter, TokenPair};
use crate::audit::{AuditDesk, Doer};
use crate::limits::{Limited, RateLimits};
use crate::mail::{Addressee, MailDesk};
use crate::session::{ActivityBook, SessionGate};

/// A refresh token and where it comes from.
#[derive(Debug, Clone)]
pub struct RefreshCommand {
    /// The token.
    pub token: SecretText,
    /// The client's address.
    pub ip_address: IpAddr,
    /// Where to write what the limits say.
    pub ledger: LimitLedger,
}

/// Why there are no new tokens.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RefreshError {
    /// Not a refresh token of a live session.
    #[error("the refresh token is not valid")]
    Invalid,
    /// It was spent long before: a copy of it is in other hands, so the session has been ended.
    #[error("the refresh token was used before; its session has been ended")]
    Reused,
    /// The session is refreshed too often.
    #[error(transparent)]
    Limited(#[from] Limited),
    /// The session was refreshed more often within the grace than can be remembered.
    #[error("the session was refreshed too often")]
    TooOften {
        /// How long to wait.
        wait: Span,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Rotates a session's refresh token.
///
/// The successor is derived from session and generation, so that whoever lost an answer, or asks
/// from a second tab, gets the same one again for as long as the grace lasts. Afterwards a spent
/// token is a theft, and ends the session.
pub struct Refresh {
    /// The limits.
    pub limits: Arc<RateLimits>,
    /// The store.
    pub store: Arc<dyn Store>,
    /// Reads refresh tokens.
    pub tokens: Arc<dyn RefreshTokens>,
    /// Mints the tokens.
    pub minter: Arc<TokenMinter>,
    /// Counts the sign of life.
    pub book: Arc<ActivityBook>,
    /// Keeps the cache from telling what is no longer true.
    pub gate: Arc<SessionGate>,
    /// Writes mail jobs.
    pub mail: Arc<MailDesk>,
    /// Tells of what ended.
    pub audit: Arc<AuditDesk>,
    /// Wakes the mail worker.
    pub signal: Arc<dyn OutboxSignal>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

/// What became of a rotation.
enum Rotated {
    /// It was done; the counters are the database's.
    Now(Session, SessionActivity),
    /// It was not; the session as it is, if there is one.
    NotNow(Option<(Session, SessionActivity)>),
}

/// What a token that rotated nothing is worth.
enum Judged {
    /// The session's current token answers.
    Answered(Session, SessionActivity),
    /// It is the current one of a session that is idle by its row, and alive by what was heard of
    /// it since.
    Idle(Session),
}

impl Refresh {
    /// Exchanges the token.
    ///
    /// # Errors
    /// See [`RefreshError`].
    pub async fn run(&self, command: RefreshCommand) -> Result<TokenPair, RefreshError> {
        let now = self.clock.now();
        let claims = self
            .tokens
            .read(command.token.expose(), now)
            .map_err(|_| RefreshError::Invalid)?;
        let session = LimitSubject::Session(claims.session_id);
        let charged = [(LimitRule::RefreshSession, session)];
        self.limits.take(&command.ledger, &charged, now).await?;
        let next_generation = claims
            .generation
            .checked_add(1)
            .ok_or(RefreshError::Invalid)?;
        let rotation = Rotation {
            session_id: claims.session_id,
            generation: claims.generation,
            digest: self
                .minter
                .refresh_digest(claims.session_id, claims.generation),
            next_digest: self
                .minter
                .refresh_digest(claims.session_id, next_generation),
            now,
            grace: self.minter.lifetimes.refresh_grace,
            session_idle: self.minter.lifetimes.session_idle,
        };

        let (session, activity) = match self.rotate(&rotation, &claims).await? {
            Rotated::Now(session, activity) => (session, activity),
            Rotated::NotNow(found) => {
                match self.judge(found, &rotation, &claims, &command).await? {
                    Judged::Answered(session, activity) => (session, activity),
                    Judged::Idle(session) => {
                        self.revive(session, &rotation, &claims, &command).await?
                    }
                }
            }
        };
        self.book
            .count(session.id, Some(activity), ActivityCount::NOTHING, now)
            .await;
        Ok(self.minter.pair(&session, now))
    }

    /// Rotates, in one unit of work.
    async fn rotate(
        &self,
        rotation: &Rotation,
        claims: &RefreshClaims,
    ) -> Result<Rotated, StoreError> {
        let mut unit = self.store.begin(Scope::Person(claims.user_id)).await?;
        let rotated = unit.sessions().rotate(rotation).await?;
        if let Some(session) = rotated {
            let activity = unit.sessions().find_activity(session.id).await?;
            unit.commit().await?;
            let activity = activity.unwrap_or(SessionActivity::starting(session.started_at));
            return Ok(Rotated::Now(session, activity));
        }
        let found = unit
            .sessions()
            .find_with_activity(claims.user_id, claims.session_id)
            .await?;
        Ok(Rotated::NotNow(found))
    }

    /// The session lives on by what it did after its row was last written: writes that, and rotates
    /// once more.
    async fn rotate_revived(
        &self,
        session: &Session,
        rotation: &Rotation,
        claims: &RefreshClaims,
    ) -> Result<Rotated, StoreError> {
        let mut unit = self.store.begin(Scope::System).await?;
        let moved = [(session.id, session.idle_expires_at)];
        unit.session_upkeep().move_idle_ends(&moved).await?;
        unit.commit().await?;
        self.rotate(rotation, claims).await
    }

    /// Nothing was rotated: says why, or gives the session whose current token answers.
    async fn judge(
        &self,
        found: Option<(Session, SessionActivity)>,
        rotation: &Rotation,
        claims: &RefreshClaims,
        command: &RefreshCommand,
    ) -> Result<Judged, RefreshError> {
        let now = rotation.now;
        let (stored, activity) = found.ok_or(RefreshError::Invalid)?;
        let session = self.heard(stored.clone(), activity, now).await;
        if !session.is_live(now) || session.user_id != claims.user_id {
            return Err(RefreshError::Invalid);
        }
        let grace = self.minter.lifetimes.refresh_grace;
        let current = session.refresh.generation;
        if claims.generation > current {
            return Err(RefreshError::Invalid);
        }
        if claims.generation == current {
            if let Some(until) = session.refresh.spent.full_until(now, grace) {
                let wait = until.since(now);
                let most = u32::try_from(SpentTokens::MAX).unwrap_or(u32::MAX);
                let standing = LimitStanding::refusing("refresh-grace", most, grace, wait);
                command.ledger.note(standing);
                return Err(RefreshError::TooOften { wait });
            }
            if stored.is_live(now) {
                return Err(RefreshError::Invalid);
            }
            return Ok(Judged::Idle(session));
        }
        match session
            .refresh
            .spent
            .judge(current, claims.generation, now, grace)
        {
            Reuse::WithinGrace => Ok(Judged::Answered(session, activity)),
            Reuse::Theft => {
                self.end_stolen(&session, command.ip_address, now).await?;
                Err(RefreshError::Reused)
            }
        }
    }

    /// Rotates a session that is idle by its row alone. Whoever loses a race for it is judged by
    /// what the winner left.
    async fn revive(
        &self,
        session: Session,
        rotation: &Rotation,
        claims: &RefreshClaims,
        command: &RefreshCommand,
    ) -> Result<(Session, SessionActivity), RefreshError> {
        match self.rotate_revived(&session, rotation, claims).await? {
            Rotated::Now(session, activity) => Ok((session, activity)),
            Rotated::NotNow(found) => match self.judge(found, rotation, claims, command).await? {
                Judged::Answered(session, activity) => Ok((session, activity)),
                Judged::Idle(_) => Err(RefreshError::Invalid),
            },
        }
    }

    /// The session with what it did after its row was last written.
    async fn heard(&self, stored: Session, activity: SessionActivity, now: Timestamp) -> Session {
        let cached = self.book.look_at_one(stored.id, now).await;
        let latest = cached.map_or(activity, |cached| cached.latest(activity));
        stored.heard(latest.last_activity_at, self.minter.lifetimes.session_idle)
    }

    async fn end_stolen(
        &self,
        session: &Session,
        ip_address: IpAddr,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        tracing::warn!(
            session = %session.id, user = %session.user_id,
            "a spent refresh token was presented; its session ends"
        );
        let job = self.notice(session, ip_address, now).await?;

        let fence = self.gate.fence(session.user_id, now).await;
        let ended = async {
            let mut unit = self.store.begin(Scope::Person(session.user_id)).await?;
            let ended = unit
                .sessions()
                .end(session.id, EndReason::RefreshTokenReused, now)
                .await?;
            // Nobody knows who has it, the owner or the thief.
            let by = Doer::client(ip_address);
            self.audit
                .record_ended(unit.as_mut(), by, ended.as_slice(), now)
                .await?;
            // Whoever ended it first has also written the mail.
            if let (Some(_), Some(job)) = (ended, job) {
                unit.outbox().enqueue(&job).await?;
            }
            unit.commit().await
        }
        .await;
        self.gate.lift(session.user_id, fence, now).await;
        ended?;
        self.signal.wake();
        Ok(())
    }

    /// The mail to the session's owner. It is written in a language of theirs: what the request
    /// says of one may be the thief's.
    async fn notice(
        &self,
        session: &Session,
        ip_address: IpAddr,
        now: Timestamp,
    ) -> Result<Option<MailJob>, StoreError> {
        let owner = session.user_id;
        let mut unit = self.store.read(Scope::Person(owner)).await?;
        let Some(user) = unit.users().find(owner).await? else {
            return Ok(None);
        };
        let record = unit.sessions().find_record(owner, session.id).await?;
        let facts = record.map(|record| record.facts);
        let language = facts.as_ref().and_then(|facts| facts.language.as_ref());
        let addressee = Addressee::load(unit.as_mut(), &user, language).await?;
        drop(unit);
        let message = MailMessage::RefreshTokenReused {
            name: user.name.as_str().to_owned(),
            device: facts.and_then(|facts| facts.device_name),
            ip_address: ip_address.to_string(),
            at: now,
        };
        let letter = Letter {
            brand: addressee.brand,
            message,
        };
        let language = addressee.language;
        Ok(Some(self.mail.job(&letter, &user.email, language, now)))
    }
}
