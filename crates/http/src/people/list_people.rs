//! `GET /users`: lists the members of the workspace and who is invited to it.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_domain::violation::{Violation, ViolationCode};
use kogents_domain::workspace::{DirectorySort, SearchPrefix};
use kogents_usecases::workspace::ListPeopleCommand;

use super::bodies::parse_status;
use crate::access::AdmittedViewer;
use crate::cursor::Query;
use crate::openapi::sets;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::UsersView;

/// Lists everybody of the current workspace; whoever is invited is `PENDING`.
#[utoipa::path(
    get, path = "/users", tag = "People",
    params(
        ("page" = Option<u64>, Query, minimum = 1, maximum = 9007199254740991_u64,
            description = "Which page, from 1. One past the end is empty."),
        ("limit" = Option<u16>, Query, minimum = 1, maximum = 100,
            description = "The size of a page, 20 unless said."),
        ("search" = Option<String>, Query, max_length = 100,
            description = "How the name or the address begins, without case and accents."),
        ("status" = inline(Option<sets::MembershipStatus>), Query, description = "Of this status only."),
        ("role" = Option<String>, Query,
            description = "With the role of this id or name only; nobody has an unknown one."),
        ("sortBy" = inline(Option<sets::DirectorySort>), Query,
            description = "In which order; `createdAt` unless said."),
        ("sortOrder" = inline(Option<sets::SortOrder>), Query,
            description = "Whether the greatest comes first; `desc` unless said."),
    ),
    responses((status = 200, description = "One page of them.", body = UsersView)),
)]
pub(crate) async fn list_people(
    http: web::Data<Http>,
    request: HttpRequest,
    AdmittedViewer(viewer): AdmittedViewer,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request);
    let command = ListPeopleCommand {
        viewer,
        page: query.page(),
        limit: query.limit(),
        search: query.optional("search", SearchPrefix::parse).flatten(),
        status: query.optional("status", parse_status),
        role: query.text("role"),
        sort: query
            .optional("sortBy", DirectorySort::parse)
            .unwrap_or_default(),
        descending: query
            .optional("sortOrder", parse_descending)
            .unwrap_or(true),
    };
    query.finish()?;
    let (page, limit) = (command.page, command.limit);
    let list_people = http.use_cases.people.list_people.clone();
    let people = http
        .run(async move { list_people.run(command).await })
        .await?;
    Ok(HttpResponse::Ok().json(UsersView::new(&people, page, limit)))
}

/// Reads an order: whether the greatest comes first.
fn parse_descending(text: &str) -> Result<bool, Violation> {
    match text {
        "asc" => Ok(false),
        "desc" => Ok(true),
        _ => Err(Violation::new(
            ViolationCode::InvalidEnumValue,
            "must be one of asc, desc",
        )),
    }
}
