//! Invitations.

mod invitation_row;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;
use kogents_domain::digest::Digest;
use kogents_domain::ids::{InvitationId, WorkspaceId};
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::{Invitation, InvitationRepository};
use uuid::Uuid;

pub(crate) use self::invitation_row::InvitationRow;
use crate::member_keys::Keys;
use crate::rows;
use crate::schema::invitations;
use crate::unit_of_work::{PgUnitOfWork, ask};

/// `$1` since when they have expired. A row that somebody is changing at this moment is passed over.
const SWEEP: &str = "WITH expired AS MATERIALIZED ( \
        SELECT id FROM invitations WHERE expires_at <= $1 \
        ORDER BY expires_at LIMIT 1000 FOR UPDATE SKIP LOCKED) \
    DELETE FROM invitations AS i USING expired WHERE i.id = expired.id";

#[async_trait]
impl InvitationRepository for PgUnitOfWork {
    async fn insert(&mut self, invitation: &Invitation) -> Result<(), StoreError> {
        // The index of those that are pending is to be read, and all are.
        let give_way = diesel::delete(invitations::table)
            .filter(invitations::workspace_id.eq(*invitation.workspace_id.as_uuid()))
            .filter(invitations::email_normalised.eq(invitation.email.normalised().to_owned()))
            .filter(invitations::accepted_at.is_null())
            .filter(invitations::revoked_at.is_null())
            .filter(invitations::expires_at.le(invitation.created_at.as_millis()));
        ask!(self, connection => give_way.execute(connection))?;
        let keys = Keys::of(invitation.name.as_str(), invitation.email.normalised());
        let insert = diesel::insert_into(invitations::table).values((
            InvitationRow::from(invitation),
            invitations::name_key.eq(keys.name),
            invitations::email_key.eq(keys.email),
        ));
        ask!(self, connection => insert.execute(connection))?;
        Ok(())
    }

    async fn find(
        &mut self,
        workspace: WorkspaceId,
        id: InvitationId,
    ) -> Result<Option<Invitation>, StoreError> {
        let query = invitations::table
            .find(*id.as_uuid())
            .filter(invitations::workspace_id.eq(*workspace.as_uuid()))
            .select(InvitationRow::as_select());
        let rows = ask!(self, connection => query.load(connection))?;
        rows::first(rows)
    }

    async fn find_open(
        &mut self,
        digest: &Digest,
        now: Timestamp,
    ) -> Result<Option<Invitation>, StoreError> {
        let query = invitations::table
            .filter(invitations::digest.eq(digest.as_bytes().to_vec()))
            .filter(invitations::expires_at.gt(now.as_millis()))
            .select(InvitationRow::as_select());
        let rows = ask!(self, connection => query.load(connection))?;
        rows::first(rows)
    }

    async fn consume(
        &mut self,
        digest: &Digest,
        now: Timestamp,
    ) -> Result<Option<Invitation>, StoreError> {
        // Whoever else does this at the same moment waits for the row and then finds none.
        let consume = diesel::delete(invitations::table)
            .filter(invitations::digest.eq(digest.as_bytes().to_vec()))
            .filter(invitations::expires_at.gt(now.as_millis()))
            .returning(InvitationRow::as_returning());
        let rows = ask!(self, connection => consume.get_results(connection))?;
        rows::first(rows)
    }

    async fn list(
        &mut self,
        workspace: WorkspaceId,
        limit: PageLimit,
        after: Option<InvitationId>,
    ) -> Result<Page<Invitation, InvitationId>, StoreError> {
        let before = after.map_or(Uuid::max(), |id| *id.as_uuid());
        let query = invitations::table
            .filter(invitations::workspace_id.eq(*workspace.as_uuid()))
            .filter(invitations::id.lt(before))
            .order(invitations::id.desc())
            // One more, to know whether more follow.
            .limit(i64::from(limit.get()) + 1)
            .select(InvitationRow::as_select());
        let mut rows: Vec<InvitationRow> = ask!(self, connection => query.load(connection))?;
        let most = usize::from(limit.get());
        let more = rows.len() > most;
        rows.truncate(most);
        let items: Vec<Invitation> = rows::all(rows)?;
        let next = items.last().filter(|_| more).map(|last| last.id);
        Ok(Page { items, next })
    }

    async fn count_open(
        &mut self,
        workspace: WorkspaceId,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let query = invitations::table
            .filter(invitations::workspace_id.eq(*workspace.as_uuid()))
            .filter(invitations::expires_at.gt(now.as_millis()))
            .count();
        let count = ask!(self, connection => query.get_result::<i64>(connection))?;
        rows::counter(count, "count of invitations")
    }

    async fn update(&mut self, invitation: &Invitation) -> Result<(), StoreError> {
        let update = diesel::update(invitations::table.find(*invitation.id.as_uuid()))
            .filter(invitations::workspace_id.eq(*invitation.workspace_id.as_uuid()))
            .set((
                invitations::role_id.eq(*invitation.role_id.as_uuid()),
                invitations::invited_by.eq(invitation.invited_by.map(|id| *id.as_uuid())),
                invitations::digest.eq(invitation.digest.as_bytes().to_vec()),
                invitations::expires_at.eq(invitation.expires_at.as_millis()),
                invitations::updated_at.eq(invitation.updated_at.as_millis()),
            ));
        ask!(self, connection => update.execute(connection))?;
        Ok(())
    }

    async fn delete(
        &mut self,
        workspace: WorkspaceId,
        id: InvitationId,
    ) -> Result<bool, StoreError> {
        let delete = diesel::delete(invitations::table.find(*id.as_uuid()))
            .filter(invitations::workspace_id.eq(*workspace.as_uuid()));
        Ok(ask!(self, connection => delete.execute(connection))? == 1)
    }

    async fn sweep(&mut self, now: Timestamp) -> Result<u64, StoreError> {
        let before = now.minus(Invitation::KEPT);
        let remove = sql_query(SWEEP).bind::<BigInt, _>(before.as_millis());
        let removed = ask!(self, connection => remove.execute(connection))?;
        Ok(rows::changed(removed))
    }
}
