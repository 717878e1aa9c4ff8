//! Requests that lead to every kind of answer that every route of the table can give here.

use std::sync::Arc;

use actix_web::http::header::HeaderMap;
use actix_web::http::{Method, StatusCode};
use actix_web::test::{self, TestRequest};
use actix_web::web::{self, Bytes};
use serde_json::Value;

use super::fixture::{self, HEALTH_TOKEN, MEMBER_TOKEN, OneMail, TOKEN};
use crate::access::Access;
use crate::state::Http;
use crate::{openapi_json, routes, server};

type Header = (&'static str, String);

/// A request of the walk.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) headers: Vec<Header>,
    pub(super) body: String,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) sample: Sample,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Answer {
    /// A header, empty when it is not there.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(super) fn is_error(&self) -> bool {
        self.status.is_client_error() || self.status.is_server_error()
    }

    /// For messages.
    pub(super) fn name(&self) -> String {
        let Sample { method, path, .. } = &self.sample;
        format!("{method} {path} {}", self.status)
    }
}

/// A path of the table with something in place of its parameters.
pub(super) fn concrete(path: &str) -> String {
    path.replace("{token}", "current")
        .replace("{file:.*}", "")
        .replace("{code}", "not_found")
        .replace("{id}", "0192f3c0-1111-7abc-8def-0123456789ab")
        .replace("{slug}", "acme")
}

/// The requests: for every route as it is, by other methods, with and without a token, with
/// every kind of body; and some for which there is no route.
pub(super) fn samples() -> Vec<Sample> {
    let document: Value = serde_json::from_str(&openapi_json()).unwrap();
    let mut samples = Vec::new();
    for entry in routes::all() {
        let bare = Sample {
            method: entry.method.clone(),
            path: concrete(entry.path),
            headers: Vec::new(),
            body: String::new(),
        };
        let by = |method| Sample {
            method,
            ..bare.clone()
        };
        samples.extend([
            bare.clone(),
            by(Method::OPTIONS),
            by(Method::from_bytes(b"BREW").unwrap()),
        ]);
        if entry.method == Method::GET {
            samples.push(by(Method::HEAD));
        }
        if entry.access != Access::Public {
            for token in [TOKEN, MEMBER_TOKEN, HEALTH_TOKEN, "forged"] {
                samples.push(Sample {
                    headers: vec![("authorization", format!("Bearer {token}"))],
                    ..bare.clone()
                });
            }
        }
        let method = entry.method.as_str().to_ascii_lowercase();
        let schema = document["paths"][entry.path][method]
            .pointer("/requestBody/content/application~1json/schema");
        samples.extend(schema.into_iter().flat_map(|schema| {
            let fitting = crate::walk::example(&document, schema).to_string();
            bodies(&bare, fitting)
        }));
    }
    for method in [Method::GET, Method::POST] {
        samples.push(Sample {
            method,
            path: "/nothing".to_owned(),
            headers: Vec::new(),
            body: String::new(),
        });
    }
    samples
}

/// A route's request with bodies of every kind.
fn bodies(bare: &Sample, fitting: String) -> Vec<Sample> {
    let native = (crate::walk::Case::HEADER.0, "native".to_owned());
    let cases = [
        ("text/plain", "x".to_owned(), None),
        ("application/json", "{".to_owned(), None),
        ("application/json", "{\"nonsense\":1}".to_owned(), None),
        ("application/json", " ".repeat(64 * 1024 + 1), None),
        ("application/json", fitting.clone(), None),
        ("application/json", fitting, Some(native)),
    ];
    cases
        .into_iter()
        .map(|(content_type, body, header)| Sample {
            headers: [("content-type", content_type.to_owned())]
                .into_iter()
                .chain(header)
                .collect(),
            body,
            ..bare.clone()
        })
        .collect()
}

/// Sends every request to one server that has a mailbox, each with these headers more.
pub(super) async fn walk(mut http: Http, more: &[(&'static str, &str)]) -> Vec<Answer> {
    http.mailbox = Some(Arc::new(OneMail));
    let app = test::init_service(server::app(web::Data::new(http))).await;
    let mut answers = Vec::new();
    for sample in samples() {
        let mut request = TestRequest::default()
            .method(sample.method.clone())
            .uri(&sample.path)
            .peer_addr("203.0.113.9:5555".parse().unwrap())
            .set_payload(sample.body.clone());
        for (name, value) in &sample.headers {
            request = request.insert_header((*name, value.as_str()));
        }
        for (name, value) in more {
            request = request.insert_header((*name, *value));
        }
        let response = test::call_service(&app, request.to_request()).await;
        answers.push(Answer {
            sample,
            status: response.status(),
            headers: response.headers().clone(),
            body: test::read_body(response).await,
        });
    }
    answers
}

/// The same with a server of the usual settings.
pub(super) async fn walk_usual(more: &[(&'static str, &str)]) -> Vec<Answer> {
    walk(fixture::http(fixture::settings()), more).await
}
