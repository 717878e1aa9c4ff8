//! What the handlers share: the server's pools, and nothing above them.

use std::sync::Arc;

use kogents_adapter_crypto::{JwtAccessTokens, SystemClock};
use kogents_domain::access::PermissionSet;
use kogents_domain::limits::{Charge, Limit, LimitRule, LimitSubject};
use kogents_domain::session::{
    ActivityCount, SessionActivity, SessionSnapshot, SessionStates, Touch, Touching, Vouched,
};
use kogents_domain::store::Store;
use kogents_domain::time::{Clock as _, Span, Timestamp};

use super::refused::Refused;
use super::whom::Whom;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::{output, tokens};

/// What the handlers share.
pub(super) struct Ceiling {
    store: Option<Arc<dyn Store>>,
    states: Option<Arc<dyn SessionStates>>,
    tokens: Option<JwtAccessTokens>,
    limits: Arc<[Limit]>,
    pub(super) session_idle: Span,
    pub(super) refresh_grace: Span,
}

impl Ceiling {
    /// Opens what there is. What is missing is said, and what needs it answers 503.
    pub(super) async fn open(environment: &Environment) -> Self {
        let config = &environment.config;
        Self {
            store: there("/profile and /refresh", environment.open_store().await),
            states: there("/activity and /profile", environment.open_states().await),
            tokens: there("/activity/token", tokens::access(environment)),
            limits: config.limits.rules.of(LimitRule::GeneralSession),
            session_idle: config.lifetimes.session_idle,
            refresh_grace: config.lifetimes.refresh_grace,
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        SystemClock.now()
    }

    pub(super) fn store(&self) -> Result<&dyn Store, Refused> {
        self.store.as_deref().ok_or(Refused::NotThere)
    }

    pub(super) fn tokens(&self) -> Result<&JwtAccessTokens, Refused> {
        self.tokens.as_ref().ok_or(Refused::NotThere)
    }

    /// Asks for a session as the server does for each of its requests, by the same script. What
    /// is not known yet is put as it is asked for, for as long as the server would put it.
    pub(super) async fn touch(&self, whom: &Whom, counted: ActivityCount) -> Result<(), Refused> {
        let states = self.states.as_deref().ok_or(Refused::NotThere)?;
        let now = self.now();
        let touching = Touching {
            user_id: whom.user,
            session_id: whom.session,
            charge: Charge {
                rule: LimitRule::GeneralSession,
                subject: LimitSubject::Session(whom.session),
                limits: self.limits.clone(),
            },
            counted: Some(counted),
            session_idle: self.session_idle,
            now,
        };
        match states.touch(&touching).await?.touch {
            Touch::Known(_) | Touch::Fenced => Ok(()),
            Touch::Unknown { version } => {
                let vouched = Vouched {
                    snapshot: SessionSnapshot {
                        session_id: whom.session,
                        user_id: whom.user,
                        workspace_id: whom.workspace,
                        idle_expires_at: now.plus(self.session_idle),
                        absolute_expires_at: now.plus(self.session_idle),
                        held: PermissionSet::all(),
                    },
                    version: Some(version),
                    activity: SessionActivity::starting(now),
                    counted: Some(counted),
                    now,
                };
                Ok(states.put(&vouched).await?)
            }
        }
    }
}

/// What was opened; else says what does without it.
fn there<T>(routes: &str, opened: Result<T, Failure>) -> Option<T> {
    opened
        .inspect_err(|failure| output::remark(&format!("without {routes}: {failure}")))
        .ok()
}
