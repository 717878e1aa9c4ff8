//! `GET /audit`: lists what was done in the workspace.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_domain::audit::{AuditAction, AuditFilter};
use kogents_domain::ids::UserId;
use kogents_domain::violation::{Violation, ViolationCode};
use kogents_usecases::audit::ListAuditCommand;

use super::parse_moment;
use crate::access::SignedInMember;
use crate::cursor::Query;
use crate::openapi::sets;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::AuditView;

/// Lists the audit log of the current workspace, the newest entry first.
#[utoipa::path(
    get, path = "/audit", tag = "Audit",
    params(
        ("action" = inline(Option<sets::AuditAction>), Query, description = "Of this deed only."),
        ("actor" = Option<String>, Query,
            description = "Of the person with this id only.",
            example = "0192f3c0-1111-7abc-8def-0123456789ab"),
        ("from" = Option<String>, Query, format = "date-time",
            description = "Not before this moment (RFC 3339, any offset)."),
        ("to" = Option<String>, Query, format = "date-time",
            description = "Before this moment (RFC 3339, any offset), which is not before `from`."),
        ("limit" = Option<u16>, Query, minimum = 1, maximum = 100,
            description = "The size of a page, 20 unless said."),
        ("cursor" = Option<String>, Query, description = "The `nextCursor` of the page before."),
    ),
    responses((status = 200, description = "One page of it.", body = AuditView)),
)]
pub(crate) async fn list_audit(
    http: web::Data<Http>,
    request: HttpRequest,
    SignedInMember(member): SignedInMember,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request);
    let filter = read_filter(&mut query);
    let command = ListAuditCommand {
        member,
        filter,
        limit: query.limit(),
        after: query.audit_cursor(),
    };
    query.finish()?;
    let list_audit = http.use_cases.list_audit.clone();
    let page = http
        .run(async move { list_audit.run(command).await })
        .await?;
    Ok(HttpResponse::Ok().json(AuditView::from(&page)))
}

fn read_filter(query: &mut Query) -> AuditFilter {
    let action = query.optional("action", parse_action);
    let actor = query.optional("actor", |text| {
        UserId::parse(text).map_err(|_| Violation::format("must be the id of a person"))
    });
    let from = query.optional("from", parse_moment);
    let to = query.optional("to", |text| {
        let to = parse_moment(text)?;
        if from.is_some_and(|from| to < from) {
            return Err(Violation::format("must not be before from"));
        }
        Ok(to)
    });
    AuditFilter {
        action,
        actor,
        from,
        to,
    }
}

fn parse_action(text: &str) -> Result<AuditAction, Violation> {
    AuditAction::from_name(text).ok_or_else(|| {
        let names = AuditAction::ALL.map(AuditAction::as_str);
        let message = format!("must be one of {}", names.join(", "));
        Violation::new(ViolationCode::InvalidEnumValue, message)
    })
}
