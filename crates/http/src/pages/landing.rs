//! `GET /`: says what this is and where to go on.

use actix_web::{HttpResponse, web};

use super::html::{escape, page};
use crate::state::Http;

/// Shows the landing page.
#[utoipa::path(
    get, path = "/", tag = "Pages",
    responses((status = 200, description = "A page.", body = String, content_type = "text/html")),
)]
pub(crate) async fn landing(http: web::Data<Http>) -> HttpResponse {
    let mut links = vec![
        ("/docs".to_owned(), "The API, to read and to try"),
        (
            "/openapi.json".to_owned(),
            "The same as an OpenAPI document",
        ),
        ("/health".to_owned(), "How the server is"),
    ];
    if http.mailbox.is_some() {
        links.push(("/dev/mailbox".to_owned(), "The development mailbox"));
    }
    if let Some(dashboard) = &http.settings.dashboard_url {
        links.push((dashboard.to_string(), "The dashboard"));
    }
    let links: String = links
        .iter()
        .map(|(href, text)| {
            format!(
                "<li><a href=\"{}\">{}</a></li>\n",
                escape(href),
                escape(text)
            )
        })
        .collect();
    page(
        "Kogents",
        &format!(
            "<h1>Kogents</h1>\n<p>The backend of the Kogents chat: accounts, sign-in, sessions \
             and workspaces, version {}.</p>\n<ul>\n{links}</ul>",
            escape(http.version)
        ),
    )
}
