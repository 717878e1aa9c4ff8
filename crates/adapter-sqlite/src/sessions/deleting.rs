//! Deleting a person's sessions.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Binary;
use diesel::sqlite::SqliteConnection;
use kogents_domain::ids::UserId;

use crate::columns::id_bytes;
use crate::error::Failure;

/// `?1` the person. The rows that belong to the sessions first: by these they are found.
const DELETE: [&str; 3] = [
    "DELETE FROM session_facts WHERE id IN (SELECT id FROM sessions WHERE user_id = ?1)",
    "DELETE FROM session_activity WHERE id IN (SELECT id FROM sessions WHERE user_id = ?1)",
    "DELETE FROM sessions WHERE user_id = ?1",
];

pub(super) fn delete_of_person(conn: &mut SqliteConnection, user: UserId) -> Result<(), Failure> {
    for statement in DELETE {
        sql_query(statement)
            .bind::<Binary, _>(id_bytes(user.as_uuid()))
            .execute(conn)?;
    }
    Ok(())
}
