//! S19: what a client may not set is an unknown member of every body, and sets nothing.

use std::collections::BTreeSet;

use futures_util::stream::{self, StreamExt as _};
use kogents_domain::time::Span;
use kogents_http::walk;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Account, Backend, Sql, TestApp, on_both};

on_both!(s19_no_operation_takes_what_a_client_may_not_set);

/// Names of what the server keeps, and of what other servers take for such.
const TEMPTING: [&str; 42] = [
    "id",
    "_id",
    "userId",
    "user_id",
    "workspaceId",
    "workspace_id",
    "tenantId",
    "role",
    "roles",
    "roleId",
    "role_id",
    "role_name",
    "roleName",
    "systemKey",
    "isSystem",
    "isActive",
    "isAdmin",
    "is_admin",
    "admin",
    "status",
    "permissions",
    "scope",
    "suspendedAt",
    "emailVerified",
    "email_verified",
    "verified",
    "passwordHash",
    "password_hash",
    "createdAt",
    "created_at",
    "updatedAt",
    "expiresAt",
    "lastActiveAt",
    "invitedBy",
    "ipAddress",
    "totalRequests",
    "isNewDevice",
    "apiToken",
    "plan",
    "__proto__",
    "constructor",
    "$where",
];

/// A body with members too many.
struct Case {
    name: String,
    method: Method,
    path: String,
    needs_token: bool,
    /// Those that are too many, by their paths.
    fields: BTreeSet<String>,
    body: Value,
}

fn resolve<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    // What may be null as well is one of two.
    let schema = schema.pointer("/oneOf/0").unwrap_or(schema);
    match schema["$ref"].as_str() {
        Some(reference) => document.pointer(&reference[1..]).unwrap(),
        None => schema,
    }
}

/// What a name would tempt with.
fn tempting_value(name: &str, ada: &Account) -> Value {
    match name {
        "permissions" | "roles" => json!(["users:delete"]),
        "isSystem" | "isActive" | "isAdmin" | "is_admin" | "admin" | "emailVerified"
        | "email_verified" | "verified" | "isNewDevice" => json!(true),
        "totalRequests" => json!(1_000_000),
        "suspendedAt" => Value::Null,
        "createdAt" | "created_at" | "updatedAt" | "expiresAt" | "lastActiveAt" => {
            json!("2020-01-01T00:00:00.000Z")
        }
        "__proto__" | "constructor" | "$where" => json!({ "isAdmin": true }),
        "workspaceId" | "workspace_id" | "tenantId" => json!(ada.workspace_id),
        "id" | "_id" | "userId" | "user_id" | "invitedBy" => json!(ada.user_id),
        _ => json!("admin"),
    }
}

/// Every operation with a body, each with one and with all names that it does not have, also in the
/// objects that it has in it.
async fn cases(app: &TestApp, ada: &Account) -> Vec<Case> {
    let document = app.get("/openapi.json").await.expect(200);
    let mut cases = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let pointer = "/requestBody/content/application~1json/schema";
            let Some(schema) = operation.pointer(pointer) else {
                continue;
            };
            let schema = resolve(&document, schema);
            let fitting = walk::example(&document, schema);
            let properties = schema["properties"].as_object().unwrap();
            assert_eq!(schema["additionalProperties"], false, "{method} {path}");
            // The body itself, and the objects in it that have members of their own.
            let mut places = vec![String::new()];
            let closed =
                |schema: &Value| resolve(&document, schema)["additionalProperties"] == false;
            let inner = properties.iter().filter(|(_, schema)| closed(schema));
            places.extend(inner.map(|(name, _)| format!("{name}.")));
            for place in &places {
                let is_unknown = |name: &&str| !place.is_empty() || !properties.contains_key(*name);
                let unknown: Vec<&str> = TEMPTING.into_iter().filter(is_unknown).collect();
                // One is enough to be refused: each time another one.
                let alone = unknown[cases.len() / 2 % unknown.len()];
                for names in [vec![alone], unknown] {
                    let mut body = fitting.clone();
                    let object = match place.strip_suffix('.') {
                        Some(place) => &mut body[place],
                        None => &mut body,
                    };
                    for name in &names {
                        object[name] = tempting_value(name, ada);
                    }
                    cases.push(Case {
                        name: format!("{method} {path}"),
                        method: Method::from_bytes(method.to_ascii_uppercase().as_bytes()).unwrap(),
                        path: walk::sample_path(path),
                        needs_token: walk::needs_token(operation),
                        fields: names.iter().map(|name| format!("{place}{name}")).collect(),
                        body,
                    });
                }
            }
        }
    }
    cases
}

impl Case {
    /// What is wrong with the answer, if anything is.
    async fn failure(self, app: &TestApp, token: &str) -> Option<String> {
        let (name, value) = walk::Case::HEADER;
        let mut request = app
            .request(self.method, &self.path)
            .header(name, value)
            .json(&self.body);
        if self.needs_token {
            request = request.bearer_auth(token);
        }
        let answer = app.send(request).await;
        let body = answer.json();
        let errors = body["errors"].as_array().into_iter().flatten();
        let unknown = errors
            .clone()
            .filter(|error| error["code"] == "UNKNOWN_FIELD");
        let unknown: BTreeSet<String> = unknown
            .map(|error| error["field"].as_str().unwrap().to_owned())
            .collect();
        let is_refused = answer.status == 400
            && body["code"] == "validation_failed"
            && unknown == self.fields
            && errors.count() == unknown.len();
        (!is_refused).then(|| format!("{} with {:?}: {}", self.name, self.fields, answer.text))
    }
}

async fn s19_no_operation_takes_what_a_client_may_not_set(backend: &Backend) {
    let app = backend
        .start_with(|config| config.sizes.activity_flush = Span::from_secs(3_600))
        .await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    app.mail_is_out().await;
    let cases = cases(&app, &ada).await;
    let operations: BTreeSet<&String> = cases.iter().map(|case| &case.name).collect();
    assert!(operations.len() > 30, "{operations:?}");
    assert!(cases.len() > 2 * operations.len(), "{}", cases.len());

    let sql = Sql::of(backend, &app);
    let before = sql.all_rows().await;
    let failures: Vec<String> = stream::iter(cases)
        .map(|case| case.failure(&app, &ada.access_token))
        .buffer_unordered(16)
        .filter_map(std::future::ready)
        .collect()
        .await;
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(sql.all_rows().await, before);
}
