//! Answers that say that something was done.

use kogents_domain::auth::EmailAddress;
use serde::Serialize;
use utoipa::ToSchema;

/// Something was done.
#[derive(Serialize, ToSchema)]
pub(crate) struct DoneView {
    /// What, for a person.
    #[schema(example = "The session has ended.")]
    message: &'static str,
}

impl DoneView {
    pub(crate) const fn new(message: &'static str) -> Self {
        Self { message }
    }
}

/// Something was done, to do with an address.
#[derive(Serialize, ToSchema)]
pub(crate) struct DoneForAddressView {
    /// What, for a person.
    #[schema(example = "The password has been changed.")]
    message: &'static str,
    #[schema(format = "email", example = "ada@example.com")]
    email: String,
}

impl DoneForAddressView {
    pub(crate) fn new(message: &'static str, email: &EmailAddress) -> Self {
        Self {
            message,
            email: email.as_given().to_owned(),
        }
    }
}
