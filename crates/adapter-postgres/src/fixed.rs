//! Statements that are prepared once for each connection.

use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};

/// A statement whose text is always the same, whatever it is bound to.
///
/// The query builder keeps what it can see to be so. Changes, also those of a conflict, and
/// statements written as SQL it takes for texts of any number and has parsed anew each time, which
/// costs a round trip and the planning. This says that the text is one of few.
pub(crate) struct Fixed<S>(S);

/// Says it of a statement.
pub(crate) trait FixedText: Sized {
    /// The same statement, whose text is always this.
    fn fixed(self) -> Fixed<Self> {
        Fixed(self)
    }
}

impl<S> FixedText for S {}

impl<S: QueryFragment<Pg>> QueryFragment<Pg> for Fixed<S> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _: &Pg) -> QueryResult<bool> {
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
