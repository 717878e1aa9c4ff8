//! `DELETE /invitations/{id}`: withdraws an invitation.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::workspace::WithdrawInvitationCommand;

use super::invitation_id;
use crate::access::SignedInMember;
use crate::body;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;

problems!(
    WithdrawInvitationProblems: NotFound, CannotGrant,
    MalformedJson, ValidationFailed, PayloadTooLarge, UnsupportedMediaType, RequestTimeout
);

/// Withdraws an invitation: its link is good for nothing from then on.
#[utoipa::path(
    delete, path = "/invitations/{id}", tag = "People",
    params(("id" = String, Path, description = "The id of an invitation.",
        example = "0192f3c0-5555-7abc-8def-0123456789ab")),
    responses(
        (status = 204, description = "Nobody is invited by it any more."),
        WithdrawInvitationProblems,
    ),
)]
pub(crate) async fn withdraw_invitation(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
    SignedInMember(member): SignedInMember,
) -> Result<HttpResponse, Problem> {
    body::read_nothing(&request, payload).await?;
    let id = invitation_id(&request)?;
    let command = WithdrawInvitationCommand { member, id };
    let withdraw_invitation = http.use_cases.people.withdraw_invitation.clone();
    http.run(async move { withdraw_invitation.run(command).await })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
