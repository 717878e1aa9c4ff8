//! The listener that gives the figures to Prometheus, and nothing else to anybody.

use std::net::TcpListener;
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::http::header;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpResponse, HttpServer, web};
use kogents_domain::ids::IdGenerator;
use prometheus::{Encoder as _, Registry, TextEncoder};

use crate::middleware::pass_aside;
use crate::problem::{Code, Problem};
use crate::server::no_such_route;

const METHODS: &str = "GET, HEAD";

/// Serves `/metrics` of a registry on a listener of its own. Whatever else is asked of it gets a
/// problem, as from the server itself, under an id that `ids` makes.
///
/// # Errors
/// When the listener cannot be used.
pub fn metrics_server(
    registry: Registry,
    ids: Arc<dyn IdGenerator>,
    listener: TcpListener,
) -> std::io::Result<Server> {
    let server = HttpServer::new(move || {
        let metrics = web::resource("/metrics")
            .route(web::get().to(present))
            .route(web::head().to(present))
            .default_service(web::to(method_not_allowed));
        App::new()
            .app_data(web::Data::new(registry.clone()))
            .app_data(web::Data::from(Arc::clone(&ids)))
            .service(metrics)
            .default_service(web::to(no_such_route))
            .wrap(from_fn(pass_aside))
    })
    .workers(1)
    .disable_signals()
    .shutdown_timeout(1)
    .listen(listener)?;
    Ok(server.run())
}

async fn present(registry: web::Data<Registry>) -> Result<HttpResponse, Problem> {
    let mut text = Vec::new();
    let encoder = TextEncoder::new();
    encoder
        .encode(&registry.gather(), &mut text)
        .map_err(|error| Problem::new(Code::Internal).cause(error))?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, encoder.format_type().to_owned()))
        .body(text))
}

async fn method_not_allowed() -> Result<HttpResponse, Problem> {
    Err(Problem::new(Code::MethodNotAllowed).allow(METHODS))
}
