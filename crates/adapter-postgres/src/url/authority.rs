//! The part of the URL before the path, and the parameters that take its place.

use super::invalid;
use crate::open_error::OpenError;

/// Puts a URL together that the client library reads as libpq would: a parameter `host` or `port`
/// counts instead of what stands before the path, where the library would count both.
pub(super) fn merge(base: &str, parameters: &[(&str, &str)]) -> Result<String, OpenError> {
    let Some((scheme, rest)) = base.split_once("://") else {
        return Err(invalid("it must begin with postgresql://"));
    };
    let (login, place) = match rest.split_once('@') {
        Some((login, place)) => (Some(login), place),
        None => (None, rest),
    };
    if place.contains('@') {
        return Err(invalid(
            "it has more than one @; write those in names and passwords percent-encoded (%40)",
        ));
    }
    let (address, path) = match place.split_once('/') {
        Some((address, path)) => (address, path),
        None => (place, ""),
    };
    let last = |wanted: &str| {
        let found = parameters.iter().rev().find(|(key, _)| *key == wanted);
        found.map(|(_, value)| *value)
    };
    let (address, moved) = match (last("host"), last("port")) {
        (None, None) => (address.to_owned(), Vec::new()),
        (Some(host), port) => {
            let port = port.or_else(|| split_port(address).1);
            let moved = [("host", Some(host)), ("port", port)];
            (String::new(), moved.into_iter().collect())
        }
        (None, Some(port)) => (format!("{}:{port}", split_port(address).0), Vec::new()),
    };
    let login = login.map(|login| format!("{login}@")).unwrap_or_default();
    let query: Vec<String> = moved
        .into_iter()
        .filter_map(|(key, value)| value.map(|value| (key, value)))
        .chain(
            parameters
                .iter()
                .copied()
                .filter(|(key, _)| !matches!(*key, "host" | "port")),
        )
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    Ok(format!(
        "{scheme}://{login}{address}/{path}?{}",
        query.join("&")
    ))
}

/// A host, which may be an IPv6 address in brackets, and its port.
fn split_port(address: &str) -> (&str, Option<&str>) {
    let after_brackets = address.rfind(']').unwrap_or(0);
    match address.rfind(':') {
        Some(at) if at >= after_brackets => {
            (address.get(..at).unwrap_or_default(), address.get(at + 1..))
        }
        Some(_) | None => (address, None),
    }
}
