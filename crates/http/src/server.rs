//! Builds the server: the table of routes inside the middleware, on a listener.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{HttpService, Protocol};
use actix_service::{IntoServiceFactory as _, ServiceFactoryExt as _, fn_service, map_config};
use actix_web::body::BoxBody;
use actix_web::dev::{AppConfig, Server, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::{App, Error, HttpResponse, rt, web};

use crate::guarded_stream::GuardedStream;
use crate::middleware::pass;
use crate::problem::{Code, Problem};
use crate::routes;
use crate::state::Http;
use crate::timed_stream::{StreamLimits, TimedStream};

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
    let head_deadline = http.settings.head_deadline;
    let limits = StreamLimits {
        head: head_deadline,
        answer: http.settings.answer_deadline,
        // The library's own limits come first where it has any.
        idle: KEEP_ALIVE.saturating_add(head_deadline),
    };
    let of_each = http.settings.max_connections.checked_div(workers);
    // Threads begin later, each with routes of its own; whoever reads the figures before finds all.
    for entry in routes::served(&http) {
        http.metrics.of_route(entry.path, &entry.method);
    }
    let http = web::Data::new(http);
    let server = Server::build();
    let stopping = server.graceful_shutdown_signal();
    let server = server
        .workers(workers)
        .max_concurrent_connections(of_each.unwrap_or(1).max(1))
        .disable_signals()
        .shutdown_timeout(shutdown_secs)
        .listen("http", listener, move || {
            let stopping = stopping.clone();
            let app = app(http.clone())
                .into_factory()
                .map_err(|error| error.error_response());
            let service = HttpService::build()
                .graceful_shutdown_signal(move || {
                    let stopping = stopping.clone();
                    async move { stopping.notified().await }
                })
                .client_request_timeout(head_deadline)
                .client_disconnect_timeout(DISCONNECT_TIMEOUT)
                .keep_alive(KEEP_ALIVE)
                .finish(map_config(app, |()| AppConfig::default()));
            fn_service(move |stream| guarded(stream, limits)).and_then(service)
        })?;
    Ok(server.run())
}

/// A connection as the HTTP service takes it. `HttpServer` would do without guard and limits.
async fn guarded(
    stream: rt::net::TcpStream,
    limits: StreamLimits,
) -> Result<
    (
        GuardedStream<TimedStream<rt::net::TcpStream>>,
        Protocol,
        Option<SocketAddr>,
    ),
    DispatchError,
> {
    let peer = stream.peer_addr().ok();
    let stream = GuardedStream::new(TimedStream::new(stream, limits));
    Ok((stream, Protocol::Http1, peer))
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
    let metrics = http.metrics.clone();
    App::new()
        .app_data(web::Data::from(Arc::clone(&http.ids)))
        .app_data(http)
        .configure(|config| routes::register(config, &entries, &metrics))
        .default_service(web::to(no_such_route))
        .wrap(from_fn(pass))
}

/// Answers where there is no route.
pub(crate) async fn no_such_route() -> Result<HttpResponse, Problem> {
    Err(Problem::new(Code::NotFound))
}
