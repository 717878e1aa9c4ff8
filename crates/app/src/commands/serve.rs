//! `kogents serve`: start, say so, run until told to stop.

use std::path::Path;
use std::sync::Arc;

use kogents_adapter_crypto::SystemClock;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::announcement;
use crate::app::App;
use crate::config::{Config, Source};
use crate::failure::Failure;
use crate::logging;

/// Runs the server until SIGTERM or SIGINT, then ends it in order.
pub(crate) async fn serve() -> Result<(), Failure> {
    let config = Config::read(&Source::system(Path::new(".")))?;
    let _writing = logging::begin_of_server(&config.log)?;
    // Before anything else is begun, so that no signal is missed.
    let mut stop = StopSignals::listen()?;

    let mode = config.mode;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut app = tokio::select! {
        started = App::start(config, Arc::new(SystemClock), threads) => started?,
        name = stop.next() => {
            tracing::info!(signal = name, "stopped while starting");
            return Ok(());
        }
    };
    announcement::announce(mode, app.facts());

    tokio::select! {
        failure = app.ended() => {
            app.stop().await;
            Err(failure)
        }
        name = stop.next() => {
            tracing::info!(signal = name, "stopping");
            // Whoever tells it again does not want to wait for those who hand out requests.
            tokio::select! {
                () = app.step_aside() => {}
                name = stop.next() => tracing::info!(signal = name, "stopping at once"),
            }
            app.stop().await;
            tracing::info!("stopped");
            Ok(())
        }
    }
}

/// The signals by which an operator or a service manager stops a program.
struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    fn listen() -> Result<Self, Failure> {
        let listen = |kind| {
            signal(kind).map_err(|error| Failure::Setup {
                part: "the handling of signals",
                reason: error.to_string(),
            })
        };
        Ok(Self {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}
