//! The log of every server of these tests, at its most talkative, and that it tells no secret.
//!
//! All events of all crates are kept, at TRACE and whatever a test is about. [`Client`] tells what
//! is secret of that which it sends and receives: passwords, tokens, signups, codes, mailed links,
//! persons' addresses; servers tell what they are configured with. When a server goes, everything
//! that was kept is searched, and its test fails if anything is found. So it is with servers in
//! this process and with those that are the built program. Not seen are requests that a test
//! sends without [`Client`].
//!
//! [`Client`]: super::Client

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use aho_corasick::AhoCorasick;
use kogents::config::{Log, LogFormat};
use serde_json::Value;

use super::Answer;

/// `LOG_LEVEL` with which every crate says all that it has to say.
pub(crate) const EVERYTHING: &str = "trace,kogents=trace";

/// Shorter texts stand in a log by chance.
const SHORTEST: usize = 12;
/// As much of the end of a long secret is looked for.
const LONGEST: usize = 64;
/// How much of what was searched already is searched again, for secrets that come up late.
const KEPT: usize = 4 << 20;
/// What stands under these names is secret.
const NAMES: [&str; 12] = [
    "password",
    "currentPassword",
    "newPassword",
    "access_token",
    "refresh_token",
    "token",
    "apiToken",
    "sessionId",
    "email",
    "to",
    "otp",
    "text",
];

static SECRETS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
static EVENTS: Mutex<Vec<u8>> = Mutex::new(Vec::new());

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Held beside a server in this process; searches its log when it goes.
pub(crate) struct Watch(());

impl Watch {
    pub(crate) fn begin() -> Self {
        static BEGUN: Once = Once::new();
        BEGUN.call_once(|| {
            let log = Log {
                filter: EVERYTHING.to_owned(),
                format: LogFormat::Json,
            };
            let subscriber = kogents::logging::subscriber(&log, false, || Keeper);
            tracing::subscriber::set_global_default(subscriber).unwrap();
        });
        Self(())
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let mut events = locked(&EVENTS);
        assert_tells_nothing(&events);
        let searched = events.len().saturating_sub(KEPT);
        events.drain(..searched);
    }
}

/// Keeps what is written.
struct Keeper;

impl Write for Keeper {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        locked(&EVENTS).extend_from_slice(event);
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The lines that servers in this process have logged and that hold a text.
pub(crate) fn lines_with(text: &str) -> Vec<String> {
    let events = locked(&EVENTS);
    let events = String::from_utf8_lossy(&events);
    let lines = events.lines().filter(|line| line.contains(text));
    lines.map(str::to_owned).collect()
}

/// Fails when a secret that is known by now stands in a log.
pub(crate) fn assert_tells_nothing(log: &[u8]) {
    let secrets: Vec<String> = locked(&SECRETS).iter().cloned().collect();
    if let Some(line) = telling(log, &secrets) {
        panic!("the log tells a secret: {line}");
    }
}

/// The first line of a log that tells one of these.
fn telling(log: &[u8], secrets: &[String]) -> Option<String> {
    let found = AhoCorasick::new(secrets).unwrap();
    let found = found.find_iter(log).find(|found| {
        // Six digits are a code where nothing makes them a part of something else.
        let is_part = |octet: Option<&u8>| {
            octet.is_some_and(|octet| octet.is_ascii_alphanumeric() || b".-_".contains(octet))
        };
        let before = found.start().checked_sub(1).and_then(|at| log.get(at));
        !is_code(&secrets[found.pattern().as_usize()])
            || !(is_part(before) || is_part(log.get(found.end())))
    })?;
    let start = log[..found.start()]
        .iter()
        .rposition(|octet| *octet == b'\n');
    let end = log[found.end()..].iter().position(|octet| *octet == b'\n');
    let end = end.map_or(log.len(), |end| found.end() + end);
    let line = &log[start.map_or(0, |start| start + 1)..end];
    Some(String::from_utf8_lossy(line).into_owned())
}

fn is_code(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|octet| octet.is_ascii_digit())
}

/// Ids are in the log on purpose, also when a test tries one as a token.
fn is_id(text: &str) -> bool {
    let is_hex = |part: &str| part.bytes().all(|octet| octet.is_ascii_hexdigit());
    text.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && text.split('-').all(is_hex)
}

/// Makes a text a secret, unless it is so short that it stands anywhere.
pub(crate) fn secret(text: &str) {
    if text.trim().len() < SHORTEST || is_id(text) {
        return;
    }
    let excess = text.char_indices().rev().nth(LONGEST - 1);
    let kept = excess.map_or(text, |(at, _)| &text[at..]);
    locked(&SECRETS).insert(kept.to_owned());
}

/// What is secret of settings: what is named so, and the passwords of URLs.
pub(crate) fn settings<'a>(settings: impl IntoIterator<Item = &'a (&'a str, &'a str)>) {
    for (name, value) in settings {
        if ["SECRET", "_KEY", "_SALT", "_PASS", "_TOKEN"]
            .iter()
            .any(|part| name.contains(part))
        {
            secret(value);
        }
        let url = url::Url::parse(value).ok();
        secret(
            url.as_ref()
                .and_then(url::Url::password)
                .unwrap_or_default(),
        );
    }
}

/// What is secret of a request.
pub(crate) fn request(request: &reqwest::Request) {
    for name in ["authorization", "cookie"] {
        let values = request.headers().get_all(name).iter();
        for value in values.filter_map(|value| value.to_str().ok()) {
            value.split([' ', ';', '=']).for_each(secret);
        }
    }
    let body = request.body().and_then(reqwest::Body::as_bytes);
    if let Ok(body) = serde_json::from_slice(body.unwrap_or_default()) {
        tree(&body);
    }
}

/// What is secret of an answer.
pub(crate) fn answer(answer: &Answer) {
    secret(&answer.refresh_cookie().unwrap_or_default());
    if let Ok(body) = serde_json::from_str(&answer.text) {
        tree(&body);
    }
}

/// What is secret of a document: what stands under one of the names.
pub(crate) fn tree(value: &Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(text) if NAMES.contains(&name.as_str()) => member(name, text),
                    Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
                    Value::Array(_) | Value::Object(_) => tree(value),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(tree),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn member(name: &str, text: &str) {
    match name {
        // The signup's; that of a session is an id and stands in the log.
        "sessionId" if !text.starts_with("sgn_") => {}
        "email" | "to" => {
            if let Some((local, domain)) = text.trim().split_once('@')
                && text.is_ascii()
                && domain.contains('.')
            {
                let mut secrets = locked(&SECRETS);
                secrets.insert(format!("{local}@{domain}"));
                secrets.insert(format!("{local}%40{domain}"));
            }
        }
        "otp" => {
            locked(&SECRETS).insert(text.to_owned());
        }
        // A mail: its links carry tokens.
        "text" => text
            .split("token=")
            .skip(1)
            .filter_map(|rest| rest.split_whitespace().next())
            .for_each(secret),
        _ => secret(text),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn is_found(secret: &str, log: &str) -> bool {
        telling(log.as_bytes(), &[secret.to_owned()]).is_some()
    }

    #[test]
    fn a_secret_is_found_wherever_it_stands() {
        let secret = "SecurePassword123!";
        assert!(is_found(
            secret,
            "first\n{\"a\":\"xSecurePassword123!y\"}\nlast\n"
        ));
        assert!(!is_found(secret, "SecurePassword123?"));
        let line = telling(b"first\nsecond: canary!\nlast", &["canary".to_owned()]);
        assert_eq!(line.unwrap(), "second: canary!");
    }

    #[test]
    fn six_digits_are_a_code_where_they_stand_alone() {
        for log in [
            "code 012345",
            "\"code\":\"012345\"",
            "012345\n",
            "x=012345,",
        ] {
            assert!(is_found("012345", log), "{log}");
        }
        for log in [
            "12:00:00.012345Z",
            "0123456",
            "a012345",
            "-012345-",
            "0x012345",
        ] {
            assert!(!is_found("012345", log), "{log}");
        }
    }

    #[test]
    fn what_is_sent_and_received_is_known_to_be_secret() {
        tree(&json!({
            "email": "watched@example.com",
            "password": "watched password",
            "more": [{ "apiToken": "watched-api-token", "sessionId": "sgn_watched-signup" }],
            "session": { "sessionId": "0192f3c0-1111-7abc-8def-0123456789ab" },
            "text": "Open https://example.com/reset?token=watched-link-token\nnow",
            "token": "0192f3c0-1111-7abc-8def-0123456789ab",
            "name": "watched, but no secret",
        }));
        let known = locked(&SECRETS);
        let known: Vec<&str> = known
            .iter()
            .filter(|secret| secret.contains("watched") || secret.contains("0192f3c0"))
            .map(String::as_str)
            .collect();
        let expected = [
            "sgn_watched-signup",
            "watched password",
            "watched%40example.com",
            "watched-api-token",
            "watched-link-token",
            "watched@example.com",
        ];
        assert_eq!(known, expected);
    }
}
