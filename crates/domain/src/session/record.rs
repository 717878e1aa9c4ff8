//! The session's own row: identity, workspace, lifetime, end and refresh state.

use crate::auth::SpentTokens;
use crate::digest::Digest;
use crate::ids::{SessionId, UserId, WorkspaceId};
use crate::session::{SessionActivity, SessionFacts};
use crate::time::{Span, Timestamp};

/// What kind of client a session belongs to, as the client says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SessionType {
    /// A browser; also what is assumed.
    Web,
    /// An app on a phone or tablet.
    Mobile,
    /// A program on a computer.
    Desktop,
    /// A program without a person in front of it.
    Api,
    /// The chat widget.
    Widget,
}

impl SessionType {
    /// Every type.
    pub const ALL: [Self; 5] = [
        Self::Web,
        Self::Mobile,
        Self::Desktop,
        Self::Api,
        Self::Widget,
    ];

    /// The name on the wire and in stores.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Web => "WEB",
            Self::Mobile => "MOBILE",
            Self::Desktop => "DESKTOP",
            Self::Api => "API",
            Self::Widget => "WIDGET",
        }
    }

    /// The type with a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EndReason {
    /// The person signed out.
    Logout,
    /// The person ended it from another session.
    Revoked,
    /// The person ended all others.
    RevokedAll,
    /// Nothing was heard of it for the idle lifetime.
    IdleTimeout,
    /// It reached its absolute lifetime.
    AbsoluteTimeout,
    /// The person opened more sessions than are allowed, and this one was idle longest.
    Replaced,
    /// The password was changed or reset.
    PasswordChanged,
    /// The address was changed.
    EmailChanged,
    /// A refresh token was presented that had been spent long before: a theft.
    RefreshTokenReused,
    /// The membership or the person was suspended.
    Suspended,
    /// The membership was removed.
    Removed,
    /// An operator ended it.
    Admin,
}

impl EndReason {
    /// Every reason.
    pub const ALL: [Self; 12] = [
        Self::Logout,
        Self::Revoked,
        Self::RevokedAll,
        Self::IdleTimeout,
        Self::AbsoluteTimeout,
        Self::Replaced,
        Self::PasswordChanged,
        Self::EmailChanged,
        Self::RefreshTokenReused,
        Self::Suspended,
        Self::Removed,
        Self::Admin,
    ];

    /// The name on the wire and in stores.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Logout => "logout",
            Self::Revoked => "revoked",
            Self::RevokedAll => "revoked_all",
            Self::IdleTimeout => "idle_timeout",
            Self::AbsoluteTimeout => "absolute_timeout",
            Self::Replaced => "replaced",
            Self::PasswordChanged => "password_changed",
            Self::EmailChanged => "email_changed",
            Self::RefreshTokenReused => "refresh_token_reused",
            Self::Suspended => "suspended",
            Self::Removed => "removed",
            Self::Admin => "admin",
        }
    }

    /// The reason with a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == name)
    }
}

/// When and why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionEnd {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: EndReason,
}

/// How long sessions and their refresh tokens live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    /// A session ends after this long without activity.
    pub session_idle: Span,
    /// A session ends this long after it was opened, whatever happens.
    pub session_absolute: Span,
    /// A refresh token is good for this long after the rotation that made it.
    pub refresh_idle: Span,
    /// No refresh token of a session is good longer than this after the session was opened.
    pub refresh_absolute: Span,
    /// A spent refresh token is answered with the current one for this long.
    pub refresh_grace: Span,
}

/// The refresh columns of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshState {
    /// How many rotations there were; the current token's generation.
    pub generation: u32,
    /// Digest of the current token's identifier.
    pub digest: Digest,
    /// When the current token was made.
    pub rotated_at: Timestamp,
    /// When the generations before were spent, as far as they lie within the grace.
    pub spent: SpentTokens,
}

impl RefreshState {
    /// When the current token ends. Depends on stored times only, so that minting again gives the
    /// same token.
    #[must_use]
    pub fn expires_at(&self, started_at: Timestamp, lifetimes: &Lifetimes) -> Timestamp {
        self.rotated_at
            .plus(lifetimes.refresh_idle)
            .min(started_at.plus(lifetimes.refresh_absolute))
    }
}

/// One signed-in client of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Identity.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// The current workspace, the only source of the tenant.
    pub workspace_id: Option<WorkspaceId>,
    /// What kind of client.
    pub session_type: SessionType,
    /// When it was opened.
    pub started_at: Timestamp,
    /// When it ends unless something is heard of it.
    pub idle_expires_at: Timestamp,
    /// When it ends in any case.
    pub absolute_expires_at: Timestamp,
    /// When and why it ended.
    pub end: Option<SessionEnd>,
    /// The refresh columns.
    pub refresh: RefreshState,
}

impl Session {
    /// The moment it ends by itself: the sooner of idle and absolute.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.idle_expires_at.min(self.absolute_expires_at)
    }

    /// Something was heard of it at a moment, which moves its idle end; never back, and not when
    /// it has ended.
    #[must_use]
    pub fn heard(mut self, at: Timestamp, session_idle: Span) -> Self {
        if self.end.is_none() {
            self.idle_expires_at = self.idle_expires_at.max(at.plus(session_idle));
        }
        self
    }

    /// Why it ended, if it has ended by itself. Its end in the store, which a sweep writes, lies
    /// at its last activity.
    #[must_use]
    pub fn timed_out(&self, now: Timestamp) -> Option<EndReason> {
        if self.end.is_some() || now < self.expires_at() {
            None
        } else if self.absolute_expires_at <= self.idle_expires_at {
            Some(EndReason::AbsoluteTimeout)
        } else {
            Some(EndReason::IdleTimeout)
        }
    }

    /// Whether it is live: neither ended nor timed out. Needs no sweep to be true.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.end.is_none() && now < self.expires_at()
    }
}

/// A session with all that is kept of it: the three rows of one id.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionRecord {
    /// The session's own row.
    pub session: Session,
    /// What was learnt when it was opened.
    pub facts: SessionFacts,
    /// What it did since.
    pub activity: SessionActivity,
}

/// What opening a session needs.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The id to give.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// The workspace to open it in.
    pub workspace_id: Option<WorkspaceId>,
    /// What kind of client.
    pub session_type: SessionType,
    /// Digest of the identifier of its first refresh token, of generation 0.
    pub refresh_digest: Digest,
    /// What was learnt of the client.
    pub facts: SessionFacts,
}

impl SessionRecord {
    /// The session with its counters as the cache has them, if it has any.
    #[must_use]
    pub fn with_activity(self, cached: Option<SessionActivity>, session_idle: Span) -> Self {
        let activity = cached.map_or(self.activity, |cached| cached.latest(self.activity));
        Self {
            session: self.session.heard(activity.last_activity_at, session_idle),
            activity,
            ..self
        }
    }

    /// Opens a session.
    #[must_use]
    pub fn open(new: NewSession, lifetimes: &Lifetimes, now: Timestamp) -> Self {
        Self {
            session: Session {
                id: new.id,
                user_id: new.user_id,
                workspace_id: new.workspace_id,
                session_type: new.session_type,
                started_at: now,
                // Not past the absolute end, so that whoever looks for idle ones finds all.
                idle_expires_at: now.plus(lifetimes.session_idle.min(lifetimes.session_absolute)),
                absolute_expires_at: now.plus(lifetimes.session_absolute),
                end: None,
                refresh: RefreshState {
                    generation: 0,
                    digest: new.refresh_digest,
                    rotated_at: now,
                    spent: SpentTokens::default(),
                },
            },
            facts: new.facts,
            activity: SessionActivity::starting(now),
        }
    }
}
