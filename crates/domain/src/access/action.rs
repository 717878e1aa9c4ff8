//! What may be done to a resource.

/// What may be done to a resource. Access by HTTP method follows it: GET reads, POST creates, PUT
/// and PATCH edit, DELETE deletes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Looking at it.
    Read,
    /// Making one.
    Create,
    /// Changing one.
    Edit,
    /// Removing one.
    Delete,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 4] = [Self::Read, Self::Create, Self::Edit, Self::Delete];

    /// The name on the wire and in stores.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Create => "create",
            Self::Edit => "edit",
            Self::Delete => "delete",
        }
    }

    /// The action with a name; `update` means `edit`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        if name == "update" {
            return Some(Self::Edit);
        }
        Self::ALL.into_iter().find(|action| action.as_str() == name)
    }

    /// Its part of the ids of built-in permissions: never changed, never given again.
    pub(super) const fn number(self) -> u8 {
        match self {
            Self::Read => 1,
            Self::Create => 2,
            Self::Edit => 3,
            Self::Delete => 4,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_and_update_means_edit() {
        for action in Action::ALL {
            assert_eq!(Action::from_name(action.as_str()), Some(action));
        }
        assert_eq!(Action::from_name("update"), Some(Action::Edit));
        for other in ["", "Read", "write", "updates"] {
            assert_eq!(Action::from_name(other), None, "{other}");
        }
    }
}
