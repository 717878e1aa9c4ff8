//! `GET /permissions`: lists the permissions that there are.

use actix_web::{HttpResponse, web};

use crate::access::AdmittedViewer;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::PermissionsView;

/// Lists the permissions that there are in the workspace: the built-in ones, then its own by name.
#[utoipa::path(
    get, path = "/permissions", tag = "Access",
    responses((status = 200, description = "The permissions.", body = PermissionsView)),
)]
pub(crate) async fn list_permissions(
    http: web::Data<Http>,
    AdmittedViewer(viewer): AdmittedViewer,
) -> Result<HttpResponse, Problem> {
    let list_permissions = http.use_cases.access.list_permissions.clone();
    let permissions = http
        .run(async move { list_permissions.run(viewer).await })
        .await?;
    Ok(HttpResponse::Ok().json(PermissionsView::from(permissions.as_slice())))
}
