//! Permissions: the built-in ones, and what all have in common.

use std::borrow::Cow;

use uuid::Uuid;

use super::{Action, PermissionName, Resource};
use crate::ids::{PermissionId, RoleId};

/// A permission as people see it. Of a built-in one the texts are part of the program, and a clone
/// copies none of them: answers list dozens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// Identity.
    pub id: PermissionId,
    /// The name, by which it is checked.
    pub name: PermissionName,
    /// What it permits, in a sentence.
    pub description: Cow<'static, str>,
    /// Its group, for people who look.
    pub category: Cow<'static, str>,
}

/// A permission that every workspace has and nobody can change: an action on a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BuiltInPermission {
    /// On what.
    pub resource: Resource,
    /// What.
    pub action: Action,
}

/// The mark of a permission that a role holds: the same for the same two, and of no two others.
#[must_use]
pub fn grant_id(role: RoleId, permission: PermissionId) -> Uuid {
    let mixed = role.as_uuid().as_u128() ^ permission.as_uuid().as_u128();
    // The two have version and variant in common, so that the mixture has neither.
    Uuid::from_u128(mixed | ID_BASE)
}

/// A UUID of version 7 and moment 0, which no generated id has.
const ID_BASE: u128 = 0x0000_0000_0000_7000_8000_0000_0000_0000;

impl BuiltInPermission {
    /// Every built-in permission, by resource, then by action.
    #[must_use]
    pub fn all() -> Vec<Self> {
        Resource::ALL
            .into_iter()
            .flat_map(|resource| Action::ALL.map(|action| Self { resource, action }))
            .collect()
    }

    /// Its id, the same for ever and in every workspace: `00000000-0000-7000-8000-0000000RRRAA`
    /// with the numbers of resource and action in hexadecimal.
    #[must_use]
    pub fn id(self) -> PermissionId {
        let resource = u128::from(self.resource.number()) << 8;
        let action = u128::from(self.action.number());
        PermissionId::from_uuid(Uuid::from_u128(ID_BASE | resource | action))
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> PermissionName {
        PermissionName::of(self.resource, self.action)
    }

    /// What it permits, in a sentence.
    #[must_use]
    pub const fn description(self) -> &'static str {
        self.resource.describe(self.action)
    }
}

impl From<BuiltInPermission> for Permission {
    fn from(built_in: BuiltInPermission) -> Self {
        Self {
            id: built_in.id(),
            name: built_in.name(),
            description: built_in.description().into(),
            category: built_in.resource.category().as_str().into(),
        }
    }
}

#[cfg(test)]
mod tests;
