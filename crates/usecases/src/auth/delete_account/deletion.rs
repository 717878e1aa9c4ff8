//! What goes with an account, in one unit of work.

use kogents_domain::audit::AuditAction;
use kogents_domain::auth::User;
use kogents_domain::ids::WorkspaceId;
use kogents_domain::mail::MailJob;
use kogents_domain::session::EndReason;
use kogents_domain::store::{Scope, StoreError, UnitOfWork};
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::PersonMembership;

use super::DeleteAccount;
use crate::audit::{Deed, Doer};
use crate::workspace::is_last_admin;

/// How often workspaces that somebody came into meanwhile are locked too before it is given up.
const ROUNDS: usize = 4;

/// An account to delete, and the mail that tells of it.
pub(super) struct Deletion {
    /// The person when they proved who they are.
    pub(super) owner: User,
    pub(super) notice: MailJob,
    pub(super) now: Timestamp,
}

/// What came of it.
pub(super) enum Deleted {
    /// The account is gone.
    Done,
    /// A workspace would be left without an active admin; nothing is written.
    LastAdmin,
    /// The person changed since they proved who they are; nothing is written.
    Changed,
}

/// A unit of work that holds a person's workspaces and the person.
struct Held {
    unit: Box<dyn UnitOfWork>,
    user: Option<User>,
    memberships: Vec<PersonMembership>,
}

impl Deletion {
    /// Deletes all of it, or nothing.
    pub(super) async fn commit(&self, deleting: &DeleteAccount) -> Result<Deleted, StoreError> {
        let id = self.owner.id;
        let Held {
            mut unit,
            user,
            memberships,
        } = self.hold(deleting).await?;
        let Some(user) = user.filter(|user| self.is_same(user)) else {
            return Ok(Deleted::Changed);
        };
        for PersonMembership {
            membership,
            standing,
        } in &memberships
        {
            if is_last_admin(unit.as_mut(), &user, membership, &standing.role).await? {
                return Ok(Deleted::LastAdmin);
            }
        }
        self.record(unit.as_mut(), deleting, &memberships).await?;
        unit.sessions().delete_of_person(id).await?;
        unit.outbox()
            .drop_addressed_to(&user.email, self.now)
            .await?;
        unit.users().delete(id).await?;
        unit.audit().forget_actor(id).await?;
        unit.outbox().enqueue(&self.notice).await?;
        unit.commit().await?;
        Ok(Deleted::Done)
    }

    /// Locks the workspaces, in the order of their ids, and then the person, so that neither does
    /// anybody come in or leave, nor does the person sign in. The workspaces are known for certain
    /// only then: when the person came into one meanwhile, it is begun anew.
    async fn hold(&self, deleting: &DeleteAccount) -> Result<Held, StoreError> {
        let id = self.owner.id;
        for _ in 0..ROUNDS {
            // Over all of their workspaces: what is deleted is in each of them.
            let mut unit = deleting.store.begin(Scope::System).await?;
            let held = workspaces(&unit.memberships().list_all_of_person(id).await?);
            for workspace in &held {
                unit.workspaces().find_for_update(*workspace).await?;
            }
            let user = unit.users().find_for_update(id).await?;
            let memberships = unit.memberships().list_all_of_person(id).await?;
            let found = workspaces(&memberships);
            if found.iter().all(|workspace| held.contains(workspace)) {
                return Ok(Held {
                    unit,
                    user,
                    memberships,
                });
            }
        }
        Err(StoreError::Unavailable(
            "the person came into workspaces faster than these were locked".to_owned(),
        ))
    }

    fn is_same(&self, user: &User) -> bool {
        !user.is_suspended()
            && user.password_hash == self.owner.password_hash
            && user.email == self.owner.email
    }

    /// Tells the workspaces, without telling who did it: they are forgotten in the same moment.
    async fn record(
        &self,
        unit: &mut dyn UnitOfWork,
        deleting: &DeleteAccount,
        memberships: &[PersonMembership],
    ) -> Result<(), StoreError> {
        let audit = &deleting.audit;
        for workspace in workspaces(memberships) {
            let deed = Deed::to(AuditAction::MemberRemoved, self.owner.id)
                .with("reason", "account_deleted");
            let by = Doer::NOBODY.in_workspace(Some(workspace));
            audit.record(unit, by, deed, self.now).await?;
        }
        let ended = unit
            .sessions()
            .end_others(self.owner.id, None, EndReason::Removed, self.now)
            .await?;
        audit
            .record_ended(unit, Doer::NOBODY, &ended, self.now)
            .await
    }
}

fn workspaces(memberships: &[PersonMembership]) -> Vec<WorkspaceId> {
    memberships
        .iter()
        .map(|found| found.membership.workspace_id)
        .collect()
}
