//! The members of a workspace, and who is invited to it.

mod bodies;

pub(crate) mod accept_invitation;
pub(crate) mod activate_person;
pub(crate) mod change_person;
pub(crate) mod deactivate_person;
pub(crate) mod invite_person;
pub(crate) mod list_invitations;
pub(crate) mod list_people;
pub(crate) mod preview_invitation;
pub(crate) mod read_person;
pub(crate) mod remove_person;
pub(crate) mod resend_invitation;
pub(crate) mod withdraw_invitation;

pub(crate) use bodies::{AcceptInvitationBody, ChangePersonBody, InvitePersonBody, phone_number};

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_domain::ids::InvitationId;
use kogents_domain::workspace::{DirectoryId, MembershipStatus};
use kogents_usecases::workspace::{ChangePersonCommand, Member, OwnValues};

use crate::body;
use crate::problem::{Code, Problem};
use crate::state::Http;
use crate::views::UserView;

/// Who is named by the path: a person or an invitation.
///
/// # Errors
/// `not_found` for what is no id, as for an unknown one.
fn person_id(request: &HttpRequest) -> Result<DirectoryId, Problem> {
    let text = request.match_info().query("id");
    DirectoryId::parse(text).map_err(|_| Problem::new(Code::NotFound))
}

/// The invitation that the path names.
///
/// # Errors
/// `not_found` for what is no id, as for an unknown one.
fn invitation_id(request: &HttpRequest) -> Result<InvitationId, Problem> {
    let text = request.match_info().query("id");
    InvitationId::parse(text).map_err(|_| Problem::new(Code::NotFound))
}

/// Gives a member of the path another status; the body is empty.
async fn set_status(
    http: &Http,
    (request, payload): (&HttpRequest, web::Payload),
    member: Member,
    status: MembershipStatus,
) -> Result<HttpResponse, Problem> {
    body::read_nothing(request, payload).await?;
    let command = ChangePersonCommand {
        member,
        id: person_id(request)?,
        role_name: None,
        status: Some(status),
        own: OwnValues::default(),
    };
    let change_person = http.use_cases.people.change_person.clone();
    let person = http
        .run(async move { change_person.run(command).await })
        .await?;
    Ok(HttpResponse::Ok().json(UserView::from(&person)))
}
