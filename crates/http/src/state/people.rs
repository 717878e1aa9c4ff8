//! Members and invitations: what the product does.

use std::sync::Arc;

use kogents_usecases::workspace::{
    AcceptInvitation, ChangePerson, InvitePerson, ListInvitations, ListPeople, PreviewInvitation,
    ReadPerson, RemovePerson, ResendInvitation, WithdrawInvitation,
};

/// Members and invitations, one field a use case.
#[expect(
    missing_docs,
    reason = "each field is named after its use case, which is documented"
)]
pub struct PeopleUseCases {
    pub list_people: Arc<ListPeople>,
    pub read_person: Arc<ReadPerson>,
    pub change_person: Arc<ChangePerson>,
    pub remove_person: Arc<RemovePerson>,
    pub invite_person: Arc<InvitePerson>,
    pub list_invitations: Arc<ListInvitations>,
    pub resend_invitation: Arc<ResendInvitation>,
    pub withdraw_invitation: Arc<WithdrawInvitation>,
    pub preview_invitation: Arc<PreviewInvitation>,
    pub accept_invitation: Arc<AcceptInvitation>,
}
