//! From the errors of the use cases of a person's own account to problems.

use kogents_usecases::audit::ListOwnActsError;
use kogents_usecases::auth::{DeleteAccountError, ReadOwnDataError, UpdateProfileError};

use super::{Code, FieldError, Problem};

impl From<UpdateProfileError> for Problem {
    fn from(error: UpdateProfileError) -> Self {
        match error {
            UpdateProfileError::Gone => Self::new(Code::InvalidToken),
            UpdateProfileError::WeakPassword => {
                Self::validation(vec![FieldError::weak_password("password")])
            }
            UpdateProfileError::Reauthentication(error) => error.into(),
            UpdateProfileError::Limited(limited) => limited.into(),
            UpdateProfileError::Hash(error) => error.into(),
            UpdateProfileError::Store(error) => error.into(),
        }
    }
}

impl From<DeleteAccountError> for Problem {
    fn from(error: DeleteAccountError) -> Self {
        match error {
            DeleteAccountError::Reauthentication(error) => error.into(),
            DeleteAccountError::LastAdmin => Self::new(Code::LastAdmin),
            DeleteAccountError::Store(error) => error.into(),
        }
    }
}

impl From<ReadOwnDataError> for Problem {
    fn from(error: ReadOwnDataError) -> Self {
        match error {
            ReadOwnDataError::Gone => Self::new(Code::InvalidToken),
            ReadOwnDataError::Store(error) => error.into(),
        }
    }
}

impl From<ListOwnActsError> for Problem {
    fn from(error: ListOwnActsError) -> Self {
        match error {
            ListOwnActsError::Store(error) => error.into(),
        }
    }
}
