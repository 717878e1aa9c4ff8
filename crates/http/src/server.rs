//! Builds the server: the table of routes inside the middleware, on a listener.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::dev::{Server, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::{App, Error, HttpResponse, HttpServer, web};

use crate::limits::tell_limits;
use crate::middleware::{
    add_security_headers, answer_cors, give_request_id, limit_body_time, log_and_count,
    render_problems,
};
use crate::problem::{Code, Problem};
use crate::routes;
use crate::state::Http;

/// How long a client may take to send a request's head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection may stay open between two requests.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long a client may take to end its side of a connection that the server is closing.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// Serves on a listener, with so many threads. The caller handles signals, and stops the server
/// by its handle: accepted requests are finished, for as long as the settings say.
///
/// # Errors
/// When the listener cannot be used.
pub fn serve(http: Http, listener: TcpListener, workers: usize) -> std::io::Result<Server> {
    let shutdown_secs = http.settings.shutdown_timeout.as_secs();
    let http = web::Data::new(http);
    let server = HttpServer::new(move || app(http.clone()))
        .workers(workers)
        .disable_signals()
        .client_request_timeout(HEAD_TIMEOUT)
        .client_disconnect_timeout(DISCONNECT_TIMEOUT)
        .keep_alive(KEEP_ALIVE)
        .shutdown_timeout(shutdown_secs)
        .listen(listener)?;
    Ok(server.run())
}

/// The application as one worker has it.
pub(crate) fn app(
    http: web::Data<Http>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = Error,
        InitError = (),
    >,
> {
    let entries = routes::served(&http);
    // The last one wrapped is the outermost.
    App::new()
        .app_data(web::Data::from(Arc::clone(&http.ids)))
        .app_data(http)
        .configure(|config| routes::register(config, &entries))
        .default_service(web::to(no_such_route))
        .wrap(from_fn(render_problems))
        .wrap(from_fn(tell_limits))
        .wrap(from_fn(limit_body_time))
        .wrap(from_fn(answer_cors))
        .wrap(from_fn(add_security_headers))
        .wrap(from_fn(log_and_count))
        .wrap(from_fn(give_request_id))
}

/// Answers where there is no route.
pub(crate) async fn no_such_route() -> Result<HttpResponse, Problem> {
    Err(Problem::new(Code::NotFound))
}
