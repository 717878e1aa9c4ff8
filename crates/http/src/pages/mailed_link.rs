//! The pages that mailed links open. Opening one does nothing: mail programs and scanners open
//! links too. What the link is for is done when the reader presses the button.

use actix_web::HttpResponse;
use actix_web::http::header::{self, ContentType};

use super::html::frame;

/// The pages' script; it is served beside the documentation's files.
pub(super) const SCRIPT: &str = include_str!("mailed_link.js");
/// The script's name under `/docs/`.
pub(super) const SCRIPT_NAME: &str = "mailed-link.js";

/// What such a page may load, and whom it may call: this server.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// What a page says and does; all of it is markup already.
struct MailedLink {
    title: &'static str,
    lead: &'static str,
    fields: &'static str,
    button: &'static str,
    /// The route that takes the token.
    to: &'static str,
    /// What is said when it is done.
    done: &'static str,
}

impl MailedLink {
    fn page(&self) -> HttpResponse {
        let Self {
            title,
            lead,
            fields,
            button,
            to,
            done,
        } = self;
        let body = format!(
            "<h1>{title}</h1>\n<p>{lead}</p>\n\
             <form data-to=\"{to}\" data-done=\"{done}\" hidden>\n{fields}\
             <button type=\"submit\">{button}</button>\n</form>\n\
             <p role=\"status\">This page needs scripts, which this browser does not run.</p>\n\
             <script src=\"/docs/{SCRIPT_NAME}\" defer></script>"
        );
        HttpResponse::Ok()
            .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
            .content_type(ContentType::html())
            .body(frame(title, &body))
    }
}

/// Asks for a new password.
#[utoipa::path(
    get, path = "/reset-password", tag = "Pages",
    params(("token" = Option<String>, Query, description = "What the mailed link carries.")),
    responses((status = 200, description = "A page.", body = String, content_type = "text/html")),
)]
pub(crate) async fn reset_password_page() -> HttpResponse {
    MailedLink {
        title: "Choose a new password",
        lead: "The new password takes effect at once, and every device is signed out.",
        fields: "<p><label for=\"newPassword\">New password</label>\n\
                 <input id=\"newPassword\" name=\"newPassword\" data-name=\"The password\" \
                 type=\"password\" autocomplete=\"new-password\" minlength=\"8\" \
                 maxlength=\"128\" required autofocus></p>\n",
        button: "Change the password",
        to: "/auth/verify/confirm-password-reset",
        done: "The password has been changed. You can sign in with it now.",
    }
    .page()
}

/// Asks whether the address is the reader's.
#[utoipa::path(
    get, path = "/confirm-email", tag = "Pages",
    params(("token" = Option<String>, Query, description = "What the mailed link carries.")),
    responses((status = 200, description = "A page.", body = String, content_type = "text/html")),
)]
pub(crate) async fn confirm_email_page() -> HttpResponse {
    MailedLink {
        title: "Confirm your new address",
        lead: "From then on you sign in with it, and your other devices are signed out.",
        fields: "",
        button: "Confirm the address",
        to: "/auth/verify/confirm-email",
        done: "The address has been confirmed.",
    }
    .page()
}

/// Asks whether a sign-in was somebody else's.
#[utoipa::path(
    get, path = "/not-me", tag = "Pages",
    params(("token" = Option<String>, Query, description = "What the mailed link carries.")),
    responses((status = 200, description = "A page.", body = String, content_type = "text/html")),
)]
pub(crate) async fn not_me_page() -> HttpResponse {
    MailedLink {
        title: "Was that not you?",
        lead: "If the sign-in that the mail tells of was not yours, end it here. You are then \
               mailed a link to choose another password by.",
        fields: "",
        button: "It was not me: end that session",
        to: "/auth/verify/not-me",
        done: "The session has ended. A mail to choose another password is on its way to you.",
    }
    .page()
}
