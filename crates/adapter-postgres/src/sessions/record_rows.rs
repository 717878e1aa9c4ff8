//! A session's three rows, read together.

use diesel::prelude::*;
use kogents_domain::session::{Session, SessionActivity, SessionFacts, SessionRecord};
use kogents_domain::store::StoreError;

use super::activity_row::ActivityRow;
use super::facts_row::FactsRow;
use super::session_row::SessionRow;
use crate::schema::{session_activity, session_facts, sessions};

/// The three rows of one session.
#[derive(Queryable, Selectable)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub(super) struct RecordRows {
    #[diesel(embed)]
    session: SessionRow,
    #[diesel(embed)]
    facts: FactsRow,
    #[diesel(embed)]
    activity: ActivityRow,
}

/// The domain's record of three rows.
pub(super) fn record(rows: RecordRows) -> Result<SessionRecord, StoreError> {
    Ok(SessionRecord {
        session: Session::try_from(rows.session)?,
        facts: SessionFacts::try_from(rows.facts)?,
        activity: SessionActivity::try_from(rows.activity)?,
    })
}

/// Sessions with their facts and counters.
#[diesel::dsl::auto_type]
pub(super) fn records() -> _ {
    sessions::table
        .inner_join(session_facts::table.on(session_facts::id.eq(sessions::id)))
        .inner_join(session_activity::table.on(session_activity::id.eq(sessions::id)))
}
