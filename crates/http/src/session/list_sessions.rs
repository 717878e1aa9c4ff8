//! `GET /health/sessions`: lists the caller's sessions.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::session::ListSessionsCommand;

use crate::access::SignedInCaller;
use crate::cursor::Query;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::SessionsView;

/// Lists the live sessions; with `?all=true` ended ones too, page by page.
#[utoipa::path(
    get, path = "/health/sessions", tag = "Sessions",
    params(
        ("all" = Option<bool>, Query,
            description = "Ended sessions too, newest started first, page by page."),
        ("limit" = Option<u16>, Query, minimum = 1, maximum = 100,
            description = "The size of a page, 20 unless said; with `all`."),
        ("cursor" = Option<String>, Query,
            description = "The `nextCursor` of the page before; with `all`."),
    ),
    responses(
        (status = 200, description = "The caller's sessions, most recently active first; with `all` \
                                      newest started first.",
            body = SessionsView),
    ),
)]
pub(crate) async fn list_sessions(
    http: web::Data<Http>,
    request: HttpRequest,
    SignedInCaller(caller): SignedInCaller,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request);
    let command = ListSessionsCommand {
        caller,
        all: query.flag("all"),
        limit: query.limit(),
        after: query.session_cursor(),
    };
    query.finish()?;
    let list_sessions = http.use_cases.list_sessions.clone();
    let list = http
        .run(async move { list_sessions.run(command).await })
        .await?;
    let view = SessionsView::new(&list, caller.session_id, http.digester.as_ref());
    Ok(HttpResponse::Ok().json(view))
}
