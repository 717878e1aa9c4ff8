//! What each system role holds: one table.

use super::{Action, BuiltInPermission, Resource, SystemRole};

type Actions = &'static [Action];

const ALL: Actions = &Action::ALL;
const WORK: Actions = &[Action::Read, Action::Create, Action::Edit];
const READ: Actions = &[Action::Read];
const NONE: Actions = &[];

/// What manager, agent and viewer may do to a resource. The admin may do everything; what is not
/// here, nobody else may.
///
/// - The manager runs the daily business: people, invitations and the chat product. The workspace
///   itself, roles and permissions are for admins to change, and so is whatever concerns the
///   sessions of others, which tell where they are.
/// - The agent talks to customers, and sees the colleagues to hand them to.
/// - The viewer reads what the manager works with, but neither invitations nor the audit log,
///   which tell addresses.
#[rustfmt::skip]
const fn table(resource: Resource) -> (Actions, Actions, Actions) {
    match resource {
        //                            manager  agent  viewer
        Resource::Workspace       => (READ,    READ,  READ),
        Resource::Users           => (ALL,     READ,  READ),
        Resource::Roles           => (READ,    NONE,  READ),
        Resource::Permissions     => (READ,    NONE,  READ),
        Resource::Invitations     => (ALL,     NONE,  NONE),
        Resource::Sessions        => (NONE,    NONE,  NONE),
        Resource::Analytics       => (READ,    NONE,  READ),
        Resource::Audit           => (READ,    NONE,  NONE),
        Resource::Chat            => (ALL,     WORK,  READ),
        Resource::Departments     => (ALL,     READ,  READ),
        Resource::Tags            => (ALL,     READ,  READ),
        Resource::Triggers        => (ALL,     NONE,  READ),
        Resource::Widget          => (ALL,     NONE,  READ),
        Resource::CannedResponses => (ALL,     WORK,  READ),
    }
}

impl SystemRole {
    /// What the role holds, by resource, then by action.
    #[must_use]
    pub fn permissions(self) -> Vec<BuiltInPermission> {
        BuiltInPermission::all()
            .into_iter()
            .filter(|permission| self.holds(*permission))
            .collect()
    }

    /// Whether the role holds a permission.
    #[must_use]
    pub fn holds(self, permission: BuiltInPermission) -> bool {
        let (manager, agent, viewer) = table(permission.resource);
        let actions = match self {
            Self::Admin => ALL,
            Self::Manager => manager,
            Self::Agent => agent,
            Self::Viewer => viewer,
        };
        actions.contains(&permission.action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(role: SystemRole) -> Vec<String> {
        let names = role.permissions().into_iter().map(BuiltInPermission::name);
        names.map(|name| name.as_str().to_owned()).collect()
    }

    #[test]
    fn admin_holds_everything() {
        assert_eq!(SystemRole::Admin.permissions(), BuiltInPermission::all());
    }

    #[test]
    fn nobody_holds_more_than_who_is_above() {
        for (below, above) in [
            (SystemRole::Viewer, SystemRole::Manager),
            (SystemRole::Agent, SystemRole::Manager),
            (SystemRole::Manager, SystemRole::Admin),
        ] {
            let (below, above) = (below.permissions(), above.permissions());
            assert!(below.iter().all(|permission| above.contains(permission)));
            assert!(below.len() < above.len());
        }
    }

    /// One cell of the table in the documentation.
    fn cell(role: SystemRole, resource: Resource) -> String {
        let held = Action::ALL
            .into_iter()
            .filter(|action| {
                let action = *action;
                role.holds(BuiltInPermission { resource, action })
            })
            .map(Action::as_str);
        let held: Vec<_> = held.collect();
        if held.is_empty() {
            "–".to_owned()
        } else {
            held.join(", ")
        }
    }

    #[test]
    fn the_documentation_has_the_same_table() {
        let page = include_str!("../../../../docs/PERMISSIONS.md");
        let (_, rest) = page.split_once("<!-- system-roles:start -->").unwrap();
        let (table, _) = rest.split_once("<!-- system-roles:end -->").unwrap();
        let mut lines = table.trim().lines();
        let names = SystemRole::ALL.map(SystemRole::key).join(" | ");
        assert_eq!(lines.next(), Some(&*format!("| resource | {names} |")));
        assert_eq!(lines.next(), Some("|---|---|---|---|---|"));
        for resource in Resource::ALL {
            let cells = SystemRole::ALL.map(|role| cell(role, resource)).join(" | ");
            let row = format!("| `{}` | {cells} |", resource.as_str());
            assert_eq!(lines.next(), Some(&*row));
        }
        assert_eq!(lines.next(), None);
    }

    #[test]
    fn the_viewer_changes_nothing() {
        let viewer = SystemRole::Viewer.permissions();
        assert!(!viewer.is_empty());
        assert!(viewer.iter().all(|held| held.action == Action::Read));
    }

    #[test]
    fn the_agent_works_conversations_and_canned_responses_only() {
        let expected = "workspace:read users:read \
             chat:read chat:create chat:edit departments:read tags:read \
             canned-responses:read canned-responses:create canned-responses:edit";
        let expected: Vec<_> = expected.split_whitespace().collect();
        assert_eq!(held(SystemRole::Agent), expected);
    }

    #[test]
    fn the_manager_changes_people_and_the_chat_product_only() {
        for permission in SystemRole::Manager.permissions() {
            let changes = matches!(
                permission.resource,
                Resource::Users
                    | Resource::Invitations
                    | Resource::Chat
                    | Resource::Departments
                    | Resource::Tags
                    | Resource::Triggers
                    | Resource::Widget
                    | Resource::CannedResponses
            );
            let reads = permission.action == Action::Read;
            assert!(changes || reads, "{permission:?}");
        }
        let manager = held(SystemRole::Manager);
        for name in ["users:delete", "widget:create", "audit:read", "roles:read"] {
            assert!(manager.iter().any(|held| held == name), "{name}");
        }
    }
}
