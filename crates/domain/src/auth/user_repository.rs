//! The port that keeps persons.

use async_trait::async_trait;

use super::{EmailAddress, PasswordHash, User};
use crate::ids::{UserId, WorkspaceId};
use crate::page::{Page, PageLimit};
use crate::store::StoreError;
use crate::time::Timestamp;

/// Which persons an operator looks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserFilter {
    /// Those with this part in address or name, the letters A to Z in either case; None: all.
    pub part: Option<String>,
    /// Those who are suspended only.
    pub suspended: bool,
}

impl UserFilter {
    /// The part as a pattern of SQL's `LIKE`, with `\\` before what is not to stand for anything.
    #[must_use]
    pub fn pattern(&self) -> Option<String> {
        let part = self.part.as_ref()?;
        let escaped = part.chars().fold(String::new(), |mut text, c| {
            if matches!(c, '%' | '_' | '\\') {
                text.push('\\');
            }
            text.push(c);
            text
        });
        Some(format!("%{escaped}%"))
    }
}

/// Keeps persons. Growth: one row per confirmed signup or accepted invitation.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait UserRepository: Send {
    /// Adds a person.
    ///
    /// # Errors
    /// `Conflict(UserEmail)` when the address has an account, `Conflict(UserSignup)` when the
    /// signup already made one, else [`StoreError`].
    async fn insert(&mut self, user: &User) -> Result<(), StoreError>;

    /// The person with an id.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn find(&mut self, id: UserId) -> Result<Option<User>, StoreError>;

    /// The person with an address, by its normalised form.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn find_by_email(&mut self, email: &EmailAddress) -> Result<Option<User>, StoreError>;

    /// Locks the person's row until the unit of work ends and gives the person: whoever opens or
    /// ends several sessions of one person does this first.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn find_for_update(&mut self, id: UserId) -> Result<Option<User>, StoreError>;

    /// Locks the rows of several persons until the unit of work ends, in the order of their ids, so
    /// that no two units wait for each other. Who is not there is passed over.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn lock_all(&mut self, ids: &[UserId]) -> Result<(), StoreError>;

    /// Replaces the password's hash, unless it is no longer `old`. Says whether it did.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn replace_password_hash(
        &mut self,
        id: UserId,
        old: &PasswordHash,
        new: &PasswordHash,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Gives the person another address, which they have proven. The directories of their
    /// workspaces find them by it from then on.
    ///
    /// # Errors
    /// `Conflict(UserEmail)` when the address has an account, else [`StoreError`].
    async fn set_email(
        &mut self,
        id: UserId,
        email: &EmailAddress,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Remembers the workspace to open the next session in.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn set_last_workspace(
        &mut self,
        id: UserId,
        workspace: Option<WorkspaceId>,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Writes what a person says of themselves: name, phone, avatar, language, whether new devices
    /// are mailed, and when it was changed. The directories of their workspaces find them by the
    /// name from then on.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn update_profile(&mut self, user: &User) -> Result<(), StoreError>;

    /// Suspends a person since a moment, or lets them in again. Their sessions are not touched.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn set_suspended(
        &mut self,
        id: UserId,
        since: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Persons for an operator, the newest first, those after `after`. With a part of an address or
    /// a name nothing but reading them one by one finds who has it.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn list(
        &mut self,
        filter: &UserFilter,
        limit: PageLimit,
        after: Option<UserId>,
    ) -> Result<Page<User, UserId>, StoreError>;

    /// Deletes a person, and with them their memberships, devices and mailed tokens. Their sessions
    /// and the audit log are not touched. Says whether they were there.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn delete(&mut self, id: UserId) -> Result<bool, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_others_in_a_pattern_is_escaped() {
        let pattern = |part: &str| {
            let filter = UserFilter {
                part: Some(part.to_owned()),
                suspended: false,
            };
            filter.pattern()
        };
        assert_eq!(pattern("ada@").as_deref(), Some("%ada@%"));
        assert_eq!(pattern(r"a_b%c\d").as_deref(), Some(r"%a\_b\%c\\d%"));
        assert_eq!(UserFilter::default().pattern(), None);
    }
}
