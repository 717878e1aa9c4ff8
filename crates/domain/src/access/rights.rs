//! What a role lets its holders do.

use std::collections::BTreeSet;

use super::{PermissionName, PermissionSet, Role, SystemRole};

/// What a member may do in a workspace: what their role holds, live, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rights {
    holds_everything: bool,
    built_in: PermissionSet,
    own: BTreeSet<PermissionName>,
}

impl Rights {
    /// No rights: what nobody was given, nobody may do.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// The rights of who has a role: of the admin everything, whatever the workspace defines
    /// besides; of another system role what the domain's table says; of a role of the workspace's
    /// own what was `granted` to it.
    #[must_use]
    pub fn of(role: &Role, granted: impl IntoIterator<Item = PermissionName>) -> Self {
        let Some(system) = role.system else {
            return granted.into_iter().collect();
        };
        Self {
            holds_everything: system == SystemRole::Admin,
            built_in: system.permissions().into_iter().collect(),
            own: BTreeSet::new(),
        }
    }

    /// Whether a permission is held.
    #[must_use]
    pub fn allow(&self, permission: &PermissionName) -> bool {
        self.holds_everything
            || match permission.built_in() {
                Some(built_in) => self.built_in.holds(built_in),
                None => self.own.contains(permission),
            }
    }

    /// Whether everything of other rights is held: nobody gives what they do not hold themselves,
    /// or changes somebody who holds more.
    #[must_use]
    pub fn cover(&self, others: &Self) -> bool {
        self.holds_everything
            || (!others.holds_everything
                && self.built_in.covers(others.built_in)
                && self.own.is_superset(&others.own))
    }

    /// The built-in permissions among them.
    #[must_use]
    pub const fn built_in(&self) -> PermissionSet {
        self.built_in
    }
}

impl FromIterator<PermissionName> for Rights {
    fn from_iter<T: IntoIterator<Item = PermissionName>>(names: T) -> Self {
        let (built_in, own): (Vec<_>, Vec<_>) = names
            .into_iter()
            .map(|name| (name.built_in(), name))
            .partition(|(built_in, _)| built_in.is_some());
        Self {
            holds_everything: false,
            built_in: built_in
                .into_iter()
                .filter_map(|(known, _)| known)
                .collect(),
            own: own.into_iter().map(|(_, name)| name).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::ids::{RoleId, WorkspaceId};
    use crate::time::Timestamp;

    fn name(text: &str) -> PermissionName {
        PermissionName::parse(text).unwrap()
    }

    fn system(role: SystemRole) -> Role {
        let id = Uuid::from_u128(1);
        let (role_id, workspace) = (RoleId::from_uuid(id), WorkspaceId::from_uuid(id));
        Role::system(role_id, workspace, role, Timestamp::from_millis(0))
    }

    #[test]
    fn the_admin_holds_what_is_not_there_yet() {
        let rights = Rights::of(&system(SystemRole::Admin), []);
        assert!(rights.allow(&name("chat:edit")) && rights.allow(&name("reports:export")));
        assert!(rights.cover(&[name("reports:export")].into_iter().collect()));
        assert_eq!(rights.built_in(), PermissionSet::all());
    }

    #[test]
    fn another_system_role_holds_the_table_whatever_was_granted_to_it() {
        let rights = Rights::of(&system(SystemRole::Viewer), [name("reports:export")]);
        assert!(rights.allow(&name("chat:read")));
        assert!(!rights.allow(&name("chat:edit")) && !rights.allow(&name("reports:export")));
    }

    #[test]
    fn a_role_of_the_workspaces_own_holds_what_was_granted() {
        let own = Role {
            system: None,
            ..system(SystemRole::Admin)
        };
        let rights = Rights::of(&own, [name("chat:update"), name("reports:export")]);
        assert!(rights.allow(&name("chat:edit")) && rights.allow(&name("reports:export")));
        assert!(!rights.allow(&name("chat:read")) && !rights.allow(&name("reports:read")));
        assert_eq!(Rights::of(&own, []), Rights::none());
    }

    #[test]
    fn rights_cover_what_is_in_them_only() {
        let admin = Rights::of(&system(SystemRole::Admin), []);
        let manager = Rights::of(&system(SystemRole::Manager), []);
        let agent = Rights::of(&system(SystemRole::Agent), []);
        assert!(admin.cover(&manager) && manager.cover(&agent) && agent.cover(&Rights::none()));
        assert!(!agent.cover(&manager) && !manager.cover(&admin));
        // Who holds every built-in permission is no admin: the workspace's own are not among them.
        let names = PermissionSet::all().iter().map(|held| held.name());
        let everything_built_in: Rights = names.collect();
        assert!(!everything_built_in.cover(&admin));
        assert!(!manager.cover(&[name("reports:export")].into_iter().collect()));
    }
}
