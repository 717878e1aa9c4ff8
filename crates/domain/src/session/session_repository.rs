//! The port that keeps sessions.

use async_trait::async_trait;

use super::{EndReason, Session, SessionActivity, SessionFacts, SessionRecord};
use crate::digest::Digest;
use crate::ids::{SessionId, UserId, WorkspaceId};
use crate::page::{Page, PageLimit};
use crate::store::StoreError;
use crate::time::{Span, Timestamp};

/// One rotation of a session's refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotation {
    /// The session.
    pub session_id: SessionId,
    /// The generation of the presented token.
    pub generation: u32,
    /// The digest of the presented token's identifier.
    pub digest: Digest,
    /// The digest of the next token's identifier.
    pub next_digest: Digest,
    /// The present moment.
    pub now: Timestamp,
    /// How long spent generations are remembered.
    pub grace: Span,
    /// How far the session's idle end moves from now.
    pub session_idle: Span,
}

/// How many sessions of a person may live, and which of them in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionQuota {
    /// The session that was just opened.
    pub keep: SessionId,
    /// Another one that is to stay.
    pub also_keep: Option<SessionId>,
    /// How many may live.
    pub limit: u32,
    /// A session ends after this long without activity.
    pub session_idle: Span,
    /// The present moment.
    pub at: Timestamp,
}

/// Keeps sessions: three rows of one id each.
///
/// Growth: one of each per sign-in; ended ones are minimised after 30 days and dropped after 13
/// months by the sweep.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait SessionRepository: Send {
    /// Adds a session with its facts and counters.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn insert(&mut self, record: &SessionRecord) -> Result<(), StoreError>;

    /// The session's own row.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn find(&mut self, id: SessionId) -> Result<Option<Session>, StoreError>;

    /// The session with facts and counters, if it is this person's.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn find_record(
        &mut self,
        user: UserId,
        id: SessionId,
    ) -> Result<Option<SessionRecord>, StoreError>;

    /// The session's own row with its counters as the database has them, if it is this person's.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn find_with_activity(
        &mut self,
        user: UserId,
        id: SessionId,
    ) -> Result<Option<(Session, SessionActivity)>, StoreError>;

    /// The session's counters as the database has them.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn find_activity(&mut self, id: SessionId)
    -> Result<Option<SessionActivity>, StoreError>;

    /// How many sessions of the person have neither ended nor reached their absolute end. Some may
    /// have timed out, as in [`list_open`](Self::list_open).
    ///
    /// # Errors
    /// [`StoreError`].
    async fn count_open(&mut self, user: UserId, now: Timestamp) -> Result<u64, StoreError>;

    /// The person's sessions that have neither ended nor reached their absolute end, newest
    /// started first, at most [`MAX_OPEN`]. Some may have timed out: their idle end is moved by
    /// what was heard of them, which the cache may know better than the database.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn list_open(
        &mut self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<SessionRecord>, StoreError>;

    /// All of the person's sessions, ended ones too, newest started first, those after `after`.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn list_all(
        &mut self,
        user: UserId,
        limit: PageLimit,
        after: Option<SessionId>,
    ) -> Result<Page<SessionRecord, SessionId>, StoreError>;

    /// How many sessions the person has, ended ones too.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn count_all(&mut self, user: UserId) -> Result<u64, StoreError>;

    /// Rotates the refresh token in one statement: only where generation and digest are the
    /// stored ones, the session is live at `now` (neither ended nor past its idle or absolute
    /// end), and fewer than [`SpentTokens::MAX`](crate::auth::SpentTokens::MAX) generations were
    /// spent within the grace. Then the generation grows by one, the digest is replaced,
    /// `rotated_at` becomes `now`, entries older than the grace leave the list of spent
    /// generations and `now` (never less than the entry before) is added, and the idle end moves
    /// to `now + session_idle` (never past the absolute one, never back). Gives the session as it
    /// is then; None when nothing matched.
    ///
    /// Of any number of parallel calls with one token exactly one gets a session.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn rotate(&mut self, rotation: &Rotation) -> Result<Option<Session>, StoreError>;

    /// Ends a session that has not ended, live or timed out. None when it had ended or does not
    /// exist.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn end(
        &mut self,
        id: SessionId,
        reason: EndReason,
        at: Timestamp,
    ) -> Result<Option<Session>, StoreError>;

    /// Ends the person's sessions that have not ended, but for `except`. Gives them as they are then,
    /// the oldest first; some may have timed out before.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn end_others(
        &mut self,
        user: UserId,
        except: Option<SessionId>,
        reason: EndReason,
        at: Timestamp,
    ) -> Result<Vec<Session>, StoreError>;

    /// Ends the person's sessions that have not ended and are in a workspace. Gives them as they are
    /// then, the oldest first; some may have timed out before.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn end_in_workspace(
        &mut self,
        user: UserId,
        workspace: WorkspaceId,
        reason: EndReason,
        at: Timestamp,
    ) -> Result<Vec<Session>, StoreError>;

    /// Ends everybody's sessions that have not ended and are in a workspace, but for `except`. Gives
    /// them as they are then, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn end_all_in_workspace(
        &mut self,
        workspace: WorkspaceId,
        except: SessionId,
        reason: EndReason,
        at: Timestamp,
    ) -> Result<Vec<Session>, StoreError>;

    /// Moves a session that has not ended to another workspace, or to none. Says whether it did.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn set_workspace(
        &mut self,
        id: SessionId,
        workspace: Option<WorkspaceId>,
    ) -> Result<bool, StoreError>;

    /// Ends, as [`EndReason::Replaced`], the live sessions that have been idle longest, so that
    /// no more remain than the quota says, those to keep among them, whatever it says. Live are those that have neither ended
    /// nor reached their absolute end, and whose idle end, moved by the activity that the database
    /// knows of and `session_idle`, lies ahead. The caller holds the person's row. Gives those that
    /// ended as they are then, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn end_surplus(
        &mut self,
        user: UserId,
        quota: SessionQuota,
    ) -> Result<Vec<Session>, StoreError>;

    /// Writes totals of counters: of each the greater of what is there and what is given. Rows
    /// that are gone are passed over. At most some thousand at once.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn record_activity(
        &mut self,
        activities: &[(SessionId, SessionActivity)],
    ) -> Result<(), StoreError>;

    /// Puts facts in place of those a session was opened with.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn replace_facts(
        &mut self,
        id: SessionId,
        facts: &SessionFacts,
    ) -> Result<(), StoreError>;

    /// Deletes all sessions of a person, with their facts and counters.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn delete_of_person(&mut self, user: UserId) -> Result<(), StoreError>;
}

/// The most sessions of one person that [`SessionRepository::list_open`] gives: far more than may
/// be live, so that only those are left out that have timed out and wait for the sweep.
pub const MAX_OPEN: u32 = 2_000;
