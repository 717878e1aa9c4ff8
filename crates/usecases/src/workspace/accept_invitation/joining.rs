//! The unit of work that makes a member of somebody and opens their session.

use kogents_domain::audit::AuditAction;
use kogents_domain::auth::{PasswordHash, User};
use kogents_domain::ids::SessionId;
use kogents_domain::session::SessionRecord;
use kogents_domain::store::{Constraint, Scope, StoreError};
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::{Membership, Standing};

use super::{AcceptInvitation, GoodInvitation};
use crate::audit::{Deed, Doer};
use crate::session::{OpenedBy, Opening, Prepared};

/// Somebody who joins, and how they have shown who they are.
pub(super) struct Joining {
    /// The person, as they were when they showed it.
    pub(super) user: User,
    /// Whether the account is made now.
    is_new: bool,
    /// A hash to replace an outdated one by.
    rehashed: Option<PasswordHash>,
    /// The session that they have already.
    keep: Option<SessionId>,
}

/// What came of it.
pub(super) enum Joined {
    /// A membership and a session in it.
    Member(Box<(Standing, SessionRecord)>),
    /// Nothing: the account is no longer as it was.
    Changed,
    /// Nothing: the invitation is good for nothing.
    NotGood,
}

impl Joining {
    /// Somebody whose account is made now.
    pub(super) const fn anew(user: User) -> Self {
        Self {
            user,
            is_new: true,
            rehashed: None,
            keep: None,
        }
    }

    /// The owner of an account, by its password.
    pub(super) const fn with_password(user: User, rehashed: Option<PasswordHash>) -> Self {
        Self {
            user,
            is_new: false,
            rehashed,
            keep: None,
        }
    }

    /// The owner of an account, by a session of theirs.
    pub(super) const fn with_session(user: User, session: SessionId) -> Self {
        Self {
            user,
            is_new: false,
            rehashed: None,
            keep: Some(session),
        }
    }

    /// Spends the invitation, and makes what it gives.
    pub(super) async fn commit(
        &self,
        accepting: &AcceptInvitation,
        good: &GoodInvitation,
        prepared: Prepared,
        now: Timestamp,
    ) -> Result<Joined, StoreError> {
        match self.write(accepting, good, prepared, now).await {
            // Somebody made the account meanwhile.
            Err(StoreError::Conflict(Constraint::UserEmail | Constraint::UserSignup)) => {
                Ok(Joined::Changed)
            }
            // They are in the workspace already, whatever their status.
            Err(StoreError::Conflict(Constraint::Membership)) => Ok(Joined::NotGood),
            written => written,
        }
    }

    async fn write(
        &self,
        accepting: &AcceptInvitation,
        good: &GoodInvitation,
        mut prepared: Prepared,
        now: Timestamp,
    ) -> Result<Joined, StoreError> {
        let workspace = good.workspace.id;
        // Over all of their workspaces: a session that gives way may be in another one.
        let mut unit = accepting.store.begin(Scope::System).await?;
        unit.workspaces().find_for_update(workspace).await?;
        // It may have been given another role since it was looked at, and its inviter too.
        let digest = &good.invitation.digest;
        let Some(good) = GoodInvitation::consume(unit.as_mut(), digest, now).await? else {
            return Ok(Joined::NotGood);
        };
        if self.is_new {
            unit.users().insert(&self.user).await?;
        } else {
            // They may have been suspended, or changed password or address, since they showed
            // that the account is theirs.
            let found = unit.users().find_for_update(self.user.id).await?;
            let is_as_before = found.is_some_and(|user| {
                !user.is_suspended()
                    && user.password_hash == self.user.password_hash
                    && user.email == self.user.email
            });
            if !is_as_before {
                return Ok(Joined::Changed);
            }
            if let Some(shown) = self.keep {
                let shown = unit.sessions().find(shown).await?;
                if shown.is_none_or(|session| session.end.is_some()) {
                    return Ok(Joined::Changed);
                }
            }
        }
        let user = self.user.id;
        let membership = Membership::active(workspace, user, good.role.id, now);
        unit.memberships().insert(&membership).await?;
        prepared.new.workspace_id = Some(workspace);
        let by = Doer::person(user, prepared.new.facts.ip_address)
            .in_session(prepared.new.id)
            .in_workspace(Some(workspace));
        let joined = Deed::to(AuditAction::MemberJoined, user)
            .with("invitation", good.invitation.id.to_string())
            .with("role", good.role.name.as_str());
        accepting
            .audit
            .record(unit.as_mut(), by, joined, now)
            .await?;
        let opening = Opening {
            by: OpenedBy::Invitation,
            also_keep: self.keep,
        };
        let session = accepting
            .opener
            .open(unit.as_mut(), prepared, opening, now)
            .await?;
        if !self.is_new {
            unit.users()
                .set_last_workspace(user, Some(workspace), now)
                .await?;
        }
        if let Some(hash) = &self.rehashed {
            unit.users()
                .replace_password_hash(user, &self.user.password_hash, hash, now)
                .await?;
        }
        unit.commit().await?;
        let standing = Standing {
            workspace: good.workspace,
            role: good.role,
        };
        Ok(Joined::Member(Box::new((standing, session))))
    }
}
