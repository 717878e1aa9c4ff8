//! Tests of the document: that it is complete, and that the readers keep what it promises.

mod completeness;
mod sets;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use kogents_domain::access::PermissionSet;
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::limits::LimitLedger;
use kogents_domain::violation::ViolationCode;
use serde_json::Value;
use uuid::Uuid;

use super::super::walk::{self, Case};
use super::*;
use crate::access::Caller;
use crate::auth::{
    ConfirmPasswordResetBody, LogInBody, MailedTokenBody, RefreshTokenBody,
    RequestPasswordResetBody, UpdateProfileBody,
};
use crate::body::Body;
use crate::openapi::{OperationDoc, problems};
use crate::people::{AcceptInvitationBody, ChangePersonBody, InvitePersonBody};
use crate::problem::Problem;
use crate::roles::{
    CreatePermissionBody, CreateRoleBody, PermissionIdsBody, UpdatePermissionBody, UpdateRoleBody,
};
use crate::session::{ActivityBody, FillSessionBody, OpenSessionBody};
use crate::signup::{ConfirmCodeBody, SignUpBody, SignupReferenceBody, WorkspaceBody};
use crate::workspace::{CurrentPasswordBody, SwitchWorkspaceBody, UpdateWorkspaceBody};

problems!(SampleProblems: SlugTaken, WorkspaceRequired, SignupNotFound, InvalidCredentials);

/// Summary.
#[utoipa::path(post, path = "/sample", request_body = SignUpBody,
    responses((status = 204, description = "Done."), SampleProblems))]
#[expect(dead_code, reason = "the attribute is what is tested")]
fn sample() {}

#[utoipa::path(post, path = "/native", request_body = RefreshTokenBody,
    responses((status = 204, description = "Done.")))]
#[expect(dead_code, reason = "the attribute is what is tested")]
fn native() {}

#[utoipa::path(get, path = "/list", params(("limit" = Option<u16>, Query)),
    responses((status = 204, description = "Done.")))]
#[expect(dead_code, reason = "the attribute is what is tested")]
fn list() {}

fn route(method: Method, path: &'static str, access: Access, operation: OperationDoc) -> RouteDoc {
    RouteDoc {
        method,
        path,
        access,
        limited: access == Access::Public,
        operation,
    }
}

fn samples() -> Value {
    let routes = [
        route(
            Method::POST,
            "/sample/{file:.*}",
            Access::Public,
            OperationDoc::of::<__path_sample>(),
        ),
        route(
            Method::POST,
            "/sample/other-way",
            Access::Public,
            OperationDoc::of::<__path_sample>(),
        ),
        route(
            Method::POST,
            "/native",
            Access::Public,
            OperationDoc::of::<__path_native>(),
        ),
        route(
            Method::GET,
            "/list",
            Access::SignedIn,
            OperationDoc::of::<__path_list>(),
        ),
    ];
    serde_json::to_value(document(&routes)).unwrap()
}

fn published() -> Value {
    serde_json::from_str(&crate::openapi::openapi_json()).unwrap()
}

/// The codes of an operation, by status.
fn codes(operation: &Value) -> BTreeMap<String, BTreeSet<String>> {
    operation["responses"]
        .as_object()
        .unwrap()
        .iter()
        .filter_map(|(status, response)| {
            let examples = response
                .pointer("/content/application~1problem+json/examples")?
                .as_object()?;
            Some((status.clone(), examples.keys().cloned().collect()))
        })
        .collect()
}

fn listed(operation: &Value) -> Vec<String> {
    codes(operation).into_values().flatten().collect()
}

fn operations(document: &Value) -> Vec<(String, &Value)> {
    document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            item.as_object()
                .unwrap()
                .iter()
                .map(move |(method, operation)| (format!("{method} {path}"), operation))
        })
        .collect()
}

#[test]
fn an_operation_gets_what_follows_from_table_and_request() {
    let document = samples();
    assert_eq!(document["openapi"], "3.1.0");
    let sample = &document["paths"]["/sample/{file}"]["post"];
    assert_eq!(
        listed(sample),
        [
            "malformed_json",
            "validation_failed",
            "invalid_credentials",
            "signup_not_found",
            "request_timeout",
            "slug_taken",
            "workspace_required",
            "payload_too_large",
            "unsupported_media_type",
            "rate_limited",
            "internal",
            "unavailable",
        ]
    );
    assert_eq!(sample["security"], serde_json::json!([]));
    assert_eq!(sample["x-access"], "public");
    assert_eq!(sample["requestBody"]["required"], true);
    for header in [
        "429/headers/Retry-After",
        "429/headers/RateLimit",
        "429/headers/RateLimit-Policy",
        "204/headers/RateLimit",
        "204/headers/RateLimit-Policy",
    ] {
        let told = sample.pointer(&format!("/responses/{header}"));
        assert!(told.is_some(), "{header}: {sample}");
    }

    let list = &document["paths"]["/list"]["get"];
    assert_eq!(
        listed(list),
        [
            "validation_failed",
            "invalid_token",
            "unauthenticated",
            "internal",
            "unavailable"
        ]
    );
    assert_eq!(list["security"], serde_json::json!([{"bearer": []}]));
    assert_eq!(
        document["paths"]["/native"]["post"]["requestBody"]["required"],
        false
    );
}

#[test]
fn a_second_path_to_an_operation_has_a_name_of_its_own() {
    let document = samples();
    let other = &document["paths"]["/sample/other-way"]["post"];
    assert_eq!(other["operationId"], "sample_at_other_way");
}

#[test]
fn every_published_operation_says_all_there_is_to_say() {
    let document = published();
    let mut names = BTreeSet::new();
    for (name, operation) in operations(&document) {
        assert!(operation["summary"].is_string(), "{name} has no summary");
        assert!(operation["tags"].is_array(), "{name} has no tag");
        assert!(operation["security"].is_array(), "{name} has no access");
        assert!(operation["x-access"].is_string(), "{name} has no access");
        let id = operation["operationId"].as_str().unwrap().to_owned();
        assert!(names.insert(id), "{name} shares its operationId");
        let responses = operation["responses"].as_object().unwrap();
        assert!(
            responses
                .keys()
                .any(|status| status.starts_with(['2', '3'])),
            "{name} never succeeds"
        );
        for (status, response) in responses {
            assert!(response["description"].is_string(), "{name} {status}");
            if !status.starts_with(['4', '5']) {
                continue;
            }
            let codes = codes(operation).remove(status).unwrap_or_default();
            assert!(!codes.is_empty(), "{name} {status} names no code");
            for code in codes {
                let code = Code::from_name(&code).unwrap();
                assert_eq!(code.status().as_str(), status, "{name}");
            }
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk(document: &Value, value: &Value) {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(reference)) = members.get("$ref") {
                    let pointer = reference.strip_prefix('#').unwrap();
                    assert!(document.pointer(pointer).is_some(), "{reference}");
                }
                members.values().for_each(|value| walk(document, value));
            }
            Value::Array(items) => items.iter().for_each(|value| walk(document, value)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    for document in [published(), samples()] {
        walk(&document, &document);
    }
}

#[test]
fn every_published_body_refuses_unknown_members() {
    let document = published();
    let bodies: Vec<_> = operations(&document)
        .into_iter()
        .filter(|(_, operation)| operation.get("requestBody").is_some())
        .collect();
    assert_eq!(bodies.len(), 33);
    let cases = walk::cases(&document);
    for (name, _) in bodies {
        let refused = cases.iter().any(|case| {
            format!("{} {}", case.method.to_lowercase(), case.path) == name
                && case.expected.violation == Some(("unexpected".to_owned(), "UNKNOWN_FIELD"))
        });
        assert!(refused, "{name} takes unknown members");
    }
}

fn a_caller() -> Caller {
    Caller {
        user_id: UserId::from_uuid(Uuid::from_u128(1)),
        session_id: SessionId::from_uuid(Uuid::from_u128(2)),
        workspace_id: None,
        held: PermissionSet::EMPTY,
        ip_address: IpAddr::from([203, 0, 113, 7]),
    }
}

/// Gives a case's body to the reader of its route, as its handler does.
fn read(case: &Case) -> Option<Problem> {
    let body = match Body::from_bytes(case.body.as_bytes()) {
        Ok(body) => body,
        Err(problem) => return Some(problem),
    };
    let language = kogents_domain::auth::Language::english();
    match case.path.as_str() {
        "/auth/signup" => SignUpBody::read(&body)
            .finish(false, language, LimitLedger::default())
            .err(),
        "/workspace" => WorkspaceBody::read(&body, LimitLedger::default()).err(),
        "/auth/verify/send-for-session" | "/auth/verify/send-otp" | "/auth/resume" => {
            SignupReferenceBody::read(&body).err()
        }
        "/auth/verify/confirm-for-session" | "/auth/verify/confirm-otp" => {
            ConfirmCodeBody::read(&body).err()
        }
        "/auth/login" => LogInBody::read(&body).err(),
        "/auth/refresh" | "/auth/logout" => RefreshTokenBody::read(&body, true).err(),
        "/auth/session" if case.method.eq_ignore_ascii_case("patch") => {
            FillSessionBody::read(&body).err()
        }
        "/auth/session" => OpenSessionBody::read(&body).err(),
        "/auth/session/activity" => ActivityBody::read(&body).err(),
        "/auth/verify/request-password-reset" => RequestPasswordResetBody::read(&body).err(),
        "/auth/verify/confirm-password-reset" => ConfirmPasswordResetBody::read(&body).err(),
        "/auth/verify/confirm-email" | "/auth/verify/not-me" => MailedTokenBody::read(&body).err(),
        "/auth/switch-workspace" => SwitchWorkspaceBody::read(&body).err(),
        "/workspace/{id}" if case.method.eq_ignore_ascii_case("delete") => {
            CurrentPasswordBody::read(&body).err()
        }
        "/workspace/{id}" => UpdateWorkspaceBody::read(&body).err(),
        "/auth/invitations/preview" => MailedTokenBody::read(&body).err(),
        "/auth/invitations/accept" => AcceptInvitationBody::read(&body).err(),
        "/users/profile" if case.method.eq_ignore_ascii_case("delete") => {
            CurrentPasswordBody::read(&body).err()
        }
        "/users/profile" => UpdateProfileBody::read(&body)
            .finish(false, a_caller(), language, LimitLedger::default())
            .err(),
        "/users" => InvitePersonBody::read(&body).err(),
        "/users/{id}" => ChangePersonBody::read(&body).err(),
        "/roles" => CreateRoleBody::read(&body).err(),
        "/roles/{id}" => UpdateRoleBody::read(&body).err(),
        "/roles/{id}/permissions" => PermissionIdsBody::read(&body).err(),
        "/permissions" => CreatePermissionBody::read(&body).err(),
        "/permissions/{id}" => UpdatePermissionBody::read(&body).err(),
        other => panic!("no reader is known for {other}"),
    }
}

#[test]
fn readers_refuse_what_the_document_says_they_refuse() {
    let cases = walk::cases(&published());
    let kinds: BTreeSet<_> = cases
        .iter()
        .filter_map(|case| case.expected.violation.as_ref().map(|(_, kind)| *kind))
        .collect();
    let all = ViolationCode::ALL.map(ViolationCode::as_str);
    // What is too easily guessed is not for the schema to say.
    let promised = all.into_iter().filter(|kind| *kind != "WEAK_PASSWORD");
    assert_eq!(kinds, promised.collect());
    for case in cases {
        if matches!(case.expected.status, 413 | 415) {
            // What the wire refuses, before any reader.
            continue;
        }
        let Some(problem) = read(&case) else {
            panic!("{} {}: {} is taken", case.method, case.path, case.name);
        };
        assert_eq!(problem.code.as_str(), case.expected.code, "{case:?}");
        let violations: Vec<_> = problem
            .errors
            .iter()
            .map(|error| (error.field.clone(), error.violation.code.as_str()))
            .collect();
        let expected: Vec<_> = case.expected.violation.clone().into_iter().collect();
        assert_eq!(violations, expected, "{case:?}");
    }
}

#[test]
fn the_examples_of_the_document_are_taken() {
    let document = published();
    for (name, operation) in operations(&document) {
        let Some(schema) = operation.pointer("/requestBody/content/application~1json/schema")
        else {
            continue;
        };
        let (method, path) = name.split_once(' ').unwrap();
        let case = Case {
            name: "example".to_owned(),
            method: method.to_owned(),
            path: path.to_owned(),
            signed_in: false,
            content_type: "application/json",
            body: walk::example(&document, schema).to_string(),
            expected: walk::Expected {
                status: 200,
                code: "",
                violation: None,
            },
        };
        assert_eq!(read(&case), None, "{case:?}");
    }
}
