//! A person's own profile.

use kogents_usecases::auth::Profile;
use serde::Serialize;
use utoipa::ToSchema;

use super::user::UserView;

/// The caller, as others in the session's current workspace see them, and what only they see.
/// `lastActiveAt` is the moment of the request.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProfileView {
    #[serde(flatten)]
    user: UserView,
    /// The language of mails to the person (BCP 47); null: the workspace's, else the request's.
    #[schema(required, example = "de-DE")]
    language: Option<String>,
    /// Whether a sign-in on a new device is mailed.
    new_device_mail: bool,
}

impl From<&Profile> for ProfileView {
    fn from(profile: &Profile) -> Self {
        let user = &profile.user;
        Self {
            user: UserView::from(profile),
            language: user.language.as_ref().map(|tag| tag.as_str().to_owned()),
            new_device_mail: user.notify_new_device,
        }
    }
}

#[cfg(test)]
mod tests;
