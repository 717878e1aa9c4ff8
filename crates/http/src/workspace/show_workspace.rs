//! `GET /workspace/slug/{slug}`: a workspace as everybody may see it.

use actix_web::http::header::{self, CacheDirective, ETag, EntityTag, Header as _, IfNoneMatch};
use actix_web::{HttpRequest, HttpResponse, web};
use kogents_domain::workspace::{Slug, Workspace};

use crate::openapi::problems;
use crate::problem::{Code, Problem};
use crate::state::Http;
use crate::views::WorkspaceView;

problems!(ShowWorkspaceProblems: NotFound);

/// Shows a workspace's name and looks, for its sign-in page.
#[utoipa::path(
    get, path = "/workspace/slug/{slug}", tag = "Workspaces",
    params(
        ("slug" = String, Path, description = "The slug, in any case.", example = "acme"),
        ("If-None-Match" = Option<String>, Header,
            description = "The `ETag` of an earlier answer, to be told whether it still holds."),
    ),
    responses(
        (status = 200, description = "The workspace. Ask again with `If-None-Match` each time it is \
                                      shown: that costs little.",
            body = WorkspaceView,
            headers(("ETag" = String, description = "Changes with the workspace."))),
        (status = 304, description = "It is as it was when the given `ETag` was told.",
            headers(("ETag" = String, description = "As given."))),
        ShowWorkspaceProblems,
    ),
)]
pub(crate) async fn show_workspace(
    http: web::Data<Http>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let slug = Slug::from_stored(request.match_info().query("slug"));
    let slug = slug.map_err(|_| Problem::new(Code::NotFound))?;
    let show_workspace = http.use_cases.workspaces.show_workspace.clone();
    let workspace = http
        .run(async move { show_workspace.run(slug).await })
        .await?;
    let tag = tag_of(&workspace);
    let is_known = is_known(&request, &tag);
    let mut answer = if is_known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    answer
        .insert_header(ETag(tag))
        .insert_header(header::CacheControl(vec![CacheDirective::NoCache]));
    if is_known {
        return Ok(answer.finish());
    }
    Ok(answer.json(WorkspaceView::new(&workspace, None)))
}

/// A workspace is another one after every change; the leading number is that of the answer's form.
fn tag_of(workspace: &Workspace) -> EntityTag {
    let changed_at = workspace.updated_at.as_millis();
    EntityTag::new_strong(format!("1-{}-{changed_at}", workspace.id))
}

/// Whether the client says that it has this version (RFC 9110 section 13.1.2).
fn is_known(request: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(known)) => known.iter().any(|known| known.weak_eq(tag)),
        Err(_) => false,
    }
}
