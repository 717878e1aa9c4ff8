//! The page that the link of an invitation opens. Opening it changes nothing: mail programs and
//! scanners open links too. The invitation is accepted when the reader presses the button.

use actix_web::HttpResponse;
use actix_web::http::header::{self, ContentType};

use super::html::frame;

/// The page's script; it is served beside the documentation's files.
pub(super) const SCRIPT: &str = include_str!("accept_invitation.js");
/// The script's name under `/docs/`.
pub(super) const SCRIPT_NAME: &str = "accept-invitation.js";

/// What the page may load, and whom it may call: this server.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

const TITLE: &str = "You are invited";

/// What is asked for. The script takes away what an account does not need; the address is there
/// for password managers and has no name, so that it is not sent.
const FORM: &str = "<form hidden>\n\
     <p><label for=\"address\">Address</label>\n\
     <input id=\"address\" type=\"email\" autocomplete=\"username\" readonly></p>\n\
     <p id=\"newcomer\"><label for=\"name\">Your name</label>\n\
     <input id=\"name\" name=\"name\" data-name=\"The name\" autocomplete=\"name\" \
     maxlength=\"100\" required></p>\n\
     <p><label for=\"password\">Password</label>\n\
     <input id=\"password\" name=\"password\" data-name=\"The password\" type=\"password\" \
     autocomplete=\"new-password\" required></p>\n\
     <button type=\"submit\">Join</button>\n</form>";

/// Shows what an invitation is to, and accepts it.
#[utoipa::path(
    get, path = "/accept-invitation", tag = "Pages",
    params(("token" = Option<String>, Query, description = "What the mailed link carries.")),
    responses((status = 200, description = "A page.", body = String, content_type = "text/html")),
)]
pub(crate) async fn accept_invitation_page() -> HttpResponse {
    let body = format!(
        "<h1>{TITLE}</h1>\n<p id=\"lead\"></p>\n{FORM}\n\
         <p role=\"status\">This page needs scripts, which this browser does not run.</p>\n\
         <script src=\"/docs/{SCRIPT_NAME}\" defer></script>"
    );
    HttpResponse::Ok()
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .content_type(ContentType::html())
        .body(frame(TITLE, &body))
}

#[cfg(test)]
mod tests {
    use actix_web::test::{TestRequest, read_body};

    use super::*;
    use crate::tests::fixture::{ask, header};

    #[actix_web::test]
    async fn the_page_has_its_script_and_nothing_of_its_link() {
        let uri = "/accept-invitation?token=kgm_secret";
        let answer = ask(TestRequest::get().uri(uri)).await;
        assert_eq!(answer.status().as_u16(), 200);
        assert_eq!(header(&answer, "cache-control"), "no-store");
        assert_eq!(header(&answer, "content-security-policy"), POLICY);
        let page = read_body(answer).await;
        let page = std::str::from_utf8(&page).unwrap();
        assert!(!page.contains("kgm_secret"), "{page}");
        assert_eq!(page.matches("<script").count(), 1);
        let source = "<script src=\"/docs/accept-invitation.js\" defer></script>";
        assert!(page.contains(source), "{page}");

        let script = ask(TestRequest::get().uri("/docs/accept-invitation.js")).await;
        assert_eq!(header(&script, "content-type"), "text/javascript");
        assert_eq!(read_body(script).await, SCRIPT);
    }
}
