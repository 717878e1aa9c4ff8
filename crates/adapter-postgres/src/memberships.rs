//! Memberships.

mod counting;
mod membership_row;
mod of_person;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kogents_domain::access::Role;
use kogents_domain::auth::EmailAddress;
use kogents_domain::ids::{RoleId, UserId, WorkspaceId};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::{
    Membership, MembershipRepository, PersonMembership, Standing, WorkspaceOfPerson,
};
use uuid::Uuid;

pub(crate) use self::membership_row::MembershipRow;
use crate::member_keys::Keys;
use crate::rows;
use crate::schema::{memberships, users};
use crate::unit_of_work::{PgUnitOfWork, ask};

#[async_trait]
impl MembershipRepository for PgUnitOfWork {
    async fn insert(&mut self, membership: &Membership) -> Result<(), StoreError> {
        let query = users::table
            .find(*membership.user_id.as_uuid())
            .select((users::name, users::email_normalised));
        let rows: Vec<(String, String)> = ask!(self, connection => query.load(connection))?;
        let Some((name, email)) = rows.into_iter().next() else {
            return Err(StoreError::Failed(
                "a membership of a person who is not there".to_owned(),
            ));
        };
        let keys = Keys::of(&name, &email);
        let insert = diesel::insert_into(memberships::table).values((
            MembershipRow::from(membership),
            memberships::name_key.eq(keys.name),
            memberships::email_key.eq(keys.email),
        ));
        ask!(self, connection => insert.execute(connection))?;
        Ok(())
    }

    async fn find(
        &mut self,
        workspace: WorkspaceId,
        user: UserId,
    ) -> Result<Option<Membership>, StoreError> {
        let query = memberships::table
            .find((*workspace.as_uuid(), *user.as_uuid()))
            .select(MembershipRow::as_select());
        let rows = ask!(self, connection => query.load(connection))?;
        rows::first(rows)
    }

    async fn find_by_email(
        &mut self,
        workspace: WorkspaceId,
        email: &EmailAddress,
    ) -> Result<Option<Membership>, StoreError> {
        let query = memberships::table
            .inner_join(users::table)
            .filter(memberships::workspace_id.eq(*workspace.as_uuid()))
            .filter(users::email_normalised.eq(email.normalised().to_owned()))
            .select(MembershipRow::as_select());
        let rows = ask!(self, connection => query.load(connection))?;
        rows::first(rows)
    }

    async fn find_standing(
        &mut self,
        user: UserId,
        preferred: Option<WorkspaceId>,
    ) -> Result<Option<Standing>, StoreError> {
        of_person::find_standing(self, user, preferred).await
    }

    async fn find_role(
        &mut self,
        workspace: WorkspaceId,
        user: UserId,
    ) -> Result<Option<Role>, StoreError> {
        of_person::find_role(self, workspace, user).await
    }

    async fn list_of_person(
        &mut self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<WorkspaceOfPerson>, StoreError> {
        of_person::list(self, user, now).await
    }

    async fn list_all_of_person(
        &mut self,
        user: UserId,
    ) -> Result<Vec<PersonMembership>, StoreError> {
        of_person::list_all(self, user).await
    }

    async fn count_of_person(&mut self, user: UserId) -> Result<u64, StoreError> {
        counting::of_person(self, user).await
    }

    async fn count(&mut self, workspace: WorkspaceId) -> Result<u64, StoreError> {
        counting::of_workspace(self, workspace).await
    }

    async fn count_active_admins(&mut self, workspace: WorkspaceId) -> Result<u64, StoreError> {
        counting::of_active_admins(self, workspace).await
    }

    async fn list_users(
        &mut self,
        workspace: WorkspaceId,
        role: Option<RoleId>,
    ) -> Result<Vec<UserId>, StoreError> {
        let mut query = memberships::table
            .filter(memberships::workspace_id.eq(*workspace.as_uuid()))
            .order(memberships::user_id.asc())
            .select(memberships::user_id)
            .into_boxed();
        if let Some(role) = role {
            query = query.filter(memberships::role_id.eq(*role.as_uuid()));
        }
        let rows: Vec<Uuid> = ask!(self, connection => query.load(connection))?;
        Ok(rows.into_iter().map(UserId::from_uuid).collect())
    }

    async fn update(&mut self, membership: &Membership) -> Result<(), StoreError> {
        let of_person = memberships::table.find((
            *membership.workspace_id.as_uuid(),
            *membership.user_id.as_uuid(),
        ));
        let update = diesel::update(of_person).set((
            memberships::role_id.eq(*membership.role_id.as_uuid()),
            memberships::status.eq(membership.status.as_str()),
            memberships::updated_at.eq(membership.updated_at.as_millis()),
        ));
        ask!(self, connection => update.execute(connection))?;
        Ok(())
    }

    async fn delete(&mut self, workspace: WorkspaceId, user: UserId) -> Result<bool, StoreError> {
        let of_person = memberships::table.find((*workspace.as_uuid(), *user.as_uuid()));
        let delete = diesel::delete(of_person);
        Ok(ask!(self, connection => delete.execute(connection))? == 1)
    }
}
