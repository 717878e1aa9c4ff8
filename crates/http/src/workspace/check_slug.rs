//! `GET /workspace/slug/{slug}/available`: whether a slug may be had.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::problem::Problem;
use crate::state::Http;
use crate::views::SlugView;

/// Tells whether a slug may be had at this moment.
#[utoipa::path(
    get, path = "/workspace/slug/{slug}/available", tag = "Workspaces",
    params(("slug" = String, Path, description = "The slug, in any case.", example = "acme")),
    responses(
        (status = 200, description = "Whether the text is a slug that no workspace has and that is \
                                      not reserved.",
            body = SlugView),
    ),
)]
pub(crate) async fn check_slug(
    http: web::Data<Http>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let slug = request.match_info().query("slug").to_owned();
    let check_slug = http.use_cases.workspaces.check_slug.clone();
    let available = http.run(async move { check_slug.run(&slug).await }).await?;
    Ok(HttpResponse::Ok().json(SlugView::new(available)))
}
