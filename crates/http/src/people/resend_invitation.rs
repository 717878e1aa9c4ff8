//! `POST /invitations/{id}/resend`: sends an invitation again.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::workspace::ResendInvitationCommand;

use super::invitation_id;
use crate::access::SignedInMember;
use crate::body;
use crate::input::preferred_language;
use crate::limits::ledger;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::UserView;

problems!(
    ResendInvitationProblems: NotFound, CannotGrant,
    MalformedJson, ValidationFailed, PayloadTooLarge, UnsupportedMediaType, RequestTimeout
);

/// Sends a new link that is good for seven days; the old one is void at once.
#[utoipa::path(
    post, path = "/invitations/{id}/resend", tag = "People",
    params(("id" = String, Path, description = "The id of an invitation.",
        example = "0192f3c0-5555-7abc-8def-0123456789ab")),
    responses(
        (status = 200, description = "Who is invited.", body = UserView),
        ResendInvitationProblems,
    ),
)]
pub(crate) async fn resend_invitation(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
    SignedInMember(member): SignedInMember,
) -> Result<HttpResponse, Problem> {
    body::read_nothing(&request, payload).await?;
    let command = ResendInvitationCommand {
        member,
        id: invitation_id(&request)?,
        language: preferred_language(request.headers()),
        ledger: ledger(&request),
    };
    let resend_invitation = http.use_cases.people.resend_invitation.clone();
    let person = http
        .run(async move { resend_invitation.run(command).await })
        .await?;
    Ok(HttpResponse::Ok().json(UserView::from(&person)))
}
