//! The name of a role.

use super::SystemRole;
use crate::text::parse_name;
use crate::violation::Violation;

/// A role's name: trimmed, 2 to 50 characters of any script, unique in its workspace.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RoleName(String);

impl RoleName {
    /// Reads a name.
    ///
    /// # Errors
    /// See [`parse_name`].
    pub fn parse(text: &str) -> Result<Self, Violation> {
        parse_name(text, 2, 50).map(Self)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it would be taken for a system role's name, in whatever case it is written.
    #[must_use]
    pub fn is_a_system_roles(&self) -> bool {
        let lower = self.0.to_lowercase();
        SystemRole::ALL.into_iter().any(|role| role.key() == lower)
    }
}

impl From<SystemRole> for RoleName {
    fn from(role: SystemRole) -> Self {
        Self(role.key().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::violation::ViolationCode;

    #[test]
    fn names_are_trimmed_and_bounded() {
        assert_eq!(
            RoleName::parse(" Night shift ").unwrap().as_str(),
            "Night shift"
        );
        for bad in ["x", &"x".repeat(51)] {
            let code = RoleName::parse(bad).unwrap_err().code;
            assert_eq!(code, ViolationCode::InvalidLength, "{bad}");
        }
        let code = RoleName::parse("<b>").unwrap_err().code;
        assert_eq!(code, ViolationCode::InvalidFormat);
    }

    #[test]
    fn a_system_roles_name_is_known_in_any_case() {
        for taken in ["admin", "Admin", "VIEWER"] {
            assert!(RoleName::parse(taken).unwrap().is_a_system_roles());
        }
        assert!(
            !RoleName::parse("administrator")
                .unwrap()
                .is_a_system_roles()
        );
        for role in SystemRole::ALL {
            assert!(RoleName::parse(role.key()).is_ok_and(|name| name == role.into()));
        }
    }
}
