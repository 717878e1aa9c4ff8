//! The session's own row.

use diesel::prelude::*;
use kogents_domain::auth::SpentTokens;
use kogents_domain::ids::{SessionId, UserId, WorkspaceId};
use kogents_domain::session::{EndReason, RefreshState, Session, SessionEnd, SessionType};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use uuid::Uuid;

use crate::error::unreadable;
use crate::rows;
use crate::schema::sessions;

#[derive(Queryable, QueryableByName, Selectable, Insertable)]
#[diesel(
    table_name = sessions,
    treat_none_as_default_value = false,
    check_for_backend(diesel::pg::Pg)
)]
pub(crate) struct SessionRow {
    id: Uuid,
    user_id: Uuid,
    workspace_id: Option<Uuid>,
    session_type: String,
    started_at: i64,
    idle_expires_at: i64,
    absolute_expires_at: i64,
    ended_at: Option<i64>,
    end_reason: Option<String>,
    refresh_generation: i64,
    refresh_digest: Vec<u8>,
    refresh_rotated_at: i64,
    refresh_spent: Vec<i64>,
}

impl From<&Session> for SessionRow {
    fn from(session: &Session) -> Self {
        Self {
            id: *session.id.as_uuid(),
            user_id: *session.user_id.as_uuid(),
            workspace_id: session.workspace_id.map(|id| *id.as_uuid()),
            session_type: session.session_type.as_str().to_owned(),
            started_at: session.started_at.as_millis(),
            idle_expires_at: session.idle_expires_at.as_millis(),
            absolute_expires_at: session.absolute_expires_at.as_millis(),
            ended_at: session.end.map(|end| end.at.as_millis()),
            end_reason: session.end.map(|end| end.reason.as_str().to_owned()),
            refresh_generation: i64::from(session.refresh.generation),
            refresh_digest: session.refresh.digest.as_bytes().to_vec(),
            refresh_rotated_at: session.refresh.rotated_at.as_millis(),
            refresh_spent: session
                .refresh
                .spent
                .times()
                .iter()
                .map(|at| at.as_millis())
                .collect(),
        }
    }
}

impl TryFrom<SessionRow> for Session {
    type Error = StoreError;
    fn try_from(row: SessionRow) -> Result<Self, StoreError> {
        let end = match (row.ended_at, row.end_reason.as_deref()) {
            (None, None) => None,
            (Some(at), Some(reason)) => Some(SessionEnd {
                at: Timestamp::from_millis(at),
                reason: EndReason::from_name(reason)
                    .ok_or_else(|| unreadable("sessions.end_reason"))?,
            }),
            (Some(_), None) | (None, Some(_)) => return Err(unreadable("sessions.ended_at")),
        };
        let spent = row.refresh_spent.into_iter().map(Timestamp::from_millis);
        Ok(Self {
            id: SessionId::from_uuid(row.id),
            user_id: UserId::from_uuid(row.user_id),
            workspace_id: row.workspace_id.map(WorkspaceId::from_uuid),
            session_type: SessionType::from_name(&row.session_type)
                .ok_or_else(|| unreadable("sessions.session_type"))?,
            started_at: Timestamp::from_millis(row.started_at),
            idle_expires_at: Timestamp::from_millis(row.idle_expires_at),
            absolute_expires_at: Timestamp::from_millis(row.absolute_expires_at),
            end,
            refresh: RefreshState {
                generation: u32::try_from(row.refresh_generation)
                    .map_err(|_| unreadable("sessions.refresh_generation"))?,
                digest: rows::digest(&row.refresh_digest, "sessions.refresh_digest")?,
                rotated_at: Timestamp::from_millis(row.refresh_rotated_at),
                spent: SpentTokens::from_times(spent.collect()),
            },
        })
    }
}
