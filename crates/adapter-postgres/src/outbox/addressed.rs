//! Drops what waits for one address.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use kogents_domain::auth::EmailAddress;
use kogents_domain::mail::Template;
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use uuid::Uuid;

use super::{VOID, Wiped};
use crate::schema::outbox;
use crate::unit_of_work::{PgUnitOfWork, ask};

/// `$1` the normalised address, `$2` the template of invitations, which stay. Beside those to whom it
/// is in lower case stand all with an address that is not in ASCII: whether it names the same mailbox
/// the domain knows. The expression is that of the index.
const CANDIDATES: &str = "SELECT id, recipient FROM outbox \
    WHERE state IN ('queued', 'dead') AND template <> $2 \
        AND CASE WHEN octet_length(recipient) = char_length(recipient) \
            THEN lower(recipient COLLATE \"C\") ELSE '' END IN ($1, '')";

#[derive(QueryableByName)]
struct Candidate {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    recipient: String,
}

/// See [`OutboxRepository::drop_addressed_to`](kogents_domain::mail::OutboxRepository).
pub(super) async fn drop_addressed_to(
    unit: &mut PgUnitOfWork,
    recipient: &EmailAddress,
    now: Timestamp,
) -> Result<(), StoreError> {
    let query = sql_query(CANDIDATES)
        .bind::<Text, _>(recipient.normalised().to_owned())
        .bind::<Text, _>(Template::Invitation.as_str());
    let candidates: Vec<Candidate> = ask!(unit, connection => query.load(connection))?;
    let theirs: Vec<Uuid> = candidates
        .into_iter()
        .filter(|one| EmailAddress::parse(&one.recipient).is_ok_and(|to| to == *recipient))
        .map(|one| one.id)
        .collect();
    if theirs.is_empty() {
        return Ok(());
    }
    let void = diesel::update(outbox::table)
        .filter(outbox::id.eq_any(theirs))
        .filter(sql::<Bool>("state IN ('queued', 'dead')"))
        .set(Wiped::new(VOID, now));
    ask!(unit, connection => void.execute(connection))?;
    Ok(())
}
