//! What errors keep to themselves.

use std::collections::BTreeSet;
use std::sync::Arc;

use kogents_domain::store::Store;
use serde_json::Value;

use super::fixture::{FailingStore, INTERNALS, NoStore, PanickingStore, http_over, settings};
use super::walk::{Answer, walk};

/// What would tell of SQL, paths, types, crates or defects.
const TELLTALES: [&str; 34] = [
    "SELECT ",
    "INSERT ",
    "UPDATE ",
    "DELETE ",
    "BEGIN",
    " FROM ",
    "WHERE",
    "$1",
    "password_hash",
    "no such table",
    "relation ",
    "constraint",
    "sqlite",
    "postgres",
    "redis",
    "diesel",
    "tokio",
    "actix",
    "serde",
    "utoipa",
    "jsonwebtoken",
    "kogents_",
    "adapter",
    "usecases",
    "crates/",
    "src/",
    ".rs",
    "/var/",
    ".db",
    "::",
    "Error(",
    "panic",
    "unwrap",
    "Mock",
];

/// Where an answer tells what it should not: in a header or in its body.
fn told(answer: &Answer) -> Vec<String> {
    let headers = answer
        .headers
        .iter()
        // It names the methods that a route takes.
        .filter(|(name, _)| *name != "allow")
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())));
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    let mut found = Vec::new();
    for text in headers.chain([body]) {
        found.extend(
            TELLTALES
                .iter()
                .filter(|telltale| tells(&text, telltale))
                .map(|telltale| format!("{}: {telltale:?} in {text}", answer.name())),
        );
    }
    found
}

/// Statements are written in upper case; the same words in prose tell nothing.
fn tells(text: &str, telltale: &str) -> bool {
    if telltale.chars().any(|c| c.is_ascii_uppercase()) {
        text.contains(telltale)
    } else {
        text.to_lowercase().contains(telltale)
    }
}

#[test]
fn the_telltales_are_found_where_they_are() {
    let found = TELLTALES.iter().filter(|t| tells(INTERNALS, t)).count();
    assert!(found > 10, "{found}");
}

#[actix_web::test]
async fn s30_no_error_tells_of_sql_paths_types_or_crates() {
    let stores: [(Arc<dyn Store>, u16, &str); 3] = [
        (Arc::new(NoStore), 503, "unavailable"),
        (Arc::new(FailingStore), 500, "internal"),
        (Arc::new(PanickingStore), 500, "internal"),
    ];
    let mut met = BTreeSet::new();
    for (store, status, code) in stores {
        let mut reached = 0;
        for origin in ["https://app.example.com", "https://evil.example"] {
            let http = http_over(settings(), Arc::clone(&store));
            for answer in walk(http, &[("origin", origin), ("accept", "*/*")]).await {
                if !answer.is_error() {
                    continue;
                }
                met.insert(answer.status.as_u16());
                assert_eq!(told(&answer), Vec::<String>::new());
                let body: Value = serde_json::from_slice(&answer.body).unwrap();
                if answer.status == status {
                    reached += 1;
                    assert_eq!(body["code"], code, "{}", answer.name());
                }
            }
        }
        assert!(reached > 2, "{reached} requests met the store");
    }
    for status in [400, 401, 403, 404, 405, 413, 415, 500, 503] {
        assert!(met.contains(&status), "{status} is not among {met:?}");
    }
}
