//! On whom operations are done: persons chosen at random, of whom each has a live session.

use kogents_adapter_crypto::SystemClock;
use kogents_domain::ids::{SessionId, UserId, WorkspaceId};
use kogents_domain::time::{Clock as _, Span, Timestamp};
use tokio_postgres::Row;

use super::database::Database;
use super::product::minter;
use crate::failure::{Failure, Outcome};

/// On how many others each operation is done before it is measured.
pub(super) const WARM_UPS: u32 = 40;

/// How many counters are written at once.
const COUNTED: i64 = 1_000;

/// The newest session of each of so many persons. Few sessions are live; so that there are as many
/// of them in a small database as in a large one, these are made live.
const CHOOSE: &str = "WITH persons AS ( \
        SELECT id, md5(id::text) AS place FROM users ORDER BY place LIMIT 2 * $1::bigint) \
    SELECT newest.id::text, newest.user_id::text, newest.workspace_id::text \
    FROM persons CROSS JOIN LATERAL ( \
        SELECT id, user_id, workspace_id FROM sessions \
        WHERE user_id = persons.id AND id >= kogents_uuid_floor(now() - interval '60 days') \
        ORDER BY id DESC LIMIT 1) AS newest \
    ORDER BY persons.place LIMIT $1";

/// Makes a session live, with the refresh token that is derived for it here.
const REVIVE: &str = "UPDATE sessions SET ended_at = NULL, end_reason = NULL, \
        idle_expires_at = $2, absolute_expires_at = $2, refresh_generation = 0, \
        refresh_digest = $3, refresh_rotated_at = $4, refresh_spent = '{}' \
    WHERE id = $1::text::uuid";

/// Sessions of the same time, of whomever.
const COUNT_ON: &str = "SELECT id::text FROM sessions \
    WHERE id >= kogents_uuid_floor(now() - interval '60 days') \
    ORDER BY md5(id::text) LIMIT $1";

/// A person and a live session of theirs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject {
    pub(super) user: UserId,
    pub(super) session: SessionId,
    pub(super) workspace: Option<WorkspaceId>,
    pub(super) rotated_at: Timestamp,
}

/// Who is measured, and what is done on them.
pub(super) struct Subjects {
    /// Those that are measured on come after those that are not.
    all: Vec<Subject>,
    /// Sessions that are counted on, again and again, as those of the active are.
    pub(super) counted: Vec<SessionId>,
}

impl Subjects {
    /// Chooses as many as there are measurements, the same in the same database.
    pub(super) async fn choose(database: &Database, times: u32) -> Result<Self, Failure> {
        let wanted = i64::from(times.saturating_add(WARM_UPS));
        let now = SystemClock.now();
        let rows = database.client.query(CHOOSE, &[&wanted]).await?;
        let all: Result<Vec<Subject>, Failure> = rows.iter().map(|row| read(row, now)).collect();
        let all = all?;
        if i64::try_from(all.len())? < wanted {
            let told = "there are too few persons with a session: 10,000 sessions are the least";
            return Err(told.into());
        }
        revive(database, &all, now).await?;
        let rows = database.client.query(COUNT_ON, &[&COUNTED]).await?;
        let counted: Result<Vec<SessionId>, Failure> = rows
            .iter()
            .map(|row| Ok(SessionId::parse(row.try_get(0)?)?))
            .collect();
        Ok(Self {
            all,
            counted: counted?,
        })
    }

    /// Those that an operation is done on first.
    pub(super) fn warm_ups(&self) -> impl Iterator<Item = Subject> {
        self.all
            .iter()
            .copied()
            .take(usize::try_from(WARM_UPS).unwrap_or(0))
    }

    /// Those that it is measured on.
    pub(super) fn measured(&self) -> impl Iterator<Item = Subject> {
        self.all
            .iter()
            .copied()
            .skip(usize::try_from(WARM_UPS).unwrap_or(0))
    }
}

fn read(row: &Row, rotated_at: Timestamp) -> Result<Subject, Failure> {
    let workspace: Option<&str> = row.try_get(2)?;
    Ok(Subject {
        session: SessionId::parse(row.try_get(0)?)?,
        user: UserId::parse(row.try_get(1)?)?,
        workspace: workspace.map(WorkspaceId::parse).transpose()?,
        rotated_at,
    })
}

async fn revive(database: &Database, subjects: &[Subject], now: Timestamp) -> Outcome {
    let minter = minter();
    let revive = database.client.prepare(REVIVE).await?;
    let ends_at = now.plus(Span::from_secs(5 * 86_400)).as_millis();
    for subject in subjects {
        let digest = minter.refresh_digest(subject.session, 0);
        let (id, digest) = (subject.session.to_string(), digest.as_bytes().to_vec());
        let values: [&(dyn tokio_postgres::types::ToSql + Sync); 4] =
            [&id, &ends_at, &digest, &now.as_millis()];
        database.client.execute(&revive, &values).await?;
    }
    Ok(())
}
