//! A set of built-in permissions in one word, as every request carries it.

use super::{Action, BuiltInPermission};

/// A set of built-in permissions. One bit each, at a place that never changes, so that instances
/// of different releases read each other's.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct PermissionSet(u128);

impl PermissionSet {
    /// None.
    pub const EMPTY: Self = Self(0);

    /// Every permission there is.
    #[must_use]
    pub fn all() -> Self {
        BuiltInPermission::all().into_iter().collect()
    }

    /// Whether a permission is among them.
    #[must_use]
    pub const fn holds(self, permission: BuiltInPermission) -> bool {
        self.0 & bit(permission) != 0
    }

    /// Whether everything of another set is among them.
    #[must_use]
    pub const fn covers(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// As a number, for caches.
    #[must_use]
    pub const fn bits(self) -> u128 {
        self.0
    }

    /// From a number that a cache kept. A bit without a permission of ours permits nothing.
    #[must_use]
    pub const fn from_bits(bits: u128) -> Self {
        Self(bits)
    }

    /// The permissions, by resource, then by action.
    pub fn iter(self) -> impl Iterator<Item = BuiltInPermission> {
        BuiltInPermission::all()
            .into_iter()
            .filter(move |permission| self.holds(*permission))
    }
}

impl FromIterator<BuiltInPermission> for PermissionSet {
    fn from_iter<T: IntoIterator<Item = BuiltInPermission>>(permissions: T) -> Self {
        let bits = permissions.into_iter().map(bit);
        Self(bits.fold(0, |bits, bit| bits | bit))
    }
}

impl std::fmt::Debug for PermissionSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = self.iter().map(BuiltInPermission::name);
        f.debug_set()
            .entries(names.map(|name| name.as_str().to_owned()))
            .finish()
    }
}

/// Four bits a resource, by the numbers that ids are made of: room for 32 resources.
#[expect(
    clippy::as_conversions,
    reason = "constant functions know no other conversion, and these only widen"
)]
const fn bit(permission: BuiltInPermission) -> u128 {
    let BuiltInPermission { resource, action } = permission;
    1 << ((resource.number() - 1) * Action::ALL.len() as u16 + action.number() as u16 - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Resource;

    #[test]
    fn every_permission_has_a_bit_of_its_own() {
        let all = BuiltInPermission::all();
        for permission in &all {
            let alone: PermissionSet = [*permission].into_iter().collect();
            assert_eq!(alone.bits().count_ones(), 1);
            assert_eq!(alone.iter().collect::<Vec<_>>(), [*permission]);
        }
        assert_eq!(PermissionSet::all().iter().collect::<Vec<_>>(), all);
    }

    #[test]
    fn there_is_room_for_every_permission() {
        let bits = usize::try_from(u128::BITS).unwrap();
        assert!(Resource::ALL.len() * Action::ALL.len() <= bits);
    }

    #[test]
    fn places_are_fixed() {
        let bits = |resource, action| {
            let permission = BuiltInPermission { resource, action };
            [permission].into_iter().collect::<PermissionSet>().bits()
        };
        assert_eq!(bits(Resource::Workspace, Action::Read), 1);
        assert_eq!(bits(Resource::Users, Action::Edit), 1 << 6);
        assert_eq!(bits(Resource::CannedResponses, Action::Delete), 1 << 55);
    }

    #[test]
    fn a_set_covers_what_is_in_it() {
        let all = PermissionSet::all();
        let read: PermissionSet = BuiltInPermission::all()
            .into_iter()
            .filter(|permission| permission.action == Action::Read)
            .collect();
        assert!(all.covers(read) && read.covers(read) && read.covers(PermissionSet::EMPTY));
        assert!(!read.covers(all));
        assert_eq!(PermissionSet::from_bits(read.bits()), read);
    }
}
