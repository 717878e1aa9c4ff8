//! A person's own account: what the product does.

use std::sync::Arc;

use kogents_usecases::audit::ListOwnActs;
use kogents_usecases::auth::{DeleteAccount, ReadOwnData, UpdateProfile};

/// A person's own account, one field a use case.
#[expect(
    missing_docs,
    reason = "each field is named after its use case, which is documented"
)]
pub struct ProfileUseCases {
    pub update_profile: Arc<UpdateProfile>,
    pub delete_account: Arc<DeleteAccount>,
    pub read_own_data: Arc<ReadOwnData>,
    pub list_own_acts: Arc<ListOwnActs>,
}
