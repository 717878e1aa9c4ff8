//! `kogents-bench bare`: a program that has of the server's work only what cannot be left out.
//!
//! No middleware, no use cases, no checks: what a request names is taken for what it is. So it is
//! the ceiling that the server is measured beside, and nothing that strangers may reach.

mod activity;
mod ceiling;
mod live;
mod profile;
mod refresh;
mod refused;
mod token;
mod whom;

use actix_web::{App, HttpServer, web};

use crate::environment::Environment;
use crate::failure::Outcome;
use ceiling::Ceiling;

/// Serves until it is told to stop.
pub(crate) async fn run() -> Outcome {
    let environment = Environment::read()?;
    let server = &environment.config.server;
    let address = (server.host, server.port);
    let ceiling = web::Data::new(Ceiling::open(&environment).await);
    let routes = |config: &mut web::ServiceConfig| {
        config
            .route("/live", web::get().to(live::live))
            .route("/activity", web::post().to(activity::activity))
            .route("/activity/token", web::post().to(token::token))
            .route("/profile", web::get().to(profile::profile))
            .route("/refresh", web::post().to(refresh::refresh));
    };
    HttpServer::new(move || App::new().app_data(ceiling.clone()).configure(routes))
        .bind(address)?
        .run()
        .await?;
    Ok(())
}
