//! Persons.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kogents_domain::auth::{
    EmailAddress, PasswordHash, PersonName, User, UserFilter, UserRepository,
};
use kogents_domain::ids::{SignupId, UserId, WorkspaceId};
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::HttpsUrl;
use uuid::Uuid;

use crate::error::{unreadable, unwritable};
use crate::fixed::FixedText as _;
use crate::member_keys::Keys;
use crate::rows;
use crate::schema::users;
use crate::unit_of_work::{PgUnitOfWork, ask};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(
    table_name = users,
    treat_none_as_default_value = false,
    check_for_backend(diesel::pg::Pg)
)]
pub(crate) struct UserRow {
    id: Uuid,
    email: String,
    email_normalised: String,
    name: String,
    phone: Option<String>,
    avatar_url: Option<String>,
    password_hash: String,
    language: Option<String>,
    notify_new_device: bool,
    suspended_at: Option<i64>,
    first_touch: String,
    last_workspace_id: Option<Uuid>,
    signup_id: Uuid,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<&User> for UserRow {
    type Error = StoreError;
    fn try_from(user: &User) -> Result<Self, StoreError> {
        Ok(Self {
            id: *user.id.as_uuid(),
            email: user.email.as_given().to_owned(),
            email_normalised: user.email.normalised().to_owned(),
            name: user.name.as_str().to_owned(),
            phone: user.phone.as_ref().map(|phone| phone.as_str().to_owned()),
            avatar_url: user.avatar_url.as_ref().map(|url| url.as_str().to_owned()),
            password_hash: user.password_hash.expose().to_owned(),
            language: user.language.as_ref().map(|tag| tag.as_str().to_owned()),
            notify_new_device: user.notify_new_device,
            suspended_at: user.suspended_at.map(Timestamp::as_millis),
            first_touch: serde_json::to_string(&user.first_touch)
                .map_err(|error| unwritable("users.first_touch", &error))?,
            last_workspace_id: user.last_workspace_id.map(|id| *id.as_uuid()),
            signup_id: *user.signup_id.as_uuid(),
            created_at: user.created_at.as_millis(),
            updated_at: user.updated_at.as_millis(),
        })
    }
}

impl TryFrom<UserRow> for User {
    type Error = StoreError;
    fn try_from(row: UserRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: UserId::from_uuid(row.id),
            email: EmailAddress::from_stored(&row.email, &row.email_normalised)
                .map_err(|_| unreadable("users.email"))?,
            name: PersonName::parse(&row.name).map_err(|_| unreadable("users.name"))?,
            phone: rows::phone(row.phone.as_deref(), "users.phone")?,
            // One that was brought in from elsewhere and does not fit keeps nobody from signing in.
            avatar_url: row.avatar_url.and_then(|url| HttpsUrl::parse(&url).ok()),
            password_hash: PasswordHash::new(row.password_hash),
            language: rows::language(row.language.as_deref(), "users.language")?,
            notify_new_device: row.notify_new_device,
            suspended_at: rows::moment(row.suspended_at),
            first_touch: serde_json::from_str(&row.first_touch)
                .map_err(|_| unreadable("users.first_touch"))?,
            last_workspace_id: row.last_workspace_id.map(WorkspaceId::from_uuid),
            signup_id: SignupId::from_uuid(row.signup_id),
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: Timestamp::from_millis(row.updated_at),
        })
    }
}

#[async_trait]
impl UserRepository for PgUnitOfWork {
    async fn insert(&mut self, user: &User) -> Result<(), StoreError> {
        let row = UserRow::try_from(user)?;
        ask!(self, connection => diesel::insert_into(users::table).values(row).execute(connection))?;
        Ok(())
    }

    async fn find(&mut self, id: UserId) -> Result<Option<User>, StoreError> {
        let query = users::table
            .find(*id.as_uuid())
            .select(UserRow::as_select());
        let rows = ask!(self, connection => query.load(connection))?;
        rows.into_iter().next().map(User::try_from).transpose()
    }

    async fn find_by_email(&mut self, email: &EmailAddress) -> Result<Option<User>, StoreError> {
        let query = users::table
            .filter(users::email_normalised.eq(email.normalised().to_owned()))
            .select(UserRow::as_select());
        let rows = ask!(self, connection => query.load(connection))?;
        rows.into_iter().next().map(User::try_from).transpose()
    }

    async fn find_for_update(&mut self, id: UserId) -> Result<Option<User>, StoreError> {
        // Other rows may go on referring to the person meanwhile.
        let query = users::table
            .find(*id.as_uuid())
            .select(UserRow::as_select())
            .for_no_key_update();
        let rows = ask!(self, connection => query.load(connection))?;
        rows.into_iter().next().map(User::try_from).transpose()
    }

    async fn lock_all(&mut self, ids: &[UserId]) -> Result<(), StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| *id.as_uuid()).collect();
        let query = users::table
            .filter(users::id.eq_any(ids))
            .order(users::id.asc())
            .select(users::id)
            .for_no_key_update();
        ask!(self, connection => query.load::<Uuid>(connection))?;
        Ok(())
    }

    async fn replace_password_hash(
        &mut self,
        id: UserId,
        old: &PasswordHash,
        new: &PasswordHash,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let update = diesel::update(users::table.find(*id.as_uuid()))
            .filter(users::password_hash.eq(old.expose().to_owned()))
            .set((
                users::password_hash.eq(new.expose().to_owned()),
                users::updated_at.eq(now.as_millis()),
            ))
            .fixed();
        let changed = ask!(self, connection => update.execute(connection))?;
        Ok(changed == 1)
    }

    async fn set_email(
        &mut self,
        id: UserId,
        email: &EmailAddress,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let update = diesel::update(users::table.find(*id.as_uuid()))
            .set((
                users::email.eq(email.as_given().to_owned()),
                users::email_normalised.eq(email.normalised().to_owned()),
                users::updated_at.eq(now.as_millis()),
            ))
            .returning((users::name, users::email_normalised))
            .fixed();
        let rows: Vec<(String, String)> = ask!(self, connection => update.get_results(connection))?;
        let Some((name, email)) = rows.into_iter().next() else {
            return Ok(());
        };
        self.set_member_keys(id, Keys::of(&name, &email)).await
    }

    async fn set_last_workspace(
        &mut self,
        id: UserId,
        workspace: Option<WorkspaceId>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let update = diesel::update(users::table.find(*id.as_uuid()))
            .set((
                users::last_workspace_id.eq(workspace.map(|id| *id.as_uuid())),
                users::updated_at.eq(now.as_millis()),
            ))
            .fixed();
        ask!(self, connection => update.execute(connection))?;
        Ok(())
    }

    async fn update_profile(&mut self, user: &User) -> Result<(), StoreError> {
        let row = UserRow::try_from(user)?;
        let update = diesel::update(users::table.find(row.id))
            .set((
                users::name.eq(row.name),
                users::phone.eq(row.phone),
                users::avatar_url.eq(row.avatar_url),
                users::language.eq(row.language),
                users::notify_new_device.eq(row.notify_new_device),
                users::updated_at.eq(row.updated_at),
            ))
            .returning((users::name, users::email_normalised))
            .fixed();
        let rows: Vec<(String, String)> = ask!(self, connection => update.get_results(connection))?;
        let Some((name, email)) = rows.into_iter().next() else {
            return Ok(());
        };
        self.set_member_keys(user.id, Keys::of(&name, &email)).await
    }

    async fn set_suspended(
        &mut self,
        id: UserId,
        since: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let update = diesel::update(users::table.find(*id.as_uuid()))
            .set((
                users::suspended_at.eq(since.map(Timestamp::as_millis)),
                users::updated_at.eq(now.as_millis()),
            ))
            .fixed();
        ask!(self, connection => update.execute(connection))?;
        Ok(())
    }

    async fn list(
        &mut self,
        filter: &UserFilter,
        limit: PageLimit,
        after: Option<UserId>,
    ) -> Result<Page<User, UserId>, StoreError> {
        let before = after.map_or(Uuid::max(), |id| *id.as_uuid());
        let mut query = users::table
            .filter(users::id.lt(before))
            .order(users::id.desc())
            // One more, to know whether more follow.
            .limit(i64::from(limit.get()) + 1)
            .select(UserRow::as_select())
            .into_boxed();
        if filter.suspended {
            query = query.filter(users::suspended_at.is_not_null());
        }
        if let Some(pattern) = filter.pattern() {
            let address = users::email_normalised.ilike(pattern.clone());
            query = query.filter(address.or(users::name.ilike(pattern)));
        }
        let mut rows: Vec<UserRow> = ask!(self, connection => query.load(connection))?;
        let most = usize::from(limit.get());
        let more = rows.len() > most;
        rows.truncate(most);
        let read: Result<Vec<User>, StoreError> = rows.into_iter().map(User::try_from).collect();
        let items = read?;
        let next = items.last().filter(|_| more).map(|user| user.id);
        Ok(Page { items, next })
    }

    async fn delete(&mut self, id: UserId) -> Result<bool, StoreError> {
        let delete = diesel::delete(users::table.find(*id.as_uuid()));
        Ok(ask!(self, connection => delete.execute(connection))? == 1)
    }
}
