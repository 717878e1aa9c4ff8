//! The name of a permission: `resource:action`.

use std::borrow::Cow;

use super::{Action, BuiltInPermission, Resource};
use crate::violation::Violation;

/// The most characters on either side of the colon.
const PART_MAX: usize = 49;

/// The name of a permission, built in or a workspace's own: `resource:action`, each a lower-case
/// letter and at most 48 letters, digits and hyphens more. The action `update` is `edit`, so that
/// one permission has one name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PermissionName(Cow<'static, str>);

impl PermissionName {
    /// Reads a name. It is not trimmed.
    ///
    /// # Errors
    /// `REQUIRED_FIELD` or `INVALID_FORMAT`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        if text.trim().is_empty() {
            return Err(Violation::required());
        }
        text.split_once(':')
            .filter(|(resource, action)| is_part(resource) && is_part(action))
            .map(|(resource, action)| {
                let action = match Action::from_name(action) {
                    Some(known) => known.as_str(),
                    None => action,
                };
                Self(Cow::Owned(format!("{resource}:{action}")))
            })
            .ok_or_else(|| {
                Violation::format("must be resource:action in lower-case letters, digits, hyphens")
            })
    }

    /// The name of a built-in permission.
    pub(super) const fn of(resource: Resource, action: Action) -> Self {
        Self(Cow::Borrowed(resource.permission_name(action)))
    }

    /// The built-in permission of this name; None: it is a workspace's own, or nobody's.
    #[must_use]
    pub fn built_in(&self) -> Option<BuiltInPermission> {
        let (resource, action) = self.0.split_once(':')?;
        Some(BuiltInPermission {
            resource: Resource::from_name(resource)?,
            action: Action::from_name(action)?,
        })
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_part(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.len() <= PART_MAX
        && text
            .bytes()
            .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::violation::ViolationCode;

    #[test]
    fn names_are_two_parts() {
        let longest = format!("{0}:{0}", "a".repeat(49));
        for good in [
            "users:read",
            "canned-responses:edit",
            "reports-2:export",
            "a:b",
            "a-:b-",
            &longest,
        ] {
            assert_eq!(PermissionName::parse(good).unwrap().as_str(), good);
        }
    }

    #[test]
    fn update_is_edit() {
        let name = PermissionName::parse("users:update").unwrap();
        assert_eq!(name, PermissionName::parse("users:edit").unwrap());
        let other = PermissionName::parse("update:updates").unwrap();
        assert_eq!(other.as_str(), "update:updates");
    }

    #[test]
    fn built_in_permissions_are_known_by_name() {
        for permission in BuiltInPermission::all() {
            assert_eq!(permission.name().built_in(), Some(permission));
        }
        for own in ["reports:export", "chat:export", "reports:read"] {
            assert_eq!(
                PermissionName::parse(own).unwrap().built_in(),
                None,
                "{own}"
            );
        }
    }

    #[test]
    fn other_forms_are_refused() {
        let too_long = [
            format!("{}:read", "a".repeat(50)),
            format!("users:{}", "a".repeat(50)),
        ];
        let bad = [
            "users",
            ":",
            "users:",
            ":read",
            "users:read:own",
            "Users:read",
            "users:Read",
            "2users:read",
            "-users:read",
            "users:2",
            "users:-read",
            "us ers:read",
            " users:read",
            "users:read\n",
            "users_2:read",
            "us\u{e9}rs:read",
            "users:r\u{e9}ad",
            "users:*",
        ];
        for bad in bad.into_iter().chain(too_long.iter().map(String::as_str)) {
            assert_eq!(
                PermissionName::parse(bad).unwrap_err().code,
                ViolationCode::InvalidFormat,
                "{bad}"
            );
        }
        for empty in ["", " \n"] {
            assert_eq!(
                PermissionName::parse(empty).unwrap_err().code,
                ViolationCode::RequiredField
            );
        }
    }
}
