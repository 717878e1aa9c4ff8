//! `GET /permissions/categories`: lists the groups of permissions.

use actix_web::{HttpResponse, web};

use crate::access::SignedInMember;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::PermissionCategoriesView;

/// Lists the groups of permissions: those of built-in ones, then the others of the workspace's own.
#[utoipa::path(
    get, path = "/permissions/categories", tag = "Access",
    responses((status = 200, description = "The groups.", body = PermissionCategoriesView)),
)]
pub(crate) async fn list_permission_categories(
    http: web::Data<Http>,
    SignedInMember(member): SignedInMember,
) -> Result<HttpResponse, Problem> {
    let list_categories = http.use_cases.access.list_permission_categories.clone();
    let categories = http
        .run(async move { list_categories.run(member).await })
        .await?;
    Ok(HttpResponse::Ok().json(PermissionCategoriesView::from(categories)))
}
