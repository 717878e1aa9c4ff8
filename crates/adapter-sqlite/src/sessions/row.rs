//! The session's own row.

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use kogents_domain::auth::SpentTokens;
use kogents_domain::ids::{SessionId, UserId, WorkspaceId};
use kogents_domain::session::{EndReason, RefreshState, Session, SessionEnd, SessionType};
use kogents_domain::time::Timestamp;

use crate::columns::{digest, digest_bytes, from_json, id, id_bytes, json, named, number};
use crate::error::InvalidRow;
use crate::schema::sessions;

#[derive(Queryable, QueryableByName, Selectable, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false, check_for_backend(Sqlite))]
pub(crate) struct SessionRow {
    id: Vec<u8>,
    user_id: Vec<u8>,
    workspace_id: Option<Vec<u8>>,
    session_type: String,
    started_at: i64,
    idle_expires_at: i64,
    absolute_expires_at: i64,
    ended_at: Option<i64>,
    end_reason: Option<String>,
    refresh_generation: i64,
    refresh_digest: Vec<u8>,
    refresh_rotated_at: i64,
    refresh_spent: String,
}

impl SessionRow {
    pub(super) fn of(session: &Session) -> Result<Self, InvalidRow> {
        let refresh = &session.refresh;
        let spent: Vec<i64> = refresh
            .spent
            .times()
            .iter()
            .map(|at| at.as_millis())
            .collect();
        Ok(Self {
            id: id_bytes(session.id.as_uuid()),
            user_id: id_bytes(session.user_id.as_uuid()),
            workspace_id: session.workspace_id.map(|id| id_bytes(id.as_uuid())),
            session_type: session.session_type.as_str().to_owned(),
            started_at: session.started_at.as_millis(),
            idle_expires_at: session.idle_expires_at.as_millis(),
            absolute_expires_at: session.absolute_expires_at.as_millis(),
            ended_at: session.end.map(|end| end.at.as_millis()),
            end_reason: session.end.map(|end| end.reason.as_str().to_owned()),
            refresh_generation: i64::from(refresh.generation),
            refresh_digest: digest_bytes(&refresh.digest),
            refresh_rotated_at: refresh.rotated_at.as_millis(),
            refresh_spent: json(&spent, "sessions.refresh_spent")?,
        })
    }
}

impl TryFrom<SessionRow> for Session {
    type Error = InvalidRow;

    fn try_from(row: SessionRow) -> Result<Self, InvalidRow> {
        let end = match (row.ended_at, row.end_reason) {
            (None, None) => None,
            (Some(at), Some(reason)) => Some(SessionEnd {
                at: Timestamp::from_millis(at),
                reason: named(&reason, EndReason::from_name, "sessions.end_reason")?,
            }),
            (Some(_), None) | (None, Some(_)) => return Err(InvalidRow("sessions.ended_at")),
        };
        let spent: Vec<i64> = from_json(&row.refresh_spent, "sessions.refresh_spent")?;
        let spent = spent.into_iter().map(Timestamp::from_millis).collect();
        Ok(Self {
            id: SessionId::from_uuid(id(&row.id, "sessions.id")?),
            user_id: UserId::from_uuid(id(&row.user_id, "sessions.user_id")?),
            workspace_id: row
                .workspace_id
                .map(|bytes| id(&bytes, "sessions.workspace_id").map(WorkspaceId::from_uuid))
                .transpose()?,
            session_type: named(
                &row.session_type,
                SessionType::from_name,
                "sessions.session_type",
            )?,
            started_at: Timestamp::from_millis(row.started_at),
            idle_expires_at: Timestamp::from_millis(row.idle_expires_at),
            absolute_expires_at: Timestamp::from_millis(row.absolute_expires_at),
            end,
            refresh: RefreshState {
                generation: number(row.refresh_generation, "sessions.refresh_generation")?,
                digest: digest(&row.refresh_digest, "sessions.refresh_digest")?,
                rotated_at: Timestamp::from_millis(row.refresh_rotated_at),
                spent: SpentTokens::from_times(spent),
            },
        })
    }
}
