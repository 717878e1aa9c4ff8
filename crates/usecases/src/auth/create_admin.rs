//! Makes an account and its workspace without any mail: an operator's deed, for the first start.

use std::sync::Arc;

use kogents_domain::auth::{
    EmailAddress, HashError, NewPassword, NewUser, PasswordHasher, PasswordStrength, PersonName,
    User,
};
use kogents_domain::digest::Digester;
use kogents_domain::ids::{IdGenerator, SignupId, UserId, WorkspaceId};
use kogents_domain::random::SecureRandom;
use kogents_domain::session::Analytics;
use kogents_domain::signup::WorkspaceDraft;
use kogents_domain::store::{Constraint, Scope, Store, StoreError};
use kogents_domain::time::Clock;
use kogents_domain::workspace::{ApiTokenSecret, Workspace};

use crate::audit::{AuditDesk, Doer};
use crate::signup::SignUp;
use crate::workspace::Founder;

/// Whom to make, and what they are to be the admin of.
#[derive(Debug, Clone)]
pub struct CreateAdminCommand {
    /// Their address, which the operator vouches for.
    pub email: EmailAddress,
    /// Their name.
    pub name: PersonName,
    /// Their password.
    pub password: NewPassword,
    /// Their workspace.
    pub workspace: WorkspaceDraft,
}

/// An account that was just made.
#[derive(Debug, Clone, PartialEq)]
pub struct CreatedAdmin {
    /// The person.
    pub user: User,
    /// The workspace.
    pub workspace: Workspace,
    /// Its API token, shown this once.
    pub api_token: ApiTokenSecret,
}

/// Why nothing was made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CreateAdminError {
    /// The password is too easily guessed.
    #[error(
        "the password is too easily guessed; use more words or characters that are not about \
             the person"
    )]
    WeakPassword,
    /// The address has an account.
    #[error("the address has an account already")]
    EmailTaken,
    /// Another workspace has the slug.
    #[error("another workspace has the slug")]
    SlugTaken,
    /// No hash of the password.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The store.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for CreateAdminError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Constraint::UserEmail) => Self::EmailTaken,
            StoreError::Conflict(Constraint::WorkspaceSlug) => Self::SlugTaken,
            StoreError::Conflict(_) | StoreError::Unavailable(_) | StoreError::Failed(_) => {
                Self::Store(error)
            }
        }
    }
}

/// Makes an account whose address counts as confirmed, and a workspace with that person as its
/// admin. The rules for what is chosen are those of signing up.
pub struct CreateAdmin {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Hashes the password.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Judges it.
    pub strength: Arc<dyn PasswordStrength>,
    /// Makes the digest of the API token.
    pub digester: Arc<dyn Digester>,
    /// Makes the API token.
    pub random: Arc<dyn SecureRandom>,
    /// Tells of what was made.
    pub audit: Arc<AuditDesk>,
    /// Makes ids.
    pub ids: Arc<dyn IdGenerator>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl CreateAdmin {
    /// Makes both.
    ///
    /// # Errors
    /// See [`CreateAdminError`].
    pub async fn run(&self, command: CreateAdminCommand) -> Result<CreatedAdmin, CreateAdminError> {
        let context = SignUp::password_context(Some(&command.email), Some(&command.name));
        if !self.strength.is_strong(&command.password, context).await? {
            return Err(CreateAdminError::WeakPassword);
        }
        let password_hash = self.hasher.hash(&command.password).await?;
        let now = self.clock.now();
        let user_id = UserId::from_uuid(self.ids.next());
        let workspace_id = WorkspaceId::from_uuid(self.ids.next());
        let founder = Founder {
            ids: self.ids.as_ref(),
            random: self.random.as_ref(),
            digester: self.digester.as_ref(),
        };
        let founding = founder.found(workspace_id, command.workspace, user_id, now);
        let new = NewUser {
            id: user_id,
            email: command.email,
            name: command.name,
            password_hash,
            signup_id: SignupId::from_uuid(self.ids.next()),
            workspace_id,
            analytics: Analytics::default(),
        };
        let user = User::from_signup(new, now);

        let mut unit = self.store.begin(Scope::System).await?;
        // The person first: a taken address must not hide behind a taken slug.
        unit.users().insert(&user).await?;
        founding.insert(unit.as_mut()).await?;
        let by = Doer::NOBODY.in_workspace(Some(workspace_id));
        self.audit
            .record_all(unit.as_mut(), by, founding.deeds(), now)
            .await?;
        unit.commit().await?;
        Ok(CreatedAdmin {
            user,
            workspace: founding.workspace,
            api_token: founding.api_token_secret,
        })
    }
}
