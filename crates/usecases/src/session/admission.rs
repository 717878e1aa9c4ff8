//! Lets a session's request in, and counts it.

use std::sync::Arc;

use kogents_domain::access::Rights;
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::limits::{Charge, LimitLedger, LimitRule, LimitSubject};
use kogents_domain::session::{
    ActivityCount, SessionSnapshot, SessionStates, Touch, Touched, Touching, Vouched,
};
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Span, Timestamp};

use super::ActivityBook;
use crate::access::rights_in;
use crate::limits::{Limited, RateLimits, note};

/// A request that names a session; its token was genuine.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) user_id: UserId,
    pub(crate) session_id: SessionId,
    /// What it adds to the session's counters; None when it neither counts nor moves anything.
    pub(crate) counted: Option<ActivityCount>,
    pub(crate) ledger: LimitLedger,
    pub(crate) now: Timestamp,
}

/// Why a request was not let in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotAdmitted {
    /// The session has ended, has timed out, or is nobody's.
    #[error("the session is over")]
    Over,
    /// The session has made too many requests.
    #[error(transparent)]
    Limited(#[from] Limited),
    /// The cache did not know and the store could not say.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Tells whether a request's session is alive and within its limit, and counts the request: one
/// round trip to the cache; the database is read only when the cache knows nothing.
pub struct Admission {
    /// Knows which sessions are live.
    pub states: Arc<dyn SessionStates>,
    /// Counts while the cache is away.
    pub book: Arc<ActivityBook>,
    /// The limits.
    pub limits: Arc<RateLimits>,
    /// The truth behind the cache.
    pub store: Arc<dyn Store>,
    /// A session ends after this long without activity.
    pub session_idle: Span,
}

/// What the cache said of a session that it does not vouch for.
struct Unvouched {
    /// The version to put a snapshot under; None where none may be put.
    version: Option<u64>,
    /// When something was last heard of the session, as far as is known.
    heard_at: Option<Timestamp>,
    /// Whether the cache answered.
    is_there: bool,
}

impl Admission {
    /// Lets the request in, or says why not.
    pub(crate) async fn admit(&self, request: &Request) -> Result<SessionSnapshot, NotAdmitted> {
        match self.touch(request).await? {
            Ok(snapshot) => Ok(snapshot),
            Err(unvouched) => self.ask_the_store(request, unvouched).await,
        }
    }

    /// Asks the cache, which counts the request against the limit as well. When it could not, this
    /// process counts.
    async fn touch(
        &self,
        request: &Request,
    ) -> Result<Result<SessionSnapshot, Unvouched>, NotAdmitted> {
        let session = LimitSubject::Session(request.session_id);
        let touching = Touching {
            user_id: request.user_id,
            session_id: request.session_id,
            charge: Charge {
                rule: LimitRule::GeneralSession,
                subject: session,
                limits: self.limits.rules.of(LimitRule::GeneralSession),
            },
            counted: request.counted,
            session_idle: self.session_idle,
            now: request.now,
        };
        let touched = self.states.touch(&touching).await;
        let touched = touched
            .inspect_err(|error| tracing::warn!(%error, "session state comes from the database"));
        let (outcome, taken) = match touched {
            Ok(Touched {
                touch: Touch::Known(snapshot),
                taken,
                heard_at: _,
            }) => (Ok(snapshot), taken),
            Ok(Touched {
                touch,
                heard_at,
                taken,
            }) => {
                let version = match touch {
                    Touch::Unknown { version } => Some(version),
                    Touch::Fenced | Touch::Known(_) => None,
                };
                let is_there = true;
                (
                    Err(Unvouched {
                        version,
                        heard_at,
                        is_there,
                    }),
                    taken,
                )
            }
            Err(_) => {
                let looked = self
                    .book
                    .local
                    .look(&[request.session_id], request.now)
                    .await;
                let known = looked
                    .ok()
                    .and_then(|looked| looked.into_iter().next().flatten());
                let heard_at = known.map(|activity| activity.last_activity_at);
                let (version, is_there) = (None, false);
                (
                    Err(Unvouched {
                        version,
                        heard_at,
                        is_there,
                    }),
                    None,
                )
            }
        };
        match taken {
            Some(taken) => note(&request.ledger, taken)?,
            None => {
                let charged = (LimitRule::GeneralSession, session);
                self.limits
                    .take_locally(&request.ledger, charged, request.now)
                    .await?;
            }
        }
        Ok(outcome)
    }

    async fn ask_the_store(
        &self,
        request: &Request,
        unvouched: Unvouched,
    ) -> Result<SessionSnapshot, NotAdmitted> {
        let mut unit = self.store.read(Scope::Person(request.user_id)).await?;
        let found = unit
            .sessions()
            .find_with_activity(request.user_id, request.session_id)
            .await?;
        let Some((session, activity)) = found else {
            return Err(NotAdmitted::Over);
        };
        let heard_at = unvouched
            .heard_at
            .map_or(activity.last_activity_at, |heard| {
                heard.max(activity.last_activity_at)
            });
        let session = session.heard(heard_at, self.session_idle);
        if !session.is_live(request.now) {
            return Err(NotAdmitted::Over);
        }
        let held = match session.workspace_id {
            Some(workspace) => rights_in(unit.as_mut(), workspace, request.user_id).await?,
            None => Rights::none(),
        };
        drop(unit);
        let vouched = Vouched {
            snapshot: SessionSnapshot::of(&session, held.built_in()),
            version: unvouched.version,
            activity,
            counted: request.counted,
            now: request.now,
        };
        if !unvouched.is_there {
            self.count_locally(&vouched).await;
        } else if let Err(error) = self.states.put(&vouched).await {
            tracing::warn!(%error, "a session's state was not cached");
            self.count_locally(&vouched).await;
        }
        Ok(vouched.snapshot)
    }

    async fn count_locally(&self, vouched: &Vouched) {
        if let Some(counted) = vouched.counted {
            let session = vouched.snapshot.session_id;
            self.book
                .count_locally(session, Some(vouched.activity), counted, vouched.now)
                .await;
        }
    }
}
