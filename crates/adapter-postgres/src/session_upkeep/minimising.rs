//! Makes the traces of sessions coarse that ended long ago.

use std::net::IpAddr;

use diesel::dsl::not;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Double, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use kogents_domain::ids::SessionId;
use kogents_domain::session::{Coordinate, Traces};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use uuid::Uuid;

use crate::error::unreadable;
use crate::schema::{session_facts, sessions};
use crate::unit_of_work::{PgUnitOfWork, ask};

/// `$1` ids, and in their order the traces, a column each.
const REPLACE: &str = "UPDATE session_facts AS f SET ip_address = ($2)[g.place], \
    latitude = ($3)[g.place], longitude = ($4)[g.place], \
    referrer_url = ($5)[g.place], landing_page = ($6)[g.place] \
    FROM kogents_given($1) AS g WHERE f.id = g.id";

/// `$1` ids.
const MARK: &str =
    "UPDATE sessions AS s SET minimised = TRUE FROM kogents_given($1) AS g WHERE s.id = g.id";

/// The columns that hold traces.
#[derive(Queryable, Selectable)]
#[diesel(table_name = session_facts, check_for_backend(diesel::pg::Pg))]
struct TracesRow {
    id: Uuid,
    ip_address: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
    referrer_url: Option<String>,
    landing_page: Option<String>,
}

impl TryFrom<TracesRow> for Traces {
    type Error = StoreError;
    fn try_from(row: TracesRow) -> Result<Self, StoreError> {
        let coordinate = match (row.latitude, row.longitude) {
            (Some(latitude), Some(longitude)) => Some(
                Coordinate::new(latitude, longitude)
                    .map_err(|_| unreadable("session_facts.latitude"))?,
            ),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => return Err(unreadable("session_facts.latitude")),
        };
        Ok(Self {
            session_id: SessionId::from_uuid(row.id),
            ip_address: row
                .ip_address
                .parse::<IpAddr>()
                .map_err(|_| unreadable("session_facts.ip_address"))?,
            coordinate,
            referrer_url: row.referrer_url,
            landing_page: row.landing_page,
        })
    }
}

/// The traces of those that ended before a moment and wait for this.
pub(super) async fn list_traces(
    unit: &mut PgUnitOfWork,
    ended_before: Timestamp,
    limit: u32,
) -> Result<Vec<Traces>, StoreError> {
    let query = sessions::table
        .inner_join(session_facts::table.on(session_facts::id.eq(sessions::id)))
        .filter(not(sessions::minimised))
        .filter(sessions::ended_at.lt(ended_before.as_millis()))
        .order(sessions::ended_at.asc())
        .limit(i64::from(limit))
        .select(TracesRow::as_select());
    let rows: Vec<TracesRow> = ask!(unit, connection => query.load(connection))?;
    rows.into_iter().map(Traces::try_from).collect()
}

/// Puts traces in place of those kept.
pub(super) async fn minimise(unit: &mut PgUnitOfWork, traces: &[Traces]) -> Result<(), StoreError> {
    if traces.is_empty() {
        return Ok(());
    }
    // In the order in which whoever deletes a person deletes their sessions.
    let mut traces: Vec<&Traces> = traces.iter().collect();
    traces.sort_unstable_by_key(|of| of.session_id);
    let ids: Vec<Uuid> = traces.iter().map(|of| *of.session_id.as_uuid()).collect();
    let addresses: Vec<String> = traces.iter().map(|of| of.ip_address.to_string()).collect();
    let degrees = |of: fn(Coordinate) -> f64| -> Vec<Option<f64>> {
        traces.iter().map(|one| one.coordinate.map(of)).collect()
    };
    let pages = |of: fn(&Traces) -> Option<&str>| -> Vec<Option<&str>> {
        traces.iter().copied().map(of).collect()
    };
    let replace = sql_query(REPLACE)
        .bind::<Array<SqlUuid>, _>(ids.clone())
        .bind::<Array<Text>, _>(addresses)
        .bind::<Array<Nullable<Double>>, _>(degrees(|point| point.latitude()))
        .bind::<Array<Nullable<Double>>, _>(degrees(|point| point.longitude()))
        .bind::<Array<Nullable<Text>>, _>(pages(|of| of.referrer_url.as_deref()))
        .bind::<Array<Nullable<Text>>, _>(pages(|of| of.landing_page.as_deref()));
    ask!(unit, connection => replace.execute(connection))?;
    let mark = sql_query(MARK).bind::<Array<SqlUuid>, _>(ids);
    ask!(unit, connection => mark.execute(connection))?;
    Ok(())
}
