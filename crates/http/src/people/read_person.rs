//! `GET /users/{id}`: shows one of the workspace's directory.

use actix_web::{HttpRequest, HttpResponse, web};

use super::person_id;
use crate::access::SignedInMember;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::UserView;

problems!(ReadPersonProblems: NotFound);

/// Shows a member of the current workspace, or somebody who is invited to it.
#[utoipa::path(
    get, path = "/users/{id}", tag = "People",
    params(("id" = String, Path, description = "The id of a person or of an invitation.",
        example = "0192f3c0-1111-7abc-8def-0123456789ab")),
    responses(
        (status = 200, description = "Who it is.", body = UserView),
        ReadPersonProblems,
    ),
)]
pub(crate) async fn read_person(
    http: web::Data<Http>,
    request: HttpRequest,
    SignedInMember(member): SignedInMember,
) -> Result<HttpResponse, Problem> {
    let id = person_id(&request)?;
    let read_person = http.use_cases.people.read_person.clone();
    let person = http
        .run(async move { read_person.run(member, id).await })
        .await?;
    Ok(HttpResponse::Ok().json(UserView::from(&person)))
}
