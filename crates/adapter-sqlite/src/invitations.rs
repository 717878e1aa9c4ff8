//! Invitations: `InvitationRepository` on the table `invitations`.

mod row;

use async_trait::async_trait;
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;
use kogents_domain::digest::Digest;
use kogents_domain::ids::{InvitationId, WorkspaceId};
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::store::StoreError;
use kogents_domain::text::search_key;
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::{Invitation, InvitationRepository};
use uuid::Uuid;

pub(crate) use self::row::InvitationRow;
use crate::columns::{count, digest_bytes, id_bytes, touched};
use crate::error::InvalidRow;
use crate::schema::invitations;
use crate::unit_of_work::SqliteUnitOfWork;

/// `?1` when those expired that are kept no longer.
const SWEEP: &str = "DELETE FROM invitations WHERE id IN (SELECT id FROM invitations \
    WHERE expires_at <= ?1 ORDER BY expires_at LIMIT 1000)";

fn invitation(row: Option<InvitationRow>) -> Result<Option<Invitation>, InvalidRow> {
    row.map(Invitation::try_from).transpose()
}

#[async_trait]
impl InvitationRepository for SqliteUnitOfWork {
    async fn insert(&mut self, invitation: &Invitation) -> Result<(), StoreError> {
        let row = InvitationRow::of(invitation);
        let name = search_key(invitation.name.as_str());
        let email = search_key(invitation.email.normalised());
        self.run(move |conn| {
            // The rows that the unique index knows.
            let expired = invitations::table
                .filter(invitations::workspace_id.eq(&row.workspace_id))
                .filter(invitations::email_normalised.eq(&row.email_normalised))
                .filter(invitations::accepted_at.is_null())
                .filter(invitations::revoked_at.is_null())
                .filter(invitations::expires_at.le(row.created_at));
            diesel::delete(expired).execute(conn)?;
            diesel::insert_into(invitations::table)
                .values((
                    row,
                    invitations::name_key.eq(name),
                    invitations::email_key.eq(email),
                ))
                .execute(conn)?;
            Ok(())
        })
        .await
    }

    async fn find(
        &mut self,
        workspace: WorkspaceId,
        id: InvitationId,
    ) -> Result<Option<Invitation>, StoreError> {
        self.run(move |conn| {
            let row = invitations::table
                .find(id_bytes(id.as_uuid()))
                .filter(invitations::workspace_id.eq(id_bytes(workspace.as_uuid())))
                .select(InvitationRow::as_select())
                .first(conn)
                .optional()?;
            Ok(invitation(row)?)
        })
        .await
    }

    async fn find_open(
        &mut self,
        digest: &Digest,
        now: Timestamp,
    ) -> Result<Option<Invitation>, StoreError> {
        let digest = digest_bytes(digest);
        self.run(move |conn| {
            let row = invitations::table
                .filter(invitations::digest.eq(digest))
                .filter(invitations::expires_at.gt(now.as_millis()))
                .select(InvitationRow::as_select())
                .first(conn)
                .optional()?;
            Ok(invitation(row)?)
        })
        .await
    }

    async fn consume(
        &mut self,
        digest: &Digest,
        now: Timestamp,
    ) -> Result<Option<Invitation>, StoreError> {
        let digest = digest_bytes(digest);
        self.run(move |conn| {
            let open = invitations::table
                .filter(invitations::digest.eq(digest))
                .filter(invitations::expires_at.gt(now.as_millis()));
            let row = diesel::delete(open)
                .returning(InvitationRow::as_returning())
                .get_result(conn)
                .optional()?;
            Ok(invitation(row)?)
        })
        .await
    }

    /// Ids carry the moment they were made at, so that the newest are the greatest.
    async fn list(
        &mut self,
        workspace: WorkspaceId,
        limit: PageLimit,
        after: Option<InvitationId>,
    ) -> Result<Page<Invitation, InvitationId>, StoreError> {
        let before = after.map_or(Uuid::max(), |id| *id.as_uuid());
        self.run(move |conn| {
            let mut rows = invitations::table
                .filter(invitations::workspace_id.eq(id_bytes(workspace.as_uuid())))
                .filter(invitations::id.lt(id_bytes(&before)))
                .order(invitations::id.desc())
                // One more, to know whether more follow.
                .limit(i64::from(limit.get()).saturating_add(1))
                .select(InvitationRow::as_select())
                .load(conn)?;
            let wanted = usize::from(limit.get());
            let more = rows.len() > wanted;
            rows.truncate(wanted);
            let items: Vec<Invitation> = rows
                .into_iter()
                .map(Invitation::try_from)
                .collect::<Result<_, _>>()?;
            let next = items.last().filter(|_| more).map(|last| last.id);
            Ok(Page { items, next })
        })
        .await
    }

    async fn count_open(
        &mut self,
        workspace: WorkspaceId,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        self.run(move |conn| {
            let found = invitations::table
                .filter(invitations::workspace_id.eq(id_bytes(workspace.as_uuid())))
                .filter(invitations::expires_at.gt(now.as_millis()))
                .select(count_star())
                .first(conn)?;
            Ok(count(found))
        })
        .await
    }

    async fn update(&mut self, invitation: &Invitation) -> Result<(), StoreError> {
        let row = InvitationRow::of(invitation);
        self.run(move |conn| {
            let one = invitations::table
                .find(row.id)
                .filter(invitations::workspace_id.eq(row.workspace_id));
            diesel::update(one)
                .set((
                    invitations::role_id.eq(row.role_id),
                    invitations::invited_by.eq(row.invited_by),
                    invitations::digest.eq(row.digest),
                    invitations::expires_at.eq(row.expires_at),
                    invitations::updated_at.eq(row.updated_at),
                ))
                .execute(conn)?;
            Ok(())
        })
        .await
    }

    async fn delete(
        &mut self,
        workspace: WorkspaceId,
        id: InvitationId,
    ) -> Result<bool, StoreError> {
        self.run(move |conn| {
            let one = invitations::table
                .find(id_bytes(id.as_uuid()))
                .filter(invitations::workspace_id.eq(id_bytes(workspace.as_uuid())));
            Ok(diesel::delete(one).execute(conn)? > 0)
        })
        .await
    }

    async fn sweep(&mut self, now: Timestamp) -> Result<u64, StoreError> {
        self.run(move |conn| {
            let removed = sql_query(SWEEP)
                .bind::<BigInt, _>(now.minus(Invitation::KEPT).as_millis())
                .execute(conn)?;
            Ok(touched(removed))
        })
        .await
    }
}
