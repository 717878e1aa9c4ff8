//! `POST /auth/invitations/preview`: tells what an invitation is to.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::auth::MailedTokenBody;
use crate::body;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::InvitationPreviewView;

problems!(PreviewInvitationProblems: InvitationInvalid);

/// Tells what the invitation of a mailed link is to. It changes nothing.
#[utoipa::path(
    post, path = "/auth/invitations/preview", tag = "People",
    request_body = MailedTokenBody,
    responses(
        (status = 200, description = "What it is to.", body = InvitationPreviewView),
        PreviewInvitationProblems,
    ),
)]
pub(crate) async fn preview_invitation(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = body::read(&request, payload).await?;
    let token = MailedTokenBody::read(&body)?;
    let preview_invitation = http.use_cases.people.preview_invitation.clone();
    let preview = http
        .run(async move { preview_invitation.run(token).await })
        .await?;
    Ok(HttpResponse::Ok().json(InvitationPreviewView::from(&preview)))
}
