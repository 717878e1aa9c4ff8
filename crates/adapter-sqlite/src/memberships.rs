//! Memberships: `MembershipRepository` on the table `memberships`.

pub(crate) mod keys;
mod row;
mod standing;

use async_trait::async_trait;
use diesel::dsl::count_star;
use diesel::prelude::*;
use kogents_domain::access::{Role, SystemRole};
use kogents_domain::auth::EmailAddress;
use kogents_domain::ids::{RoleId, UserId, WorkspaceId};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::{
    Membership, MembershipRepository, MembershipStatus, PersonMembership, Standing,
    WorkspaceOfPerson,
};

pub(crate) use self::row::MembershipRow;
use crate::columns::{count, id, id_bytes};
use crate::error::InvalidRow;
use crate::schema::{memberships, roles, users};
use crate::unit_of_work::SqliteUnitOfWork;

fn membership(row: Option<MembershipRow>) -> Result<Option<Membership>, InvalidRow> {
    row.map(Membership::try_from).transpose()
}

#[async_trait]
impl MembershipRepository for SqliteUnitOfWork {
    async fn insert(&mut self, membership: &Membership) -> Result<(), StoreError> {
        let row = MembershipRow::of(membership);
        let user = membership.user_id;
        self.run(move |conn| {
            let (name, email) = keys::of_person(conn, user)?;
            diesel::insert_into(memberships::table)
                .values((
                    row,
                    memberships::name_key.eq(name),
                    memberships::email_key.eq(email),
                ))
                .execute(conn)?;
            Ok(())
        })
        .await
    }

    async fn find(
        &mut self,
        workspace: WorkspaceId,
        user: UserId,
    ) -> Result<Option<Membership>, StoreError> {
        self.run(move |conn| {
            let row = memberships::table
                .find((id_bytes(workspace.as_uuid()), id_bytes(user.as_uuid())))
                .select(MembershipRow::as_select())
                .first(conn)
                .optional()?;
            Ok(membership(row)?)
        })
        .await
    }

    async fn find_by_email(
        &mut self,
        workspace: WorkspaceId,
        email: &EmailAddress,
    ) -> Result<Option<Membership>, StoreError> {
        let normalised = email.normalised().to_owned();
        self.run(move |conn| {
            let row = memberships::table
                .inner_join(users::table.on(users::id.eq(memberships::user_id)))
                .filter(memberships::workspace_id.eq(id_bytes(workspace.as_uuid())))
                .filter(users::email_normalised.eq(normalised))
                .select(MembershipRow::as_select())
                .first(conn)
                .optional()?;
            Ok(membership(row)?)
        })
        .await
    }

    async fn find_standing(
        &mut self,
        user: UserId,
        preferred: Option<WorkspaceId>,
    ) -> Result<Option<Standing>, StoreError> {
        self.run(move |conn| standing::find(conn, user, preferred))
            .await
    }

    async fn find_role(
        &mut self,
        workspace: WorkspaceId,
        user: UserId,
    ) -> Result<Option<Role>, StoreError> {
        self.run(move |conn| standing::find_role(conn, workspace, user))
            .await
    }

    async fn list_of_person(
        &mut self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<WorkspaceOfPerson>, StoreError> {
        self.run(move |conn| standing::list(conn, user, now)).await
    }

    async fn list_all_of_person(
        &mut self,
        user: UserId,
    ) -> Result<Vec<PersonMembership>, StoreError> {
        self.run(move |conn| standing::list_all(conn, user)).await
    }

    async fn count_of_person(&mut self, user: UserId) -> Result<u64, StoreError> {
        self.run(move |conn| {
            let found = memberships::table
                .filter(memberships::user_id.eq(id_bytes(user.as_uuid())))
                .select(count_star())
                .first(conn)?;
            Ok(count(found))
        })
        .await
    }

    async fn count(&mut self, workspace: WorkspaceId) -> Result<u64, StoreError> {
        self.run(move |conn| {
            let found = memberships::table
                .filter(memberships::workspace_id.eq(id_bytes(workspace.as_uuid())))
                .select(count_star())
                .first(conn)?;
            Ok(count(found))
        })
        .await
    }

    async fn count_active_admins(&mut self, workspace: WorkspaceId) -> Result<u64, StoreError> {
        self.run(move |conn| {
            let found = memberships::table
                .inner_join(roles::table.on(roles::id.eq(memberships::role_id)))
                .inner_join(users::table.on(users::id.eq(memberships::user_id)))
                .filter(memberships::workspace_id.eq(id_bytes(workspace.as_uuid())))
                .filter(memberships::status.eq(MembershipStatus::Active.as_str()))
                .filter(roles::system_key.eq(SystemRole::Admin.key()))
                .filter(users::suspended_at.is_null())
                .select(count_star())
                .first(conn)?;
            Ok(count(found))
        })
        .await
    }

    async fn list_users(
        &mut self,
        workspace: WorkspaceId,
        role: Option<RoleId>,
    ) -> Result<Vec<UserId>, StoreError> {
        self.run(move |conn| {
            let mut query = memberships::table
                .filter(memberships::workspace_id.eq(id_bytes(workspace.as_uuid())))
                .select(memberships::user_id)
                .into_boxed();
            if let Some(role) = role {
                query = query.filter(memberships::role_id.eq(id_bytes(role.as_uuid())));
            }
            let rows: Vec<Vec<u8>> = query.load(conn)?;
            let users = rows
                .iter()
                .map(|bytes| id(bytes, "memberships.user_id").map(UserId::from_uuid));
            Ok(users.collect::<Result<_, _>>()?)
        })
        .await
    }

    async fn update(&mut self, membership: &Membership) -> Result<(), StoreError> {
        let row = MembershipRow::of(membership);
        self.run(move |conn| {
            diesel::update(memberships::table.find((row.workspace_id, row.user_id)))
                .set((
                    memberships::role_id.eq(row.role_id),
                    memberships::status.eq(row.status),
                    memberships::updated_at.eq(row.updated_at),
                ))
                .execute(conn)?;
            Ok(())
        })
        .await
    }

    async fn delete(&mut self, workspace: WorkspaceId, user: UserId) -> Result<bool, StoreError> {
        self.run(move |conn| {
            let one =
                memberships::table.find((id_bytes(workspace.as_uuid()), id_bytes(user.as_uuid())));
            Ok(diesel::delete(one).execute(conn)? > 0)
        })
        .await
    }
}
