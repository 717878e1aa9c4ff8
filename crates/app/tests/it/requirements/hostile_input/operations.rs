//! The operations of the published document, each with a request that it would take.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::Value;

use super::request::Request;
use crate::support::Client;

/// One operation.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    pub(super) name: String,
    pub(super) signed_in: bool,
    pub(super) takes_body: bool,
    /// Whether a body may be declared as plain text.
    pub(super) takes_text: bool,
    /// The statuses that the document names.
    pub(super) statuses: BTreeSet<u16>,
    request: Request,
}

impl Operation {
    /// A request that the operation would take.
    pub(super) fn request(&self, access_token: &str) -> Request {
        let request = self.request.clone();
        if self.signed_in {
            request.header("Authorization", format!("Bearer {access_token}"))
        } else {
            request
        }
    }
}

/// Every operation that a server publishes.
pub(super) async fn published(client: &Client) -> Vec<Operation> {
    let document = client.get("/openapi.json").await.expect(200);
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            operations.push(read(&document, method, path, operation));
        }
    }
    assert!(operations.len() > 20, "{}", operations.len());
    operations
}

fn read(document: &Value, method: &str, path: &str, operation: &Value) -> Operation {
    let method = method.to_ascii_uppercase();
    let target = kogents_http::walk::sample_path(path);
    assert!(
        !target.contains('{'),
        "{path} has a parameter without a value"
    );
    let mut request = Request::new(&method, &target).header("X-Client-Type", "native");
    let schema = operation.pointer("/requestBody/content/application~1json/schema");
    if let Some(schema) = schema {
        let example = kogents_http::walk::example(document, schema);
        request = request
            .header("Content-Type", "application/json")
            .body(example.to_string());
    }
    let statuses = operation["responses"].as_object().unwrap().keys();
    Operation {
        name: format!("{method} {path}"),
        signed_in: kogents_http::walk::needs_token(operation),
        takes_body: schema.is_some(),
        takes_text: operation
            .pointer("/requestBody/content/text~1plain")
            .is_some(),
        statuses: statuses.map(|status| status.parse().unwrap()).collect(),
        request,
    }
}

/// Whether an access token is still taken.
pub(super) async fn is_live(client: &Client, access_token: &str) -> bool {
    let request = client.request(Method::GET, "/health/sessions");
    client.send(request.bearer_auth(access_token)).await.status == 200
}
