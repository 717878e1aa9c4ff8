//! What every request passes on its way in and every answer on its way out.

mod body_deadline;
mod cors;
mod log;
mod problems;
mod request_id;
mod security_headers;
mod trace_context;

pub(crate) use problems::AsIs;
pub(crate) use request_id::RequestId;
pub(crate) use security_headers::STATIC;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, web};
use tracing::Instrument as _;

use self::body_deadline::WatchedBody;
use self::cors::Cors;
use self::log::Record;
use crate::limits::tell_limits;
use crate::settings::HttpSettings;
use crate::state::Http;

/// Every step, in one middleware: a middleware each would cost every request a future on the heap
/// for each. What begins first ends last.
pub(crate) async fn pass(
    mut request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse, Error> {
    let http = request.app_data::<web::Data<Http>>().cloned();
    let http = http.as_ref().map(|http| http.get_ref());
    let settings = http.map(|http| &http.settings);

    let id = request_id::give(&request);
    let record = Record::begin(&request, http);
    let cors = Cors::of(&request, settings);
    let mut response = if cors.is_preflight() {
        request.into_response(HttpResponse::NoContent())
    } else {
        let body = WatchedBody::of(
            &mut request,
            settings.map(|settings| settings.body_deadline),
        );
        let answering = async {
            let response = next.call(request).await?;
            Ok::<_, Error>(problems::render(response))
        };
        let mut response = answering.instrument(record.span().clone()).await?;
        tell_limits(&mut response);
        body.judge(response)
    };
    cors.tell(&mut response);
    let is_https = settings.is_some_and(HttpSettings::is_https);
    security_headers::add_to(&mut response, is_https);
    record.end(&response, http);
    request_id::tell(id, &mut response);
    Ok(response)
}

/// The same without what only the server itself has: for a listener that knows no origins, limits or
/// figures of requests.
pub(crate) async fn pass_aside(
    mut request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse, Error> {
    let id = request_id::give(&request);
    let body = WatchedBody::of(&mut request, None);
    let response = next.call(request).await?;
    let mut response = body.judge(problems::render(response));
    security_headers::add_to(&mut response, false);
    request_id::tell(id, &mut response);
    Ok(response)
}
