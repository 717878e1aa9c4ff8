//! `DELETE /users/{id}`: takes somebody out of the workspace.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::workspace::{RemovePersonCommand, Removed};

use super::person_id;
use crate::access::SignedInMember;
use crate::body;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::DoneView;

problems!(
    RemovePersonProblems: NotFound, CannotGrant, LastAdmin,
    MalformedJson, ValidationFailed, PayloadTooLarge, UnsupportedMediaType, RequestTimeout
);

/// Removes a member and ends their sessions in the workspace, or withdraws an invitation. The
/// person and their account stay.
#[utoipa::path(
    delete, path = "/users/{id}", tag = "People",
    params(("id" = String, Path, description = "The id of a person or of an invitation.",
        example = "0192f3c0-1111-7abc-8def-0123456789ab")),
    responses(
        (status = 200, description = "They are out of the workspace.", body = DoneView),
        RemovePersonProblems,
    ),
)]
pub(crate) async fn remove_person(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
    SignedInMember(member): SignedInMember,
) -> Result<HttpResponse, Problem> {
    body::read_nothing(&request, payload).await?;
    let id = person_id(&request)?;
    let command = RemovePersonCommand { member, id };
    let remove_person = http.use_cases.people.remove_person.clone();
    let removed = http
        .run(async move { remove_person.run(command).await })
        .await?;
    let message = match removed {
        Removed::Membership => "The member has been removed from the workspace.",
        Removed::Invitation => "The invitation has been withdrawn.",
    };
    Ok(HttpResponse::Ok().json(DoneView::new(message)))
}
