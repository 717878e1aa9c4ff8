//! The log: one event a line, JSON in production, readable in development.

mod one_line;

use std::io::IsTerminal as _;

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use self::one_line::OneLine;
use crate::config::{Log, LogFormat};
use crate::failure::Failure;

/// Where the log goes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stream {
    /// Standard output: of a server, which says nothing else there for long.
    Output,
    /// Standard error: of a command, whose output is for whoever called it.
    Error,
}

/// Begins to log. Panics are logged too, wherever they happen.
///
/// # Errors
/// [`Failure::Setup`] when this process logs already.
pub(crate) fn start(log: &Log, stream: Stream) -> Result<(), Failure> {
    let subscriber = match stream {
        Stream::Output => subscriber(log, std::io::stdout().is_terminal(), std::io::stdout),
        Stream::Error => subscriber(log, std::io::stderr().is_terminal(), std::io::stderr),
    };
    tracing::subscriber::set_global_default(subscriber).map_err(|error| Failure::Setup {
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

/// What takes events and writes them as a log says. Only text has colours.
///
/// Records of the `log` crate are not among them, whatever the level: the database's client library
/// would tell each statement with its values there.
pub fn subscriber<W>(log: &Log, has_colours: bool, writer: W) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    let builder = tracing_subscriber::fmt().with_env_filter(EnvFilter::new(&log.filter));
    match log.format {
        LogFormat::Json => {
            let builder = builder.json().flatten_event(true).with_writer(writer);
            Box::new(builder.finish())
        }
        LogFormat::Text => {
            let writer = OneLine {
                writer,
                has_colours,
            };
            let builder = builder.with_ansi(has_colours).with_target(false);
            Box::new(builder.with_writer(writer).finish())
        }
    }
}

#[cfg(test)]
pub(crate) mod kept;
#[cfg(test)]
mod tests;
