//! `POST /auth/session/activity`: takes what the frontend counted since its last report.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_domain::session::ActivityCount;
use kogents_usecases::session::{ReportActivityCommand, ReportActivityError, Reporter};

use super::ActivityBody;
use crate::access::{BearerToken, bearer_token, refused};
use crate::body;
use crate::cookies::{check_origin, is_native, refresh_cookie, refuse_cookie};
use crate::limits::ledger;
use crate::problem::{Code, Problem};
use crate::state::Http;

/// Adds what the frontend counted to the session of the access token or, without one, of the
/// refresh cookie, which is read and not spent. The report is no request of the session's, but it
/// moves its last activity.
#[utoipa::path(
    post, path = "/auth/session/activity", tag = "Sessions",
    request_body(content(
        (ActivityBody = "application/json"),
        (ActivityBody = "text/plain"),
    )),
    responses((status = 204, description = "It is counted.")),
)]
pub(crate) async fn report_activity(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let reporter = match reporter(&http, &request) {
        Ok(reporter) => reporter,
        Err(problem) => return Err(refused(&http, &request, problem).await),
    };
    // The session is judged before the body, and what is in the body is counted in the same step.
    let read = counted(&request, payload).await;
    let command = ReportActivityCommand {
        reporter,
        counted: read.as_ref().ok().copied(),
        ledger: ledger(&request),
    };
    let report_activity = http.use_cases.report_activity.clone();
    let reported = http
        .run_here(async move {
            match report_activity.run(command).await {
                Ok(()) => Ok(Ok(())),
                Err(
                    error @ (ReportActivityError::InvalidAccess
                    | ReportActivityError::InvalidRefresh),
                ) => Ok(Err(error)),
                Err(error) => Err(error),
            }
        })
        .await?;
    if let Err(nobody) = reported {
        let problem = refused(&http, &request, nobody.into()).await;
        return refuse_cookie(&http, problem, is_native(&request));
    }
    read?;
    Ok(HttpResponse::NoContent().finish())
}

/// The token that names the session.
fn reporter(http: &Http, request: &HttpRequest) -> Result<Reporter, Problem> {
    match bearer_token(request.headers()) {
        BearerToken::Sent(token) => Ok(Reporter::Bearer(token)),
        BearerToken::Malformed => Err(Problem::new(Code::InvalidToken)),
        BearerToken::Absent => {
            check_origin(&http.settings, request)?;
            refresh_cookie(request.headers())
                .filter(|_| !is_native(request))
                .map(Reporter::Refresh)
                .ok_or_else(|| Problem::new(Code::Unauthenticated))
        }
    }
}

async fn counted(request: &HttpRequest, payload: web::Payload) -> Result<ActivityCount, Problem> {
    let body = body::read_beacon(request, payload).await?;
    ActivityBody::read(&body)
}
