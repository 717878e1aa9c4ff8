//! `POST /users`: invites somebody into the workspace.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::workspace::InvitePersonCommand;

use super::InvitePersonBody;
use crate::access::SignedInMember;
use crate::body;
use crate::input::preferred_language;
use crate::limits::ledger;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::UserView;

problems!(
    InvitePersonProblems: NotFound, CannotGrant, AlreadyMember, InvitationPending, QuotaExceeded
);

/// Invites somebody, who is mailed a link that is good for seven days. Whether the address has an
/// account shows nowhere.
#[utoipa::path(
    post, path = "/users", tag = "People",
    request_body = InvitePersonBody,
    responses(
        (status = 201, description = "Who is invited, `PENDING`; the id is the invitation's.",
            body = UserView),
        InvitePersonProblems,
    ),
)]
pub(crate) async fn invite_person(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
    SignedInMember(member): SignedInMember,
) -> Result<HttpResponse, Problem> {
    let body = body::read(&request, payload).await?;
    let input = InvitePersonBody::read(&body)?;
    let command = InvitePersonCommand {
        member,
        email: input.email,
        name: input.name,
        phone: input.phone,
        role_name: input.role_name,
        language: preferred_language(request.headers()),
        ledger: ledger(&request),
    };
    let invite_person = http.use_cases.people.invite_person.clone();
    let person = http
        .run(async move { invite_person.run(command).await })
        .await?;
    Ok(HttpResponse::Created().json(UserView::from(&person)))
}
