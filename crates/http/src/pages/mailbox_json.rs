//! `GET /dev/mailbox.json`: the development mailbox, for programs.

use actix_web::{HttpRequest, HttpResponse, web};

use super::mailbox_view::{MailboxView, messages};
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;

problems!(MailboxJsonProblems: NotFound);

/// Lists the mails, newest first.
#[utoipa::path(
    get, path = "/dev/mailbox.json", tag = "Development",
    params(("to" = Option<String>, Query, description = "Only mails to this address.",
        example = "ada@example.com")),
    responses(
        (status = 200, description = "The mails. In development without an SMTP host only.",
            body = MailboxView),
        MailboxJsonProblems,
    ),
)]
pub(crate) async fn mailbox_json(
    http: web::Data<Http>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let messages = messages(&http, &request)?;
    Ok(HttpResponse::Ok().json(MailboxView::of(&messages)))
}
