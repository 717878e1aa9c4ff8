//! The rows of the table: what is measured, beside what, and how much it must reach.

use super::stores::Stores;

/// A row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Row {
    /// The least that an answer costs.
    Live,
    /// An authenticated request without the database.
    Activity,
    /// A request that reads.
    Profile,
    /// A request that writes.
    Refresh,
    /// Signing in.
    Login,
    /// Beginning a signup.
    Signup,
    /// The processor time of an authenticated request without the database.
    Processor,
    /// How authenticated requests fare while many sign in.
    Flood,
    /// The memory of a server that nobody has asked anything.
    Idle,
    /// The memory of one that many sign in to.
    FloodMemory,
    /// How long a start takes.
    Start,
    /// How large the program is.
    Binary,
}

impl Row {
    /// All of them, as the table has them.
    pub(super) const ALL: [Self; 12] = [
        Self::Live,
        Self::Activity,
        Self::Profile,
        Self::Refresh,
        Self::Login,
        Self::Signup,
        Self::Processor,
        Self::Flood,
        Self::Idle,
        Self::FloodMemory,
        Self::Start,
        Self::Binary,
    ];

    /// Its name for programs.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Activity => "activity",
            Self::Profile => "profile",
            Self::Refresh => "refresh",
            Self::Login => "login",
            Self::Signup => "signup",
            Self::Processor => "cpu",
            Self::Flood => "flood",
            Self::Idle => "idle",
            Self::FloodMemory => "flood-memory",
            Self::Start => "start",
            Self::Binary => "binary",
        }
    }

    /// What is done, for persons.
    pub(super) const fn work(self) -> &'static str {
        match self {
            Self::Live => "`GET /health/live`",
            Self::Activity => "`POST /auth/session/activity`",
            Self::Profile => "`GET /users/profile`",
            Self::Refresh => "`POST /auth/refresh`",
            Self::Login => "`POST /auth/login`",
            Self::Signup => "`POST /auth/signup`",
            Self::Processor => "CPU each, authenticated, no database",
            Self::Flood => "authenticated p99 in a login flood",
            Self::Idle => "memory when idle",
            Self::FloodMemory => "memory in a login flood",
            Self::Start => "start to the first 200",
            Self::Binary => "stripped release binary",
        }
    }

    /// What it is measured beside; nothing where the row is bounded by a figure.
    pub(super) const fn ceiling(self, stores: Stores) -> Option<&'static str> {
        match (self, stores) {
            (Self::Live, _) => Some("a bare handler"),
            (Self::Activity, Stores::Shared) => {
                Some("a bare handler that calls the same script through the same pool")
            }
            (Self::Activity, Stores::Embedded) => {
                Some("a bare handler that verifies the same token")
            }
            (Self::Profile, Stores::Shared) => {
                Some("a bare handler: the same script and the same statements, the same pools")
            }
            (Self::Profile, Stores::Embedded) => Some("a bare handler: the same statements"),
            (Self::Refresh, _) => {
                Some("a bare handler that runs the same unit of work through the same pool")
            }
            (Self::Login | Self::Signup, _) => {
                Some("argon2id at the same cost on all cores, nothing else")
            }
            _ => None,
        }
    }

    /// The part of its ceiling that it must reach. Of the embedded store's own work nothing is
    /// asked.
    pub(super) const fn least(self, stores: Stores) -> Option<f64> {
        match (self, stores) {
            (Self::Live | Self::Login | Self::Signup, _) => Some(0.90),
            (Self::Activity, Stores::Shared) => Some(0.75),
            (Self::Activity, Stores::Embedded) => Some(0.50),
            (Self::Profile, Stores::Shared) => Some(0.80),
            (Self::Refresh, Stores::Shared) => Some(0.65),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn keys_are_different_and_whatever_has_a_least_has_a_ceiling() {
        let keys = BTreeSet::from(Row::ALL.map(Row::key));
        assert_eq!(keys.len(), Row::ALL.len());
        for row in Row::ALL {
            for stores in [Stores::Shared, Stores::Embedded] {
                let has_ceiling = row.ceiling(stores).is_some();
                assert!(has_ceiling || row.least(stores).is_none(), "{row:?}");
            }
            assert!(
                Row::least(row, Stores::Shared).is_some() == row.ceiling(Stores::Shared).is_some()
            );
        }
    }
}
