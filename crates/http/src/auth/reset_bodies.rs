//! The request bodies of what mailed links lead to.

use kogents_domain::auth::{EmailAddress, NewPassword};
use kogents_domain::mail::MailedToken;
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::Body;
use crate::problem::Problem;

/// Whose password is to be reset.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestPasswordResetBody {
    /// The address, in any case.
    #[schema(format = "email", max_length = 254, example = "ada@example.com")]
    email: String,
}

impl RequestPasswordResetBody {
    /// Reads the body.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(crate) fn read(body: &Body) -> Result<EmailAddress, Problem> {
        body.parse(|fields| fields.required("email", EmailAddress::parse))
    }
}

/// A mailed token and the password that is to be.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ConfirmPasswordResetBody {
    /// What the mailed link carries.
    #[schema(
        min_length = 1,
        max_length = 128,
        example = "kgm_mDdGIB8TtA0S3mYhGzVQW5y0r3PcGq9i1bKxJ7nUe4c"
    )]
    token: String,
    /// The new password: at most 1,024 bytes, and not easily guessed.
    #[schema(
        format = "password",
        min_length = 8,
        max_length = 128,
        example = "SecurePassword123!"
    )]
    new_password: String,
}

impl ConfirmPasswordResetBody {
    /// Reads the body. Whether the password is strong enough is told later, because that depends
    /// on whose it is to be.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(crate) fn read(body: &Body) -> Result<(MailedToken, NewPassword), Problem> {
        body.parse(|fields| {
            let token = fields.required("token", MailedToken::parse);
            let password = fields.required("newPassword", NewPassword::parse);
            Some((token?, password?))
        })
    }
}

/// A mailed token.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MailedTokenBody {
    /// What the mailed link carries.
    #[schema(
        min_length = 1,
        max_length = 128,
        example = "kgm_mDdGIB8TtA0S3mYhGzVQW5y0r3PcGq9i1bKxJ7nUe4c"
    )]
    token: String,
}

impl MailedTokenBody {
    /// Reads the body.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(crate) fn read(body: &Body) -> Result<MailedToken, Problem> {
        body.parse(|fields| fields.required("token", MailedToken::parse))
    }
}
