//! Builds a session with its facts and counters.

use std::net::{IpAddr, Ipv4Addr};

use kogents_domain::auth::SpentTokens;
use kogents_domain::digest::Digest;
use kogents_domain::ids::{SessionId, UserId, WorkspaceId};
use kogents_domain::session::{
    Analytics, EndReason, Lifetimes, NewSession, SessionActivity, SessionEnd, SessionFacts,
    SessionRecord, SessionType,
};
use kogents_domain::time::{Span, Timestamp};

use super::{START, facts_with_everything, unique_digest, unique_id, unique_id_at};

/// The product's default lifetimes.
#[must_use]
pub const fn lifetimes() -> Lifetimes {
    Lifetimes {
        session_idle: Span::from_secs(604_800),
        session_absolute: Span::from_secs(2_592_000),
        refresh_idle: Span::from_secs(604_800),
        refresh_absolute: Span::from_secs(2_592_000),
        refresh_grace: Span::from_secs(30),
    }
}

/// Builds a session.
#[must_use]
#[derive(Debug, Clone)]
pub struct SessionBuilder(SessionRecord);

/// A live web session of a person, opened at [`START`] without a workspace, with an id later than
/// all before it and a refresh digest that no other has.
pub fn a_session(user: UserId) -> SessionBuilder {
    let opened = NewSession {
        id: SessionId::from_uuid(unique_id()),
        user_id: user,
        workspace_id: None,
        session_type: SessionType::Web,
        refresh_digest: unique_digest(),
        facts: SessionFacts::from_client(
            IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7)),
            Analytics::default(),
        ),
    };
    SessionBuilder(SessionRecord::open(opened, &lifetimes(), START))
}

impl SessionBuilder {
    /// Opens it at another moment: every time of it moves along.
    pub fn opened_at(mut self, at: Timestamp) -> Self {
        let session = &mut self.0.session;
        session.started_at = at;
        session.idle_expires_at = at.plus(lifetimes().session_idle);
        session.absolute_expires_at = at.plus(lifetimes().session_absolute);
        session.refresh.rotated_at = at;
        self.0.activity.last_activity_at = at;
        self
    }

    /// Opens it at another moment, with an id that was made then, too.
    pub fn made_at(mut self, at: Timestamp) -> Self {
        self.0.session.id = SessionId::from_uuid(unique_id_at(at));
        self.opened_at(at)
    }

    /// Opens it in a workspace.
    pub fn in_workspace(mut self, workspace: WorkspaceId) -> Self {
        self.0.session.workspace_id = Some(workspace);
        self
    }

    /// Sets when something was last heard of it.
    pub fn active_at(mut self, at: Timestamp) -> Self {
        self.0.activity.last_activity_at = at;
        self
    }

    /// Sets its idle end.
    pub fn idle_until(mut self, at: Timestamp) -> Self {
        self.0.session.idle_expires_at = at;
        self
    }

    /// Sets its absolute end.
    pub fn absolute_until(mut self, at: Timestamp) -> Self {
        self.0.session.absolute_expires_at = at;
        self
    }

    /// Ends it.
    pub fn ended(mut self, at: Timestamp, reason: EndReason) -> Self {
        self.0.session.end = Some(SessionEnd { at, reason });
        self
    }

    /// Sets the generation and digest of its current refresh token.
    pub fn refresh(mut self, generation: u32, digest: Digest) -> Self {
        self.0.session.refresh.generation = generation;
        self.0.session.refresh.digest = digest;
        self
    }

    /// Sets the times at which generations were spent.
    pub fn spent(mut self, times: Vec<Timestamp>) -> Self {
        self.0.session.refresh.spent = SpentTokens::from_times(times);
        self
    }

    /// Sets every fact and every counter.
    pub fn everything(mut self) -> Self {
        self.0.facts = facts_with_everything();
        self.0.activity = SessionActivity {
            total_requests: 5_000_000_001,
            pages_visited: 5_000_000_002,
            actions_performed: 5_000_000_003,
            engaged_millis: 5_000_000_004,
            visit_count: 5_000_000_005,
            last_activity_at: START.plus(Span::from_millis(777)),
        };
        self
    }

    /// Changes anything else.
    pub fn with(mut self, change: impl FnOnce(&mut SessionRecord)) -> Self {
        change(&mut self.0);
        self
    }

    /// The session with facts and counters.
    #[must_use]
    pub fn build(self) -> SessionRecord {
        self.0
    }
}
