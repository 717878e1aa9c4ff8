//! The log: one event a line, JSON in production, readable in development.

mod behind;
mod one_line;

use std::io::IsTerminal as _;

use tracing::Subscriber;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;

use self::behind::{Behind, Writing};
use self::one_line::OneLine;
use crate::config::{Log, LogFormat};
use crate::failure::Failure;

/// Begins the log of a server, on standard output, where it says nothing else for long.
///
/// # Errors
/// [`Failure::Setup`] when this process logs already.
pub(crate) fn begin_of_server(log: &Log) -> Result<Writing, Failure> {
    let output = std::io::stdout();
    let has_colours = output.is_terminal();
    let (behind, writing) = Behind::start(output).map_err(|error| failed(&error))?;
    begin(subscriber(log, has_colours, behind))?;
    Ok(writing)
}

/// Begins the log of a command, on standard error: its output is for whoever called it.
///
/// # Errors
/// [`Failure::Setup`] when this process logs already.
pub(crate) fn begin_of_command(log: &Log) -> Result<(), Failure> {
    let has_colours = std::io::stderr().is_terminal();
    begin(subscriber(log, has_colours, std::io::stderr))
}

/// Panics are logged too, wherever they happen.
fn begin(subscriber: Box<dyn Subscriber + Send + Sync>) -> Result<(), Failure> {
    tracing::subscriber::set_global_default(subscriber).map_err(|error| failed(&error))?;
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let said = panic.payload_as_str().unwrap_or("without a text");
        tracing::error!(place, panic = said, "something panicked");
    }));
    Ok(())
}

fn failed(error: &dyn std::error::Error) -> Failure {
    Failure::Setup {
        part: "the log",
        reason: error.to_string(),
    }
}

/// What takes events and writes them as a log says. Only text has colours.
///
/// Records of the `log` crate are not among them, whatever the level: the database's client library
/// would tell each statement with its values there.
pub fn subscriber<W>(log: &Log, has_colours: bool, writer: W) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    // The configuration was read, so that this is one.
    let filter: Targets = log.filter.parse().unwrap_or_default();
    let registry = tracing_subscriber::registry().with(filter);
    let layer = tracing_subscriber::fmt::layer().log_internal_errors(true);
    match log.format {
        LogFormat::Json => {
            let layer = layer.json().flatten_event(true).with_current_span(false);
            Box::new(registry.with(layer.with_writer(writer)))
        }
        LogFormat::Text => {
            let writer = OneLine {
                writer,
                has_colours,
            };
            let layer = layer.with_ansi(has_colours).with_target(false);
            Box::new(registry.with(layer.with_writer(writer)))
        }
    }
}

#[cfg(test)]
pub(crate) mod kept;
#[cfg(test)]
mod tests;
