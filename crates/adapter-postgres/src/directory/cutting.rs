//! Cuts a page out of a directory: by indexes alone, in the orders that have one.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use kogents_domain::store::StoreError;
use kogents_domain::workspace::{DirectoryQuery, DirectorySort, MembershipStatus};
use uuid::Uuid;

use super::parts::{self, Part};
use crate::rows::{counter, stored_counter};
use crate::unit_of_work::{PgUnitOfWork, ask};

/// Where one of a directory is to be found.
#[derive(QueryableByName, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Place {
    /// A person's id, or an invitation's.
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: Uuid,
    /// Whether it is a member.
    #[diesel(sql_type = Bool)]
    pub(super) is_member: bool,
}

#[derive(QueryableByName)]
struct Total {
    #[diesel(sql_type = BigInt)]
    total: i64,
}

/// How many there are over all pages.
pub(super) async fn count(
    unit: &mut PgUnitOfWork,
    query: &DirectoryQuery,
) -> Result<u64, StoreError> {
    let counts: Vec<String> = parts::of(query.search.as_ref())
        .iter()
        .map(|part| format!("(SELECT count(*) FROM {})", part.rows))
        .collect();
    let text = format!("SELECT {} AS total", counts.join(" + "));
    let count = bound(text, query);
    let counted: Total = ask!(unit, connection => count.get_result(connection))?;
    counter(counted.total, "count of a directory")
}

/// Who is on the page, in its order.
pub(super) async fn cut(
    unit: &mut PgUnitOfWork,
    query: &DirectoryQuery,
) -> Result<Vec<Place>, StoreError> {
    let limit = u64::from(query.limit.get());
    let cut = bound(cutting(query), query)
        .bind::<BigInt, _>(stored_counter(query.offset.saturating_add(limit)))
        .bind::<BigInt, _>(stored_counter(query.offset))
        .bind::<BigInt, _>(stored_counter(limit));
    ask!(unit, connection => cut.load(connection))
}

/// The statement: what [`bound`] binds, then `$6` how many of each part are enough, `$7` how many to
/// pass over and `$8` how many to give.
fn cutting(query: &DirectoryQuery) -> String {
    let way = if query.descending { "DESC" } else { "ASC" };
    // Each part is read in the order of its index, as far as is needed. What was searched for is
    // in the order of what it was found by, and is sorted as a whole.
    let enough = match query.search {
        Some(_) => String::new(),
        None => format!(" ORDER BY key {way}, id {way} LIMIT $6"),
    };
    let selects: Vec<String> = parts::of(query.search.as_ref())
        .iter()
        .map(|part| {
            let (id, key) = columns(part, query.sort);
            let (is_member, rows) = (part.is_member, &part.rows);
            format!(
                "(SELECT {id} AS id, {key} AS key, {is_member} AS is_member FROM {rows}{enough})"
            )
        })
        .collect();
    let all = selects.join(" UNION ALL ");
    format!(
        "SELECT e.id, e.is_member FROM ({all}) AS e \
         ORDER BY e.key {way}, e.id {way} OFFSET $7 LIMIT $8"
    )
}

/// The columns that a part is addressed and sorted by.
const fn columns(part: &Part, sort: DirectorySort) -> (&'static str, &'static str) {
    let id = if part.is_member { "user_id" } else { "id" };
    let key = match sort {
        DirectorySort::CreatedAt => "created_at",
        DirectorySort::UpdatedAt => "updated_at",
        DirectorySort::Name => "name_key",
        DirectorySort::Email => "email_key",
        DirectorySort::Status if part.is_member => "status COLLATE \"C\"",
        DirectorySort::Status => "'PENDING' COLLATE \"C\"",
    };
    (id, key)
}

/// A statement with what every statement about a query has: `$1` the workspace, `$2` the status,
/// `$3` the role, `$4` the prefix that is looked for and `$5` where it ends; NULL where there is
/// none.
fn bound(text: String, query: &DirectoryQuery) -> BoxedSqlQuery<'static, Pg, SqlQuery> {
    let search = query.search.as_ref();
    sql_query(text)
        .into_boxed()
        .bind::<SqlUuid, _>(*query.workspace_id.as_uuid())
        .bind::<Nullable<Text>, _>(query.status.map(MembershipStatus::as_str))
        .bind::<Nullable<SqlUuid>, _>(query.role_id.map(|id| *id.as_uuid()))
        .bind::<Nullable<Text>, _>(search.map(|prefix| prefix.as_str().to_owned()))
        .bind::<Nullable<Text>, _>(search.and_then(|prefix| prefix.end()))
}
