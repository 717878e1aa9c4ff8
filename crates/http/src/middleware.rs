//! What every request passes on its way in and every answer on its way out.

mod body_deadline;
mod cors;
mod log;
mod problems;
mod request_id;
mod security_headers;
mod trace_context;

pub(crate) use body_deadline::limit_body_time;
pub(crate) use cors::answer_cors;
pub(crate) use log::log_and_count;
pub(crate) use problems::{AsIs, render_problems};
pub(crate) use request_id::{RequestId, give_request_id};
pub(crate) use security_headers::{STATIC, add_security_headers};

use std::sync::Arc;

use actix_web::web;

use crate::state::Http;

/// The server's state, from a request that any middleware of [`crate::server`] sees.
fn state(request: &actix_web::HttpRequest) -> Option<Arc<Http>> {
    request
        .app_data::<web::Data<Http>>()
        .map(|data| Arc::clone(data))
}
