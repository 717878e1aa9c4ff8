//! Statements that are prepared once for each connection.

use diesel::QueryResult;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::RunQueryDsl;
use diesel::sqlite::{Sqlite, SqliteConnection};

/// A statement whose text is always the same, whatever it is bound to: the query builder, which
/// takes changes and what is written as SQL for texts of any number, is told to keep it.
pub(crate) struct Fixed<S>(S);

/// Says it of a statement.
pub(crate) trait FixedText: Sized {
    /// The same statement, whose text is always this.
    fn fixed(self) -> Fixed<Self> {
        Fixed(self)
    }
}

impl<S> FixedText for S {}

impl<S: QueryFragment<Sqlite>> QueryFragment<Sqlite> for Fixed<S> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _: &Sqlite) -> QueryResult<bool> {
        Ok(true)
    }
}

/// It is known by its text.
impl<S> QueryId for Fixed<S> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<S: Query> Query for Fixed<S> {
    type SqlType = S::SqlType;
}

impl<S> RunQueryDsl<SqliteConnection> for Fixed<S> {}
