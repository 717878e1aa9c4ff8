//! `PUT /users/{id}`: changes the role and the status of one of the workspace's directory.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::workspace::ChangePersonCommand;

use super::{ChangePersonBody, person_id};
use crate::access::SignedInMember;
use crate::body;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::UserView;

problems!(ChangePersonProblems: NotFound, NotYoursToChange, CannotGrant, LastAdmin);

/// Gives somebody another role, and a member another status. Any status but `ACTIVE` ends the
/// person's sessions in the workspace. The other members may come along as they are.
#[utoipa::path(
    put, path = "/users/{id}", tag = "People",
    params(("id" = String, Path, description = "The id of a person or of an invitation.",
        example = "0192f3c0-1111-7abc-8def-0123456789ab")),
    request_body = ChangePersonBody,
    responses(
        (status = 200, description = "Who it is, as they are now.", body = UserView),
        ChangePersonProblems,
    ),
)]
pub(crate) async fn change_person(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
    SignedInMember(member): SignedInMember,
) -> Result<HttpResponse, Problem> {
    let body = body::read_or_empty(&request, payload).await?;
    let input = ChangePersonBody::read(&body)?;
    let command = ChangePersonCommand {
        member,
        id: person_id(&request)?,
        role_name: input.role_name,
        status: input.status,
        own: input.own,
    };
    let change_person = http.use_cases.people.change_person.clone();
    let person = http
        .run(async move { change_person.run(command).await })
        .await?;
    Ok(HttpResponse::Ok().json(UserView::from(&person)))
}
