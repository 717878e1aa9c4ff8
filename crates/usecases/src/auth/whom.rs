//! The person whom an operator names.

use kogents_domain::auth::{EmailAddress, User};
use kogents_domain::ids::UserId;
use kogents_domain::store::{StoreError, UnitOfWork};

/// The person whom an operator names. An operator may know who has an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// By their id.
    Id(UserId),
    /// By their address.
    Address(EmailAddress),
}

impl Whom {
    /// The person, if they are there.
    pub(crate) async fn find(&self, unit: &mut dyn UnitOfWork) -> Result<Option<User>, StoreError> {
        match self {
            Self::Id(id) => unit.users().find(*id).await,
            Self::Address(address) => unit.users().find_by_email(address).await,
        }
    }
}
