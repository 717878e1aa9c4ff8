//! The frame of the HTML pages.

use actix_web::HttpResponse;
use actix_web::http::header::{self, ContentType, HeaderName};
use kogents_domain::session::ClientHints;

const ACCEPT_CH: HeaderName = HeaderName::from_static("accept-ch");

/// The pages' only style sheet; it is served beside the documentation's files.
pub(super) const STYLE_SHEET: &str = include_str!("page.css");
/// The style sheet's name under `/docs/`.
pub(super) const STYLE_SHEET_NAME: &str = "page.css";

/// What a page may load: its own style sheet and images.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// The same for a page that shows mails: they bring styles of their own, in frames without
/// scripts, forms or an origin.
const POLICY_FOR_MAIL: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; \
                               img-src 'self' data:; frame-src 'self'; base-uri 'none'; \
                               form-action 'none'; frame-ancestors 'none'";

/// A page with a title and a body, which is markup already.
pub(super) fn page(title: &str, body: &str) -> HttpResponse {
    answer(title, body, POLICY)
}

/// A page that shows mails in frames.
pub(super) fn page_with_mail(title: &str, body: &str) -> HttpResponse {
    answer(title, body, POLICY_FOR_MAIL)
}

fn answer(title: &str, body: &str, policy: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        // Browsers heed this on pages only, and then send the hints to all of this origin.
        .insert_header((ACCEPT_CH, ClientHints::TO_ASK_FOR))
        .content_type(ContentType::html())
        .body(frame(title, body))
}

/// A page's markup: the frame around a body, which is markup already.
pub(super) fn frame(title: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"/docs/{STYLE_SHEET_NAME}\">\n\
         </head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )
}

/// Text as markup: in elements and in quoted attributes.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_does_not_become_markup() {
        assert_eq!(
            escape("<a href=\"x\" id='y'>&amp;"),
            "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;"
        );
    }
}
