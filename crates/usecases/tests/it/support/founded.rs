//! What a confirmation writes, as a store takes it in.

use kogents_domain::access::Role;
use kogents_domain::audit::AuditEntry;
use kogents_domain::auth::User;
use kogents_domain::mail::MailJob;
use kogents_domain::session::SessionRecord;
use kogents_domain::store::{Constraint, StoreError};
use kogents_domain::workspace::{ApiToken, Membership, Workspace};

use super::{Slot, Units};

/// The rows, as they came.
pub(crate) struct Founded {
    pub(crate) users: Slot<User>,
    pub(crate) workspaces: Slot<Workspace>,
    pub(crate) roles: Slot<Role>,
    pub(crate) memberships: Slot<Membership>,
    pub(crate) sessions: Slot<SessionRecord>,
    pub(crate) api_tokens: Slot<ApiToken>,
    pub(crate) mails: Slot<MailJob>,
    pub(crate) told: Slot<AuditEntry>,
}

/// Has an insert keep what it is given, and answer this.
macro_rules! takes {
    ($expectation:expr, $slot:expr, $answer:expr) => {{
        let (slot, answer) = ($slot.clone(), $answer);
        $expectation.returning(move |row| {
            slot.put(row.clone());
            answer.clone()
        });
    }};
}

impl Founded {
    /// A unit of work that takes every row in.
    pub(crate) fn all(unit: &mut Units) -> Self {
        Self::taking(unit, None)
    }

    /// A unit of work that takes rows in until one breaks this constraint.
    pub(crate) fn until(unit: &mut Units, broken: Constraint) {
        Self::taking(unit, Some(broken));
    }

    fn taking(unit: &mut Units, broken: Option<Constraint>) -> Self {
        let founded = Self {
            users: Slot::new(),
            workspaces: Slot::new(),
            roles: Slot::new(),
            memberships: Slot::new(),
            sessions: Slot::new(),
            api_tokens: Slot::new(),
            mails: Slot::new(),
            told: Slot::new(),
        };
        let answer = |own: &[Constraint]| match broken {
            Some(broken) if own.contains(&broken) => Err(StoreError::Conflict(broken)),
            _ => Ok(()),
        };
        let user = answer(&[Constraint::UserEmail, Constraint::UserSignup]);
        takes!(unit.users.expect_insert(), founded.users, user);
        let workspace = answer(&[Constraint::WorkspaceSlug]);
        takes!(
            unit.workspaces.expect_insert(),
            founded.workspaces,
            workspace
        );
        let role = answer(&[Constraint::RoleName]);
        takes!(unit.roles.expect_insert(), founded.roles, role);
        let membership = answer(&[Constraint::Membership]);
        takes!(
            unit.memberships.expect_insert(),
            founded.memberships,
            membership
        );
        let session = answer(&[]);
        takes!(unit.sessions.expect_insert(), founded.sessions, session);
        unit.devices.expect_see().returning(|_, _, _| Ok(true));
        unit.sessions
            .expect_end_surplus()
            .returning(|_, _| Ok(Vec::new()));
        let api_token = answer(&[Constraint::ApiTokenDigest]);
        takes!(
            unit.api_tokens.expect_insert(),
            founded.api_tokens,
            api_token
        );
        let told = founded.told.clone();
        unit.audit.expect_append().returning(move |entries| {
            entries.iter().for_each(|entry| told.put(entry.clone()));
            Ok(())
        });
        let mails = founded.mails.clone();
        unit.outbox.expect_enqueue().returning(move |job| {
            mails.put(job.clone());
            Ok(true)
        });
        founded
    }
}
