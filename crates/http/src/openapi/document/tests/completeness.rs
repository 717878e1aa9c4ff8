//! That the document says all of the contract that follows from no type: cookies, tokens, bodies,
//! examples, and what only development has.

use std::collections::BTreeSet;

use actix_web::test::TestRequest;
use kogents_domain::access::{Action, BuiltInPermission};
use serde_json::{Value, json};

use super::{codes, listed, operations, published};
use crate::access::Access;
use crate::problem::Code;
use crate::routes;
use crate::tests::fixture;

#[test]
fn every_operation_that_reads_a_body_promises_each_way_to_refuse_it() {
    let document = published();
    for (name, operation) in operations(&document) {
        let reads_nothing = |name: &str| {
            let acts = ["/activate", "/deactivate", "/resend", "/api-token"];
            name.starts_with("delete ") || acts.into_iter().any(|act| name.ends_with(act))
        };
        let reads = operation.get("requestBody").is_some() || reads_nothing(&name);
        let listed: BTreeSet<_> = listed(operation).into_iter().collect();
        for code in [
            "malformed_json",
            "request_timeout",
            "payload_too_large",
            "unsupported_media_type",
        ] {
            assert_eq!(listed.contains(code), reads, "{name} {code}");
        }
        assert!(!reads || listed.contains("validation_failed"), "{name}");
    }
}

#[test]
fn set_cookie_is_stated_where_the_cookie_is_set_and_where_it_is_cleared() {
    let document = published();
    let mut stated = BTreeSet::new();
    for (name, operation) in operations(&document) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            let header = &response["headers"]["Set-Cookie"];
            if header.is_null() {
                continue;
            }
            let clears = header["description"]
                .as_str()
                .unwrap()
                .starts_with("Clears");
            stated.insert(format!(
                "{name} {status}{}",
                if clears { " clears" } else { "" }
            ));
        }
    }
    let expected = [
        "post /auth/verify/confirm-for-session 201",
        "post /auth/verify/confirm-otp 201",
        "post /auth/login 200",
        "post /auth/invitations/accept 200",
        "post /auth/refresh 200",
        "post /auth/refresh 401 clears",
        "post /auth/logout 204 clears",
        "post /auth/session/activity 401 clears",
        "delete /health/sessions/{token} 200 clears",
        "delete /users/profile 204 clears",
    ];
    assert_eq!(stated, expected.map(str::to_owned).into());
}

#[test]
fn cookie_routes_name_the_cookie_among_the_ways_to_call_them() {
    let document = published();
    let scheme = &document["components"]["securitySchemes"]["refreshCookie"];
    assert_eq!(scheme["type"], "apiKey");
    assert_eq!(scheme["in"], "cookie");
    assert_eq!(scheme["name"], "refreshToken");
    for (name, operation) in operations(&document) {
        let ways = operation["security"].as_array().unwrap();
        let by_cookie = ways.iter().any(|way| way.get("refreshCookie").is_some());
        // Whoever reads the cookie must judge the origin, and nobody else has a reason to.
        let judges = listed(operation)
            .iter()
            .any(|code| code == "origin_not_allowed");
        assert_eq!(by_cookie, judges, "{name}");
        if by_cookie {
            // Without the cookie: nothing is needed, or the access token is.
            let other = match operation["x-access"].as_str() {
                Some("public") => json!({}),
                _ => json!({ "bearer": [] }),
            };
            assert!(ways.contains(&other), "{name} needs no cookie");
        }
    }
    assert_eq!(
        document["paths"]["/auth/refresh"]["post"]["security"],
        json!([{"refreshCookie": []}, {}])
    );
    assert_eq!(
        document["paths"]["/auth/logout"]["post"]["security"],
        json!([{"refreshCookie": []}, {"bearer": []}, {}])
    );
}

#[test]
fn s21_the_access_in_the_document_is_that_of_the_table() {
    let document = published();
    let mut count = 0;
    for entry in routes::all() {
        count += 1;
        let path = entry.path.replace(":.*", "");
        let method = entry.method.as_str().to_ascii_lowercase();
        let operation = &document["paths"][&path][&method];
        let needed;
        let (access, needs_token) = match entry.access {
            Access::Public => ("public", false),
            Access::SignedIn | Access::SignedInAside => ("signed in", true),
            Access::SignedInOrCookie => ("signed in, or the refresh cookie", true),
            Access::HealthToken => ("health token", false),
            Access::Needs(resource, action) => {
                let permission = BuiltInPermission { resource, action }.name();
                needed = permission.as_str().to_owned();
                (needed.as_str(), true)
            }
            Access::Reads(resource) => {
                let action = Action::Read;
                let permission = BuiltInPermission { resource, action }.name();
                needed = format!("{}, or the workspace's API token", permission.as_str());
                (needed.as_str(), true)
            }
        };
        assert_eq!(operation["x-access"], access, "{method} {path}");
        let stated = crate::walk::needs_token(operation);
        assert_eq!(stated, needs_token, "{method} {path}");
        let may_refuse = needs_token || entry.access == Access::HealthToken;
        assert!(!may_refuse || codes(operation).contains_key("401"));
        let by_health_token = operation["security"] == json!([{ "healthToken": [] }, {}]);
        let is_by_health_token = entry.access == Access::HealthToken;
        assert_eq!(by_health_token, is_by_health_token, "{method} {path}");
    }
    assert_eq!(operations(&document).len(), count);
}

#[test]
fn four_operations_name_the_api_token_and_no_other_does() {
    let document = published();
    let scheme = &document["components"]["securitySchemes"]["apiToken"];
    assert_eq!(
        (&scheme["type"], &scheme["scheme"]),
        (&json!("http"), &json!("bearer"))
    );
    let mut naming = Vec::new();
    for (name, operation) in operations(&document) {
        let ways = operation["security"].as_array().unwrap();
        if ways.contains(&json!({ "apiToken": [] })) {
            assert_eq!(
                ways,
                &[json!({ "bearer": [] }), json!({ "apiToken": [] })],
                "{name}"
            );
            let codes: BTreeSet<_> = listed(operation).into_iter().collect();
            for code in [
                "unauthenticated",
                "invalid_token",
                "permission_denied",
                "rate_limited",
            ] {
                assert!(codes.contains(code), "{name} {code}");
            }
            naming.push(name);
        }
    }
    let expected = [
        "get /permissions",
        "get /roles",
        "get /users",
        "get /workspace/{id}",
    ];
    assert_eq!(naming, expected);
}

#[test]
fn every_object_in_a_request_is_closed_but_for_click_ids() {
    fn open(document: &Value, schema: &Value, path: &str, found: &mut Vec<String>) {
        if let Some(reference) = schema["$ref"].as_str() {
            let target = document.pointer(reference.trim_start_matches('#')).unwrap();
            return open(document, target, path, found);
        }
        for name in ["oneOf", "anyOf", "allOf"] {
            for choice in schema[name].as_array().into_iter().flatten() {
                open(document, choice, path, found);
            }
        }
        let Some(properties) = schema["properties"].as_object() else {
            let is_object = schema["type"].to_string().contains("object");
            found.extend(is_object.then(|| path.to_owned()));
            return;
        };
        if schema["additionalProperties"] != json!(false) {
            found.push(path.to_owned());
        }
        for (name, property) in properties {
            open(document, property, &format!("{path}.{name}"), found);
        }
    }
    let document = published();
    for (name, operation) in operations(&document) {
        if operation.get("requestBody").is_none() {
            continue;
        }
        let schema = operation
            .pointer("/requestBody/content/application~1json/schema")
            .unwrap_or_else(|| panic!("{name} takes something other than JSON"));
        let mut found = Vec::new();
        open(&document, schema, "", &mut found);
        found.retain(|path| path != ".clickIds");
        assert_eq!(found, Vec::<String>::new(), "{name}");
    }
}

#[test]
fn every_problem_has_an_example_with_the_members_of_its_code() {
    let document = published();
    let examples = document["components"]["examples"].as_object().unwrap();
    assert_eq!(examples.len(), Code::ALL.len());
    let problem = &document["components"]["schemas"]["Problem"];
    for (name, example) in examples {
        let body = &example["value"];
        assert_eq!(body["code"], **name);
        for member in problem["required"].as_array().unwrap() {
            assert!(!body[member.as_str().unwrap()].is_null(), "{name} {member}");
        }
        let has_errors = body["errors"].as_array().is_some_and(|e| !e.is_empty());
        assert_eq!(has_errors, name == "validation_failed", "{name}");
        let has_attempts = body["attemptsRemaining"].is_u64();
        assert_eq!(has_attempts, name == "otp_invalid", "{name}");
    }
    let first = &examples["validation_failed"]["value"]["errors"][0];
    assert_eq!(first["field"], "email");
    assert_eq!(first["code"], "INVALID_EMAIL");
}

#[test]
fn what_only_development_has_is_marked() {
    let document = published();
    let mut marked = Vec::new();
    for (name, operation) in operations(&document) {
        if operation["tags"] == json!(["development"]) {
            marked.push(name);
        }
    }
    assert_eq!(marked, ["get /dev/mailbox", "get /dev/mailbox.json"]);
}

#[actix_web::test]
async fn a_server_publishes_the_mailbox_only_where_it_has_one() {
    for has_mailbox in [false, true] {
        let mut http = fixture::http(fixture::settings());
        if has_mailbox {
            http.mailbox = Some(std::sync::Arc::new(fixture::OneMail));
        }
        let response = fixture::call(http, TestRequest::get().uri("/openapi.json")).await;
        let document = fixture::json(response).await;
        let says = |text: &str| document.to_string().contains(text);
        assert_eq!(says("/dev/mailbox"), has_mailbox);
        assert_eq!(says("MailView"), has_mailbox);
        let tags = document["tags"].as_array().unwrap();
        let tagged = tags.iter().any(|tag| tag["name"] == "development");
        assert_eq!(tagged, has_mailbox);
        assert!(says("/auth/login"));
        if has_mailbox {
            assert_eq!(document, published());
        }
    }
}
