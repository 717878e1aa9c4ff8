//! Persons: `UserRepository` on the table `users`.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use kogents_domain::auth::{
    EmailAddress, FirstTouch, Language, PasswordHash, PersonName, PhoneNumber, User, UserFilter,
    UserRepository,
};
use kogents_domain::ids::{SignupId, UserId, WorkspaceId};
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::session::{Coordinate, ScreenResolution, TimeZoneName};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::HttpsUrl;
use uuid::Uuid;

use crate::columns::{from_json, id, id_bytes, json, moment, parsed, parsed_opt, unchanged};
use crate::error::InvalidRow;
use crate::fixed::FixedText as _;
use crate::memberships::keys;
use crate::schema::users;
use crate::unit_of_work::SqliteUnitOfWork;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = users, treat_none_as_default_value = false, check_for_backend(Sqlite))]
pub(crate) struct UserRow {
    id: Vec<u8>,
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
    last_workspace_id: Option<Vec<u8>>,
    signup_id: Vec<u8>,
    created_at: i64,
    updated_at: i64,
}

impl UserRow {
    fn of(user: &User) -> Result<Self, InvalidRow> {
        Ok(Self {
            id: id_bytes(user.id.as_uuid()),
            email: user.email.as_given().to_owned(),
            email_normalised: user.email.normalised().to_owned(),
            name: user.name.as_str().to_owned(),
            phone: user.phone.as_ref().map(|phone| phone.as_str().to_owned()),
            avatar_url: user.avatar_url.as_ref().map(|url| url.as_str().to_owned()),
            password_hash: user.password_hash.expose().to_owned(),
            language: user.language.as_ref().map(|tag| tag.as_str().to_owned()),
            notify_new_device: user.notify_new_device,
            suspended_at: user.suspended_at.map(Timestamp::as_millis),
            first_touch: json(&user.first_touch, "users.first_touch")?,
            last_workspace_id: user.last_workspace_id.map(|id| id_bytes(id.as_uuid())),
            signup_id: id_bytes(user.signup_id.as_uuid()),
            created_at: user.created_at.as_millis(),
            updated_at: user.updated_at.as_millis(),
        })
    }
}

impl TryFrom<UserRow> for User {
    type Error = InvalidRow;

    fn try_from(row: UserRow) -> Result<Self, InvalidRow> {
        Ok(Self {
            id: UserId::from_uuid(id(&row.id, "users.id")?),
            email: EmailAddress::from_stored(&row.email, &row.email_normalised)
                .map_err(|_| InvalidRow("users.email"))?,
            name: parsed(&row.name, PersonName::parse, "users.name")?,
            phone: parsed_opt(row.phone, PhoneNumber::parse, "users.phone")?,
            // One that was brought in from elsewhere and does not fit keeps nobody from signing in.
            avatar_url: row.avatar_url.and_then(|url| HttpsUrl::parse(&url).ok()),
            password_hash: PasswordHash::new(row.password_hash),
            language: parsed_opt(row.language, Language::parse, "users.language")?,
            notify_new_device: row.notify_new_device,
            suspended_at: moment(row.suspended_at),
            first_touch: first_touch(&row.first_touch)?,
            last_workspace_id: row
                .last_workspace_id
                .map(|bytes| id(&bytes, "users.last_workspace_id").map(WorkspaceId::from_uuid))
                .transpose()?,
            signup_id: SignupId::from_uuid(id(&row.signup_id, "users.signup_id")?),
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: Timestamp::from_millis(row.updated_at),
        })
    }
}

/// The document, with what the frontend computes checked as it was when it came in.
fn first_touch(text: &str) -> Result<FirstTouch, InvalidRow> {
    const COLUMN: &str = "users.first_touch";
    let touch: FirstTouch = from_json(text, COLUMN)?;
    let told = &touch.analytics;
    if let Some(point) = &told.coordinate {
        unchanged(
            point,
            Coordinate::new(point.latitude(), point.longitude()),
            COLUMN,
        )?;
    }
    if let Some(zone) = &told.timezone {
        unchanged(zone, TimeZoneName::parse(zone.as_str()), COLUMN)?;
    }
    if let Some(language) = &told.language {
        unchanged(language, Language::parse(language.as_str()), COLUMN)?;
    }
    if let Some(screen) = &told.screen_resolution {
        unchanged(screen, ScreenResolution::parse(screen.as_str()), COLUMN)?;
    }
    Ok(touch)
}

fn user(row: Option<UserRow>) -> Result<Option<User>, InvalidRow> {
    row.map(User::try_from).transpose()
}

#[async_trait]
impl UserRepository for SqliteUnitOfWork {
    async fn insert(&mut self, user: &User) -> Result<(), StoreError> {
        let row = UserRow::of(user);
        self.run(move |conn| {
            diesel::insert_into(users::table)
                .values(row?)
                .execute(conn)?;
            Ok(())
        })
        .await
    }

    async fn find(&mut self, id: UserId) -> Result<Option<User>, StoreError> {
        self.run(move |conn| {
            let row = users::table
                .find(id_bytes(id.as_uuid()))
                .select(UserRow::as_select())
                .first(conn)
                .optional()?;
            Ok(user(row)?)
        })
        .await
    }

    async fn find_by_email(&mut self, email: &EmailAddress) -> Result<Option<User>, StoreError> {
        let normalised = email.normalised().to_owned();
        self.run(move |conn| {
            let row = users::table
                .filter(users::email_normalised.eq(normalised))
                .select(UserRow::as_select())
                .first(conn)
                .optional()?;
            Ok(user(row)?)
        })
        .await
    }

    /// The lock is the whole database's, and a unit of work that writes has it already.
    async fn find_for_update(&mut self, id: UserId) -> Result<Option<User>, StoreError> {
        UserRepository::find(self, id).await
    }

    /// The unit of work holds the only writer.
    async fn lock_all(&mut self, _: &[UserId]) -> Result<(), StoreError> {
        Ok(())
    }

    async fn replace_password_hash(
        &mut self,
        id: UserId,
        old: &PasswordHash,
        new: &PasswordHash,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (old, new) = (old.expose().to_owned(), new.expose().to_owned());
        self.run(move |conn| {
            let unchanged = users::table
                .find(id_bytes(id.as_uuid()))
                .filter(users::password_hash.eq(old));
            let replaced = diesel::update(unchanged)
                .set((
                    users::password_hash.eq(new),
                    users::updated_at.eq(now.as_millis()),
                ))
                .fixed()
                .execute(conn)?;
            Ok(replaced > 0)
        })
        .await
    }

    async fn set_email(
        &mut self,
        id: UserId,
        email: &EmailAddress,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let given = email.as_given().to_owned();
        let normalised = email.normalised().to_owned();
        self.run(move |conn| {
            diesel::update(users::table.find(id_bytes(id.as_uuid())))
                .set((
                    users::email.eq(given),
                    users::email_normalised.eq(normalised),
                    users::updated_at.eq(now.as_millis()),
                ))
                .fixed()
                .execute(conn)?;
            keys::follow(conn, id)
        })
        .await
    }

    async fn set_last_workspace(
        &mut self,
        id: UserId,
        workspace: Option<WorkspaceId>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(move |conn| {
            diesel::update(users::table.find(id_bytes(id.as_uuid())))
                .set((
                    users::last_workspace_id.eq(workspace.map(|id| id_bytes(id.as_uuid()))),
                    users::updated_at.eq(now.as_millis()),
                ))
                .fixed()
                .execute(conn)?;
            Ok(())
        })
        .await
    }

    async fn update_profile(&mut self, user: &User) -> Result<(), StoreError> {
        let id = user.id;
        let row = UserRow::of(user);
        self.run(move |conn| {
            let row = row?;
            diesel::update(users::table.find(row.id))
                .set((
                    users::name.eq(row.name),
                    users::phone.eq(row.phone),
                    users::avatar_url.eq(row.avatar_url),
                    users::language.eq(row.language),
                    users::notify_new_device.eq(row.notify_new_device),
                    users::updated_at.eq(row.updated_at),
                ))
                .fixed()
                .execute(conn)?;
            keys::follow(conn, id)
        })
        .await
    }

    async fn set_suspended(
        &mut self,
        id: UserId,
        since: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(move |conn| {
            diesel::update(users::table.find(id_bytes(id.as_uuid())))
                .set((
                    users::suspended_at.eq(since.map(Timestamp::as_millis)),
                    users::updated_at.eq(now.as_millis()),
                ))
                .fixed()
                .execute(conn)?;
            Ok(())
        })
        .await
    }

    async fn list(
        &mut self,
        filter: &UserFilter,
        limit: PageLimit,
        after: Option<UserId>,
    ) -> Result<Page<User, UserId>, StoreError> {
        let (pattern, suspended) = (filter.pattern(), filter.suspended);
        self.run(move |conn| {
            let before = after.map_or(Uuid::max(), |id| *id.as_uuid());
            let mut query = users::table
                .filter(users::id.lt(id_bytes(&before)))
                .order(users::id.desc())
                // One more, to know whether more follow.
                .limit(i64::from(limit.get()) + 1)
                .select(UserRow::as_select())
                .into_boxed();
            if suspended {
                query = query.filter(users::suspended_at.is_not_null());
            }
            if let Some(pattern) = pattern {
                let address = users::email_normalised.like(pattern.clone()).escape('\\');
                query = query.filter(address.or(users::name.like(pattern).escape('\\')));
            }
            let mut rows: Vec<UserRow> = query.load(conn)?;
            let most = usize::from(limit.get());
            let more = rows.len() > most;
            rows.truncate(most);
            let read: Result<Vec<User>, InvalidRow> =
                rows.into_iter().map(User::try_from).collect();
            let items = read?;
            let next = items.last().filter(|_| more).map(|user| user.id);
            Ok(Page { items, next })
        })
        .await
    }

    async fn delete(&mut self, id: UserId) -> Result<bool, StoreError> {
        self.run(move |conn| {
            let person = users::table.find(id_bytes(id.as_uuid()));
            Ok(diesel::delete(person).execute(conn)? > 0)
        })
        .await
    }
}
