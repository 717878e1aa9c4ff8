//! What is logged, and how.

use tracing_subscriber::filter::Targets;

use super::mode::Mode;
use super::parse::choice;
use super::reader::Reader;

/// What is logged, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// `LOG_LEVEL` as directives of `tracing_subscriber::filter::Targets`.
    pub filter: String,
    /// `LOG_FORMAT`.
    pub format: LogFormat,
}

/// How a log event looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line, for programs.
    Json,
    /// One line of text, for persons.
    Text,
}

const LEVELS: [(&str, &str); 6] = [
    ("off", "off"),
    ("error", "error"),
    ("warn", "warn"),
    ("info", "info"),
    ("debug", "debug"),
    ("trace", "trace"),
];

pub(super) fn read(reader: &mut Reader<'_>, mode: Mode) -> Log {
    let format = match mode {
        Mode::Development => LogFormat::Text,
        Mode::Production => LogFormat::Json,
    };
    let formats = [("json", LogFormat::Json), ("text", LogFormat::Text)];
    Log {
        filter: reader.or("LOG_LEVEL", of_level("info"), filter),
        format: reader.or("LOG_FORMAT", format, choice(&formats)),
    }
}

/// A level for our own crates, or directives in full.
fn filter(text: &str) -> Result<String, String> {
    if let Ok(level) = choice(&LEVELS)(text) {
        return Ok(of_level(level));
    }
    if text.contains('=') && text.split(',').all(is_directive) && text.parse::<Targets>().is_ok() {
        return Ok(text.to_owned());
    }
    Err(
        "must be one of: off, error, warn, info, debug, trace; or directives such as \
         info,kogents=debug"
            .to_owned(),
    )
}

/// Whether this is a level, or a target with a level. The library takes whatever else for a target
/// that nothing has.
fn is_directive(text: &str) -> bool {
    let is_level = |text: &str| choice(&LEVELS)(text).is_ok();
    let of_target =
        |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'_' | b':' | b'-');
    match text.split_once('=') {
        Some((target, level)) => {
            !target.is_empty() && target.bytes().all(of_target) && is_level(level)
        }
        None => is_level(text),
    }
}

/// Libraries say less than we do by a mere level: what they tell at `info` is noise, and at
/// `debug` it can be whole conversations with a mail server.
///
/// A head that is no HTTP is the sender's fault and answered with 400; the server's library calls
/// it an error all the same, so that anybody could fill the log.
fn of_level(level: &str) -> String {
    let level = match level {
        "info" => "warn,kogents=info".to_owned(),
        "debug" | "trace" => format!("info,kogents={level}"),
        _ => level.to_owned(),
    };
    format!("{level},actix_http::h1::dispatcher=off")
}
