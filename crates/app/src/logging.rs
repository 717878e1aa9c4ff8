//! The log: one event a line, JSON in production, readable in development.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};
use crate::failure::Failure;

/// Begins to log to standard output. Panics are logged too, wherever they happen.
///
/// # Errors
/// [`Failure::Setup`] when this process logs already.
pub(crate) fn start(log: &Log) -> Result<(), Failure> {
    let builder = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(&log.filter))
        .with_writer(std::io::stdout);
    match log.format {
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
        LogFormat::Text => builder
            .with_ansi(std::io::stdout().is_terminal())
            .with_target(false)
            .try_init(),
    }
    .map_err(|error| Failure::Setup {
        part: "the log",
        reason: error.to_string(),
    })?;
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let said = panic.payload_as_str().unwrap_or("without a text");
        tracing::error!(place, panic = said, "something panicked");
    }));
    Ok(())
}
