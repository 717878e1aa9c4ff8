//! The mails of the development mailbox, as both of its routes read them.

use actix_web::HttpRequest;
use kogents_domain::mail::MailboxMessage;
use serde::Serialize;
use utoipa::ToSchema;

use crate::cursor::Query;
use crate::openapi::sets;
use crate::problem::{Code, Problem};
use crate::state::Http;
use crate::views::rfc3339;

/// The mails that the request asks for: all, or those to one address (`?to=`), newest first.
///
/// # Errors
/// `not_found` where there is no mailbox; `validation_failed` for a query that says `to` twice.
pub(super) fn messages(http: &Http, request: &HttpRequest) -> Result<Vec<MailboxMessage>, Problem> {
    let mailbox = http
        .mailbox
        .as_ref()
        .ok_or_else(|| Problem::new(Code::NotFound))?;
    let mut query = Query::of(request);
    let to = query.text("to");
    query.finish()?;
    Ok(mailbox.list(to.as_deref()))
}

/// The development mailbox: the last 200 mails, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct MailboxView {
    messages: Vec<MailView>,
}

/// A mail that stayed in the server.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MailView {
    /// The left part of its Message-ID.
    id: String,
    /// To whom.
    #[schema(example = "ada@example.com")]
    to: String,
    /// From whom.
    from: String,
    /// The subject.
    subject: String,
    /// The text part.
    text: String,
    /// The HTML part.
    html: String,
    /// When it came.
    #[schema(format = "date-time")]
    received_at: String,
    /// Which template made it.
    #[schema(value_type = sets::MailTemplate)]
    template: &'static str,
    /// The code in it, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "042917", nullable = false)]
    otp: Option<String>,
}

impl MailboxView {
    /// These mails.
    pub(super) fn of(messages: &[MailboxMessage]) -> Self {
        Self {
            messages: messages.iter().map(MailView::of).collect(),
        }
    }
}

impl MailView {
    fn of(message: &MailboxMessage) -> Self {
        Self {
            id: message.id.to_string(),
            to: message.to.clone(),
            from: message.from.clone(),
            subject: message.subject.clone(),
            text: message.text.expose().to_owned(),
            html: message.html.expose().to_owned(),
            received_at: rfc3339(message.received_at),
            template: message.template.as_str(),
            otp: message.otp.as_ref().map(|code| code.expose().to_owned()),
        }
    }
}
