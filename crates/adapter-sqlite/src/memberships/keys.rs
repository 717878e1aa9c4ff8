//! What the directory sorts and searches members by: kept with each membership, and always that of
//! the person's name and address.

use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;
use kogents_domain::ids::UserId;
use kogents_domain::text::search_key;

use crate::columns::id_bytes;
use crate::error::Failure;
use crate::schema::{memberships, users};

/// The keys of a person's name and address. A person who is not there is an error.
pub(super) fn of_person(
    conn: &mut SqliteConnection,
    user: UserId,
) -> QueryResult<(String, String)> {
    let (name, email): (String, String) = users::table
        .find(id_bytes(user.as_uuid()))
        .select((users::name, users::email_normalised))
        .first(conn)?;
    Ok((search_key(&name), search_key(&email)))
}

/// Brings the keys of all memberships of a person, whose name or address has changed, up to date.
pub(crate) fn follow(conn: &mut SqliteConnection, user: UserId) -> Result<(), Failure> {
    let Some((name, email)) = of_person(conn, user).optional()? else {
        return Ok(());
    };
    let theirs = memberships::table.filter(memberships::user_id.eq(id_bytes(user.as_uuid())));
    diesel::update(theirs)
        .set((
            memberships::name_key.eq(name),
            memberships::email_key.eq(email),
        ))
        .execute(conn)?;
    Ok(())
}
