//! `GET /health/workspaces`: the caller's workspaces.

use actix_web::{HttpResponse, web};

use crate::access::SignedInCaller;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::WorkspacesView;

/// Lists the workspaces that the caller is active in.
#[utoipa::path(
    get, path = "/health/workspaces", tag = "Workspaces",
    responses(
        (status = 200, description = "The caller's workspaces, the one they have been in longest \
                                      first.",
            body = WorkspacesView),
    ),
)]
pub(crate) async fn list_workspaces(
    http: web::Data<Http>,
    SignedInCaller(caller): SignedInCaller,
) -> Result<HttpResponse, Problem> {
    let list_workspaces = http.use_cases.workspaces.list_workspaces.clone();
    let listed = http
        .run(async move { list_workspaces.run(caller).await })
        .await?;
    Ok(HttpResponse::Ok().json(WorkspacesView::from(listed.as_slice())))
}
