//! The caller's present password, as a body holds it.

use kogents_domain::auth::EnteredPassword;

use super::Fields;

/// Reads the member `currentPassword`. A missing one is answered like a wrong one, so it may be
/// absent; an empty one is as good as none.
pub(crate) fn read_current_password(fields: &mut Fields<'_>) -> Option<Option<EnteredPassword>> {
    let password = fields.optional("currentPassword", |text| match text {
        "" => Ok(None),
        text => EnteredPassword::parse(text).map(Some),
    });
    password.map(Option::flatten)
}
