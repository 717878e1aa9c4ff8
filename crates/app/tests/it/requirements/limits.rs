//! S24: every limit blocks, says truly for how long, and locks nobody out who should be let in.

mod every_rule;
mod login;
mod telling;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use kogents::config::Config;
use kogents_domain::limits::{LimitRule, LimitRules};

use crate::support::{Answer, Backend, Client, TestApp};

/// A server with these rules at their defaults and no others, that believes whoever forwards an
/// address, and whose time stands still: what follows is a burst within one millisecond.
async fn limited(backend: &Backend, rules: &[LimitRule]) -> TestApp {
    let app = backend.start_with(|config| limit(config, rules)).await;
    app.stand_still();
    app
}

/// Sets these rules to their defaults.
fn limit(config: &mut Config, rules: &[LimitRule]) {
    config.server.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    for rule in rules {
        let limits = LimitRules::default_of(*rule);
        config.limits.rules = config.limits.rules.clone().with(*rule, limits);
    }
}

/// A request from a client at this address.
fn from(client: &Client, method: Method, path: &str, address: &str) -> RequestBuilder {
    let request = client.request(method, path);
    request.header("X-Forwarded-For", address)
}

async fn post_from(client: &Client, path: &str, body: &Value, address: &str) -> Answer {
    let request = from(client, Method::POST, path, address);
    client.send(request.json(body)).await
}

async fn log_in_from(client: &Client, email: &str, password: &str, address: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    post_from(client, "/auth/login", &body, address).await
}

/// Another client's address for each number.
fn client_address(number: usize) -> String {
    format!("198.51.{}.{}", 100 + number / 250, 1 + number % 250)
}

/// The seconds that a refusal by a limit says to wait.
#[track_caller]
fn wait_secs(refused: &Answer) -> i64 {
    assert_eq!(refused.problem(429), "rate_limited");
    let said = refused.header("retry-after").expect("says when");
    let secs = said.parse().expect("whole seconds");
    assert!(secs >= 1, "{secs}");
    secs
}
