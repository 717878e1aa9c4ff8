//! Who may do what: roles.

mod role;

pub use role::{Role, RoleRepository, SystemRole};

#[cfg(feature = "mock")]
pub use role::MockRoleRepository;
