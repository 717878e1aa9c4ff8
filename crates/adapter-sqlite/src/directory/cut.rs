//! Cutting a page out of a directory: who is on it, and how many there are.

use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text};
use diesel::sqlite::{Sqlite, SqliteConnection};
use kogents_domain::workspace::{DirectoryQuery, DirectorySort, MembershipStatus, SearchPrefix};

use crate::columns::{count, id_bytes};
use crate::error::Failure;

/// One on the page: the id of a member or of an invitation.
#[derive(QueryableByName)]
pub(super) struct Cut {
    #[diesel(sql_type = Binary)]
    pub(super) id: Vec<u8>,
    #[diesel(sql_type = Bool)]
    pub(super) invited: bool,
}

#[derive(QueryableByName)]
struct Total {
    #[diesel(sql_type = BigInt)]
    total: i64,
}

/// The rows of one table that a query is about, as conditions. A search is one of them, and not a
/// list of ids by the indexes of the keys: one that finds many would take several times as long,
/// and who is asked for their number is read in any case. No text that comes from outside is
/// in them; of the numbered values only the last one is always used.
///
/// `?1` status, `?2` role, `?3` beginning of name or address, `?4` end of those, `?5` workspace.
fn conditions(query: &DirectoryQuery) -> String {
    let mut conditions = "workspace_id = ?5".to_owned();
    if query.role_id.is_some() {
        conditions.push_str(" AND role_id = ?2");
    }
    conditions.push_str(match query.search.as_ref().map(|prefix| prefix.end()) {
        None => "",
        Some(None) => " AND (name_key >= ?3 OR email_key >= ?3)",
        Some(Some(_)) => {
            " AND (name_key >= ?3 AND name_key < ?4 OR email_key >= ?3 AND email_key < ?4)"
        }
    });
    conditions
}

/// The same of both tables: of memberships, and of invitations where they count. An invitation is
/// pending.
fn both(query: &DirectoryQuery) -> (String, Option<String>) {
    let conditions = conditions(query);
    match query.status {
        None => (conditions.clone(), Some(conditions)),
        Some(MembershipStatus::Pending) => {
            (format!("{conditions} AND status = ?1"), Some(conditions))
        }
        Some(
            MembershipStatus::Active | MembershipStatus::Inactive | MembershipStatus::Suspended,
        ) => (format!("{conditions} AND status = ?1"), None),
    }
}

/// The key to sort members and invitations by, each as an expression on its table.
const fn keys(sort: DirectorySort) -> (&'static str, &'static str) {
    match sort {
        DirectorySort::CreatedAt => ("created_at", "created_at"),
        DirectorySort::UpdatedAt => ("updated_at", "updated_at"),
        DirectorySort::Name => ("name_key", "name_key"),
        DirectorySort::Email => ("email_key", "email_key"),
        DirectorySort::Status => ("status", "'PENDING'"),
    }
}

/// A statement with the numbered values that [`conditions`] may name.
fn bound(statement: String, query: &DirectoryQuery) -> BoxedSqlQuery<'static, Sqlite, SqlQuery> {
    let prefix = query.search.as_ref();
    sql_query(statement)
        .into_boxed()
        .bind::<Nullable<Text>, _>(query.status.map(MembershipStatus::as_str))
        .bind::<Nullable<Binary>, _>(query.role_id.map(|id| id_bytes(id.as_uuid())))
        .bind::<Nullable<Text>, _>(prefix.map(|prefix| prefix.as_str().to_owned()))
        .bind::<Nullable<Text>, _>(prefix.and_then(SearchPrefix::end))
        .bind::<Binary, _>(id_bytes(query.workspace_id.as_uuid()))
}

/// How many a query is about, over all pages.
pub(super) fn total(conn: &mut SqliteConnection, query: &DirectoryQuery) -> Result<u64, Failure> {
    let (members, invited) = both(query);
    let invited = invited.map_or_else(String::new, |invited| {
        format!(" + (SELECT count(*) FROM invitations WHERE {invited})")
    });
    let statement =
        format!("SELECT (SELECT count(*) FROM memberships WHERE {members}){invited} AS total");
    let row: Total = bound(statement, query).get_result(conn)?;
    Ok(count(row.total))
}

/// Who is on the page, in order: by key, then by id, both in the query's direction. By the keys
/// that have an index, both tables are read in that order and merged, no further than the page.
pub(super) fn cut(
    conn: &mut SqliteConnection,
    query: &DirectoryQuery,
) -> Result<Vec<Cut>, Failure> {
    let (members, invited) = both(query);
    let (member_key, invited_key) = keys(query.sort);
    let invited = invited.map_or_else(String::new, |invited| {
        format!(" UNION ALL SELECT id, 1, {invited_key} FROM invitations WHERE {invited}")
    });
    let direction = if query.descending { "DESC" } else { "ASC" };
    let statement = format!(
        "SELECT user_id AS id, 0 AS invited, {member_key} AS sort_key FROM memberships \
         WHERE {members}{invited} ORDER BY sort_key {direction}, id {direction} \
         LIMIT ?6 OFFSET ?7"
    );
    // Beyond what a number may be there is nobody.
    let offset = i64::try_from(query.offset).unwrap_or(i64::MAX);
    Ok(bound(statement, query)
        .bind::<BigInt, _>(i64::from(query.limit.get()))
        .bind::<BigInt, _>(offset)
        .load(conn)?)
}
