//! `GET /dev/mailbox`: the development mailbox, to read.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_domain::mail::MailboxMessage;

use super::html::{escape, page_with_mail};
use super::mailbox_view::messages;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::rfc3339;

problems!(MailboxPageProblems: NotFound);

/// Shows the mails, newest first.
#[utoipa::path(
    get, path = "/dev/mailbox", tag = "Development",
    params(("to" = Option<String>, Query, description = "Only mails to this address.",
        example = "ada@example.com")),
    responses(
        (status = 200, description = "A page. In development without an SMTP host only.",
            body = String, content_type = "text/html"),
        MailboxPageProblems,
    ),
)]
pub(crate) async fn mailbox_page(
    http: web::Data<Http>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let messages = messages(&http, &request)?;
    let shown = if messages.is_empty() {
        "<p>No mail yet.</p>".to_owned()
    } else {
        messages.iter().map(article).collect()
    };
    Ok(page_with_mail(
        "Mailbox",
        &format!(
            "<h1>Mailbox</h1>\n<p>Mails stay here, in memory, while no SMTP host is set. \
             Load the page again to see new ones; <a href=\"/dev/mailbox.json\">the same as \
             JSON</a>.</p>\n{shown}"
        ),
    ))
}

fn article(message: &MailboxMessage) -> String {
    let code = message.otp.as_ref().map_or_else(String::new, |code| {
        format!("<p class=\"code\">{}</p>\n", escape(code.expose()))
    });
    format!(
        "<article>\n<h2>{subject}</h2>\n{code}<dl>\n<dt>To</dt><dd>{to}</dd>\n\
         <dt>From</dt><dd>{from}</dd>\n<dt>Received</dt><dd>{at}</dd>\n\
         <dt>Template</dt><dd>{template}</dd>\n</dl>\n\
         <details><summary>Text</summary><pre>{text}</pre></details>\n\
         <details><summary>HTML</summary><iframe sandbox title=\"{subject}\" srcdoc=\"{html}\">\
         </iframe></details>\n</article>\n",
        subject = escape(&message.subject),
        to = escape(&message.to),
        from = escape(&message.from),
        at = rfc3339(message.received_at),
        template = escape(message.template.as_str()),
        text = escape(message.text.expose()),
        html = escape(message.html.expose()),
    )
}
