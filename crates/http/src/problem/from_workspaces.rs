//! From the errors of the use cases of workspaces themselves to problems.

use kogents_usecases::auth::ReauthenticateError;
use kogents_usecases::workspace::{
    AddWorkspaceError, AuthenticateApiTokenError, CheckSlugError, CreateApiTokenError,
    DeleteWorkspaceError, ListWorkspacesError, ReadWorkspaceError, RevokeApiTokenError,
    ShowWorkspaceError, SwitchWorkspaceError, UpdateWorkspaceError,
};

use super::{Code, Problem};

impl From<ReauthenticateError> for Problem {
    fn from(error: ReauthenticateError) -> Self {
        match error {
            ReauthenticateError::Required => Self::new(Code::ReauthenticationRequired),
            ReauthenticateError::Limited(limited) => limited.into(),
            ReauthenticateError::Hash(error) => error.into(),
            ReauthenticateError::Store(error) => error.into(),
        }
    }
}

impl From<ShowWorkspaceError> for Problem {
    fn from(error: ShowWorkspaceError) -> Self {
        match error {
            ShowWorkspaceError::NotFound => Self::new(Code::NotFound),
            ShowWorkspaceError::Store(error) => error.into(),
        }
    }
}

impl From<CheckSlugError> for Problem {
    fn from(error: CheckSlugError) -> Self {
        match error {
            CheckSlugError::Store(error) => error.into(),
        }
    }
}

impl From<ReadWorkspaceError> for Problem {
    fn from(error: ReadWorkspaceError) -> Self {
        match error {
            ReadWorkspaceError::NotFound => Self::new(Code::NotFound),
            ReadWorkspaceError::Store(error) => error.into(),
        }
    }
}

impl From<UpdateWorkspaceError> for Problem {
    fn from(error: UpdateWorkspaceError) -> Self {
        match error {
            UpdateWorkspaceError::NotFound => Self::new(Code::NotFound),
            UpdateWorkspaceError::SlugTaken => Self::new(Code::SlugTaken),
            UpdateWorkspaceError::Store(error) => error.into(),
        }
    }
}

impl From<AddWorkspaceError> for Problem {
    fn from(error: AddWorkspaceError) -> Self {
        match error {
            AddWorkspaceError::Gone => Self::new(Code::InvalidToken),
            AddWorkspaceError::SlugTaken => Self::new(Code::SlugTaken),
            AddWorkspaceError::TooMany => Self::new(Code::QuotaExceeded),
            AddWorkspaceError::Store(error) => error.into(),
        }
    }
}

impl From<DeleteWorkspaceError> for Problem {
    fn from(error: DeleteWorkspaceError) -> Self {
        match error {
            DeleteWorkspaceError::NotFound => Self::new(Code::NotFound),
            DeleteWorkspaceError::Reauthentication(error) => error.into(),
            DeleteWorkspaceError::Store(error) => error.into(),
        }
    }
}

impl From<SwitchWorkspaceError> for Problem {
    fn from(error: SwitchWorkspaceError) -> Self {
        match error {
            SwitchWorkspaceError::NotFound => Self::new(Code::NotFound),
            SwitchWorkspaceError::Over => Self::new(Code::InvalidToken),
            SwitchWorkspaceError::Store(error) => error.into(),
        }
    }
}

impl From<ListWorkspacesError> for Problem {
    fn from(error: ListWorkspacesError) -> Self {
        match error {
            ListWorkspacesError::Store(error) => error.into(),
        }
    }
}

impl From<AuthenticateApiTokenError> for Problem {
    fn from(error: AuthenticateApiTokenError) -> Self {
        match error {
            AuthenticateApiTokenError::Invalid => Self::new(Code::InvalidToken),
            AuthenticateApiTokenError::Limited(limited) => limited.into(),
            AuthenticateApiTokenError::Store(error) => error.into(),
        }
    }
}

impl From<CreateApiTokenError> for Problem {
    fn from(error: CreateApiTokenError) -> Self {
        match error {
            CreateApiTokenError::NotFound => Self::new(Code::NotFound),
            CreateApiTokenError::CannotGrant => Self::new(Code::CannotGrant),
            CreateApiTokenError::Store(error) => error.into(),
        }
    }
}

impl From<RevokeApiTokenError> for Problem {
    fn from(error: RevokeApiTokenError) -> Self {
        match error {
            RevokeApiTokenError::NotFound => Self::new(Code::NotFound),
            RevokeApiTokenError::Store(error) => error.into(),
        }
    }
}
