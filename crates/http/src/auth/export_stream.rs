//! The document of an export, piece by piece.

use actix_web::web::{self, Bytes};
use futures_util::stream::{Stream, try_unfold};
use kogents_domain::audit::AuditKey;
use kogents_domain::ids::SessionId;
use kogents_domain::page::PageLimit;
use kogents_usecases::audit::ListOwnActsCommand;
use kogents_usecases::auth::{Caller, OwnData};
use kogents_usecases::session::ListSessionsCommand;
use serde::Serialize;
use tracing::{Instrument as _, Span};

use crate::problem::{Code, Problem};
use crate::state::Http;
use crate::views::{OwnActView, OwnDataHeadView, SessionView};

/// What comes next.
enum Next {
    /// What is read at once.
    Head(Box<OwnData>),
    /// A page of sessions, after one.
    Sessions(Option<SessionId>),
    /// A page of acts, after one.
    Acts(Option<AuditKey>),
    /// Nothing.
    End,
}

/// The pieces of the document. A page is read when the client has taken the one before: no more
/// than one is held, and nothing of the store while the client reads. A page that cannot be read
/// breaks the answer off, so that what came before does not look whole.
pub(super) fn pieces(
    http: web::Data<Http>,
    caller: Caller,
    own: OwnData,
) -> impl Stream<Item = Result<Bytes, Problem>> {
    // What reads later belongs to the request all the same.
    let span = Span::current();
    try_unfold(Next::Head(Box::new(own)), move |next| {
        let http = http.clone();
        let read = async move {
            let read = read(&http, caller, next).await;
            read.inspect_err(|problem| {
                let cause = problem.cause.as_deref().unwrap_or_default();
                tracing::warn!(%problem, cause, "an export was broken off");
            })
        };
        read.instrument(span.clone())
    })
}

async fn read(http: &Http, caller: Caller, next: Next) -> Result<Option<(Bytes, Next)>, Problem> {
    let (piece, next) = match next {
        Next::Head(own) => {
            let head = json(&OwnDataHeadView::from(own.as_ref()))?;
            // It goes on where the head's object ends.
            let open = head.strip_suffix('}').unwrap_or(&head);
            (format!("{open},\"sessions\":["), Next::Sessions(None))
        }
        Next::Sessions(after) => sessions(http, caller, after).await?,
        Next::Acts(after) => acts(http, caller, after).await?,
        Next::End => return Ok(None),
    };
    Ok(Some((Bytes::from(piece), next)))
}

async fn sessions(
    http: &Http,
    caller: Caller,
    after: Option<SessionId>,
) -> Result<(String, Next), Problem> {
    let command = ListSessionsCommand {
        caller,
        all: true,
        limit: PageLimit::LARGEST,
        after,
    };
    let list_sessions = http.use_cases.list_sessions.clone();
    let page = http
        .run(async move { list_sessions.run(command).await })
        .await?;
    let views = page.sessions.iter().map(|record| {
        SessionView::new(record, page.now, caller.session_id, http.digester.as_ref())
    });
    let items = items(views, after.is_none())?;
    Ok(match page.next {
        Some(last) => (items, Next::Sessions(Some(last))),
        None => (format!("{items}],\"audit\":["), Next::Acts(None)),
    })
}

async fn acts(
    http: &Http,
    caller: Caller,
    after: Option<AuditKey>,
) -> Result<(String, Next), Problem> {
    let command = ListOwnActsCommand {
        caller,
        limit: PageLimit::LARGEST,
        after,
    };
    let list_own_acts = http.use_cases.profile.list_own_acts.clone();
    let page = http
        .run(async move { list_own_acts.run(command).await })
        .await?;
    let items = items(page.items.iter().map(OwnActView::from), after.is_none())?;
    Ok(match page.next {
        Some(last) => (items, Next::Acts(Some(last))),
        None => (format!("{items}]}}"), Next::End),
    })
}

/// Items of a list that others stand before, unless these are its first.
fn items<T: Serialize>(views: impl Iterator<Item = T>, are_first: bool) -> Result<String, Problem> {
    let mut items = String::new();
    for view in views {
        if !(are_first && items.is_empty()) {
            items.push(',');
        }
        items.push_str(&json(&view)?);
    }
    Ok(items)
}

fn json<T: Serialize>(view: &T) -> Result<String, Problem> {
    serde_json::to_string(view).map_err(|error| Problem::new(Code::Internal).cause(error))
}
