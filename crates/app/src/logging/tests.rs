//! One event is one line, in either form, whatever its values hold.

use kogents_domain::text::is_control_or_bidi;

use super::kept::Kept;
use super::*;

const HOSTILE: [&str; 9] = [
    "Ada\nLovelace",
    "\r\n2026-01-01T00:00:00.000000Z ERROR forged: by a name\r\n",
    "\n{\"level\":\"ERROR\",\"message\":\"forged\"}\n",
    "\u{1B}[2J\u{1B}[31mred\u{1B}[0m\u{7}\u{8}\u{C}",
    "\u{9B}31m\u{85}\u{2028}\u{2029}\u{202E}",
    "=?utf-8?q?=0D=0Aforged?=",
    "\"quoted\" \\ 'and' `so on` {} %s",
    "\u{0}\u{1}\u{1F}\u{7F}",
    "\n",
];

/// What the log is when `tell` is told.
fn logged(format: LogFormat, tell: impl FnOnce()) -> String {
    let kept = Kept::default();
    let log = Log {
        filter: "trace".to_owned(),
        format,
    };
    let writer = kept.clone();
    let subscriber = subscriber(&log, false, move || writer.clone());
    tracing::subscriber::with_default(subscriber, tell);
    kept.text()
}

/// The ways in which a value gets into an event; each tells one.
fn tell_in_every_way(value: &str) {
    tracing::info!("{value}");
    tracing::info!(value, "as text");
    tracing::info!(%value, "as it shows");
    tracing::info!(?value, "as it looks inside");
    tracing::info!(error = %std::io::Error::other(value), "as an error");
    let own = std::io::Error::other(value);
    let own: &dyn std::error::Error = &own;
    tracing::info!(error = own, "as its own");
    let span = tracing::info_span!("request", value, shown = %value);
    span.in_scope(|| tracing::info!("within"));
}

const WAYS: usize = 7;

#[test]
fn s30_an_event_is_one_line_of_text_whatever_is_in_a_value() {
    for value in HOSTILE {
        let log = logged(LogFormat::Text, || tell_in_every_way(value));
        let lines: Vec<&str> = log.split_terminator('\n').collect();
        assert_eq!(lines.len(), WAYS, "{value:?} in {log}");
        for line in lines {
            let (time, rest) = line
                .split_once("  INFO ")
                .unwrap_or_else(|| panic!("{line:?}"));
            assert!(time.ends_with('Z') && !time.contains(' '), "{line:?}");
            // What moves a terminal's cursor, colours or reorders does none of that.
            assert!(!rest.contains(is_control_or_bidi), "{line:?}");
        }
    }
}

#[test]
fn s30_an_event_is_one_object_of_json_whatever_is_in_a_value() {
    for value in HOSTILE {
        let log = logged(LogFormat::Json, || tell_in_every_way(value));
        let lines: Vec<&str> = log.split_terminator('\n').collect();
        assert_eq!(lines.len(), WAYS, "{value:?} in {log}");
        for line in &lines {
            let event: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(event["level"], "INFO", "{line}");
            assert!(event["message"].is_string(), "{line}");
        }
        let shown: serde_json::Value = serde_json::from_str(lines[2]).unwrap();
        assert_eq!(shown["value"], value);
    }
}
