//! Opens a further session of a person who is signed in, for another client of theirs.

use std::sync::Arc;

use kogents_domain::session::{Analytics, SessionRecord, SessionType};
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Timestamp};

use super::session_opener::Prepared;
use super::{Client, OpenedBy, Opening, SessionGate, SessionOpener};
use crate::auth::{Caller, TokenMinter, TokenPair};

/// Which session to open.
#[derive(Debug, Clone)]
pub struct OpenSessionCommand {
    /// Whose.
    pub caller: Caller,
    /// What kind of client it is for.
    pub session_type: SessionType,
    /// What the frontend tells.
    pub analytics: Analytics,
    /// What the request says of the client that makes it.
    pub client: Client,
}

/// A session that was opened, and its tokens.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenedSession {
    /// The session.
    pub session: SessionRecord,
    /// Its tokens.
    pub tokens: TokenPair,
}

/// Why no session was opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenSessionError {
    /// The person was suspended, or is gone, at this moment.
    #[error("the session is over")]
    Over,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Opens a further session, in the workspace that the caller's is in. The caller's own goes on as
/// it was.
pub struct OpenSession {
    /// Opens it.
    pub opener: Arc<SessionOpener>,
    /// The store.
    pub store: Arc<dyn Store>,
    /// Mints the tokens.
    pub minter: Arc<TokenMinter>,
    /// Keeps the cache from telling what is no longer true.
    pub gate: Arc<SessionGate>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl OpenSession {
    /// Opens it.
    ///
    /// # Errors
    /// See [`OpenSessionError`].
    pub async fn run(
        &self,
        command: OpenSessionCommand,
    ) -> Result<OpenedSession, OpenSessionError> {
        let now = self.clock.now();
        let caller = command.caller;
        let made = self.opener.make(
            caller.user_id,
            command.session_type,
            command.client,
            command.analytics,
        );
        let prepared = self.opener.prepare(made, now).await?;

        // Opening may end the session that was idle longest.
        let fence = self.gate.fence(caller.user_id, now).await;
        let opened = self.open(caller, prepared, now).await;
        self.gate.lift(caller.user_id, fence, now).await;

        let session = opened?;
        self.opener.opened(&session);
        let tokens = self.minter.pair(&session.session, now);
        Ok(OpenedSession { session, tokens })
    }

    async fn open(
        &self,
        caller: Caller,
        mut prepared: Prepared,
        now: Timestamp,
    ) -> Result<SessionRecord, OpenSessionError> {
        let mut unit = self.store.begin(Scope::Person(caller.user_id)).await?;
        let user = unit.users().find_for_update(caller.user_id).await?;
        if user.is_none_or(|user| user.is_suspended()) {
            return Err(OpenSessionError::Over);
        }
        // Whoever ended all of the person's sessions meanwhile has held the person's row.
        let own = unit.sessions().find(caller.session_id).await?;
        let own = own
            .filter(|own| own.end.is_none())
            .ok_or(OpenSessionError::Over)?;
        // It may have gone to another workspace since the request came in.
        prepared.new.workspace_id = own.workspace_id;
        let opening = Opening {
            by: OpenedBy::Session(caller),
            also_keep: Some(caller.session_id),
        };
        let session = self
            .opener
            .open(unit.as_mut(), prepared, opening, now)
            .await?;
        unit.commit().await?;
        Ok(session)
    }
}
