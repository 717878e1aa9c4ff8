//! `GET /roles`: lists the roles of the workspace.

use actix_web::{HttpResponse, web};

use crate::access::AdmittedViewer;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::CountedRoleView;

/// Lists the roles of the workspace, the oldest first.
#[utoipa::path(
    get, path = "/roles", tag = "Access",
    responses((status = 200, description = "The roles.", body = Vec<CountedRoleView>)),
)]
pub(crate) async fn list_roles(
    http: web::Data<Http>,
    AdmittedViewer(viewer): AdmittedViewer,
) -> Result<HttpResponse, Problem> {
    let list_roles = http.use_cases.access.list_roles.clone();
    let roles = http
        .run(async move { list_roles.run(viewer).await })
        .await?;
    let views: Vec<_> = roles.iter().map(CountedRoleView::from).collect();
    Ok(HttpResponse::Ok().json(views))
}
