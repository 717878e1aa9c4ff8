//! What a directory sorts and searches people by.

use diesel::sql_query;
use diesel::sql_types::{Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use kogents_domain::ids::UserId;
use kogents_domain::store::StoreError;
use kogents_domain::text::search_key;

use crate::unit_of_work::{PgUnitOfWork, ask};

/// `$1` the person, `$2` and `$3` the keys.
const SET: &str = "SELECT kogents_set_member_keys($1, $2, $3)";

/// The keys of one of a directory.
pub(crate) struct Keys {
    /// Of the name.
    pub(crate) name: String,
    /// Of the address.
    pub(crate) email: String,
}

impl Keys {
    /// The keys of a name and a normalised address.
    pub(crate) fn of(name: &str, email: &str) -> Self {
        Self {
            name: search_key(name),
            email: search_key(email),
        }
    }
}

impl PgUnitOfWork {
    /// Writes the keys of all of a person's memberships: whoever changes a person's name or address
    /// does this in the same unit of work.
    ///
    /// A person may not change memberships, so a function of the database does it in the product's
    /// own name.
    pub(crate) async fn set_member_keys(
        &mut self,
        user: UserId,
        keys: Keys,
    ) -> Result<(), StoreError> {
        let set = sql_query(SET)
            .bind::<SqlUuid, _>(*user.as_uuid())
            .bind::<Text, _>(keys.name)
            .bind::<Text, _>(keys.email);
        ask!(self, connection => set.execute(connection))?;
        Ok(())
    }
}
