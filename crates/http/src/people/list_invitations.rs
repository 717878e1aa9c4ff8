//! `GET /invitations`: lists the invitations into the workspace.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::workspace::ListInvitationsCommand;

use crate::access::SignedInMember;
use crate::cursor::Query;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::InvitationsView;

/// Lists who was invited and has not accepted, the newest first, expired links too.
#[utoipa::path(
    get, path = "/invitations", tag = "People",
    params(
        ("limit" = Option<u16>, Query, minimum = 1, maximum = 100,
            description = "The size of a page, 20 unless said."),
        ("cursor" = Option<String>, Query, description = "The `nextCursor` of the page before."),
    ),
    responses((status = 200, description = "One page of them.", body = InvitationsView)),
)]
pub(crate) async fn list_invitations(
    http: web::Data<Http>,
    request: HttpRequest,
    SignedInMember(member): SignedInMember,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request);
    let command = ListInvitationsCommand {
        member,
        limit: query.limit(),
        after: query.invitation_cursor(),
    };
    query.finish()?;
    let list_invitations = http.use_cases.people.list_invitations.clone();
    let page = http
        .run(async move { list_invitations.run(command).await })
        .await?;
    Ok(HttpResponse::Ok().json(InvitationsView::from(&page)))
}
