//! Dropping what waits for one address.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Text};
use diesel::sqlite::SqliteConnection;
use kogents_domain::auth::EmailAddress;
use kogents_domain::mail::Template;
use kogents_domain::time::Timestamp;

use super::WIPE;
use crate::error::Failure;

/// `?1` the normalised address, `?2` the template of invitations, which stay. Beside those to whom it
/// is in lower case stand all with an address that is not in ASCII: whether it names the same mailbox
/// the domain knows. The expression is that of the index.
const CANDIDATES: &str = "SELECT id, recipient FROM outbox \
    WHERE state IN ('queued', 'dead') AND template <> ?2 \
    AND iif(length(CAST(recipient AS BLOB)) = length(recipient), lower(recipient), '') IN (?1, '')";

#[derive(QueryableByName)]
struct Candidate {
    #[diesel(sql_type = Binary)]
    id: Vec<u8>,
    #[diesel(sql_type = Text)]
    recipient: String,
}

/// See [`OutboxRepository::drop_addressed_to`](kogents_domain::mail::OutboxRepository).
pub(super) fn drop_addressed_to(
    conn: &mut SqliteConnection,
    recipient: &EmailAddress,
    now: Timestamp,
) -> Result<(), Failure> {
    let candidates: Vec<Candidate> = sql_query(CANDIDATES)
        .bind::<Text, _>(recipient.normalised())
        .bind::<Text, _>(Template::Invitation.as_str())
        .load(conn)?;
    for one in candidates {
        if EmailAddress::parse(&one.recipient).is_ok_and(|to| to == *recipient) {
            sql_query(format!(
                "UPDATE outbox SET state = 'void', finished_at = ?1, {WIPE} WHERE id = ?2"
            ))
            .bind::<BigInt, _>(now.as_millis())
            .bind::<Binary, _>(one.id)
            .execute(conn)?;
        }
    }
    Ok(())
}
