//! Making the traces of sessions coarse that ended long ago.

use std::net::IpAddr;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel::sqlite::{Sqlite, SqliteConnection};
use kogents_domain::ids::SessionId;
use kogents_domain::session::Traces;
use kogents_domain::time::Timestamp;

use crate::columns::{id, id_bytes, parsed};
use crate::error::{Failure, InvalidRow};
use crate::schema::{session_facts, sessions};
use crate::sessions::coordinate;

/// The columns that hold traces.
#[derive(Queryable, Selectable)]
#[diesel(table_name = session_facts, check_for_backend(Sqlite))]
struct TracesRow {
    id: Vec<u8>,
    ip_address: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
    referrer_url: Option<String>,
    landing_page: Option<String>,
}

impl TryFrom<TracesRow> for Traces {
    type Error = InvalidRow;

    fn try_from(row: TracesRow) -> Result<Self, InvalidRow> {
        Ok(Self {
            session_id: SessionId::from_uuid(id(&row.id, "session_facts.id")?),
            ip_address: parsed(
                &row.ip_address,
                str::parse::<IpAddr>,
                "session_facts.ip_address",
            )?,
            coordinate: coordinate(row.latitude, row.longitude)?,
            referrer_url: row.referrer_url,
            landing_page: row.landing_page,
        })
    }
}

pub(super) fn list_traces(
    conn: &mut SqliteConnection,
    ended_before: Timestamp,
    limit: u32,
) -> Result<Vec<Traces>, Failure> {
    let rows: Vec<TracesRow> = sessions::table
        .inner_join(session_facts::table.on(session_facts::id.eq(sessions::id)))
        // Written out, so that the index of this condition is used.
        .filter(sql::<Bool>("sessions.minimised = 0"))
        .filter(sessions::ended_at.lt(ended_before.as_millis()))
        .order(sessions::ended_at.asc())
        .limit(i64::from(limit))
        .select(TracesRow::as_select())
        .load(conn)?;
    let traces: Result<Vec<Traces>, InvalidRow> = rows.into_iter().map(Traces::try_from).collect();
    Ok(traces?)
}

pub(super) fn minimise(conn: &mut SqliteConnection, traces: &[Traces]) -> Result<(), Failure> {
    for one in traces {
        let id = id_bytes(one.session_id.as_uuid());
        diesel::update(session_facts::table.find(&id))
            .set((
                session_facts::ip_address.eq(one.ip_address.to_string()),
                session_facts::latitude.eq(one.coordinate.map(|point| point.latitude())),
                session_facts::longitude.eq(one.coordinate.map(|point| point.longitude())),
                session_facts::referrer_url.eq(&one.referrer_url),
                session_facts::landing_page.eq(&one.landing_page),
            ))
            .execute(conn)?;
        diesel::update(sessions::table.find(&id))
            .set(sessions::minimised.eq(true))
            .execute(conn)?;
    }
    Ok(())
}
