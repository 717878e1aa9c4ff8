//! What `GET /audit` asks the store for, and what it refuses before it does.

use std::sync::{Arc, Mutex};

use actix_web::http::Method;
use actix_web::test::TestRequest;
use kogents_domain::audit::{AuditAction, AuditFilter, AuditKey, AuditRecord};
use kogents_domain::ids::{AuditId, UserId, WorkspaceId};
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::store::Scope;
use kogents_domain::time::Timestamp;
use kogents_testkit::builders::an_audit_entry;
use kogents_testkit::fake_store::{FakeStore, Outcome};
use serde_json::{Value, json};

use super::fixture::{MEMBER_TOKEN, TOKEN, ask, call, http_over, json as body, settings};
use crate::cursor;

const ID: &str = "0192f3c0-1111-7abc-8def-0123456789ab";

fn request(token: &str, uri: &str) -> TestRequest {
    TestRequest::default()
        .method(Method::GET)
        .uri(uri)
        .insert_header(("authorization", format!("Bearer {token}")))
}

/// What the store was asked for: whose log, which entries, how many, after which.
type Asked = (WorkspaceId, AuditFilter, PageLimit, Option<AuditKey>);

/// The answer to a question, and what the store was asked for in answering it: it has one entry,
/// and more.
async fn asked(uri: &str) -> (Value, Asked) {
    let store = FakeStore::new();
    let asked = Arc::new(Mutex::new(None));
    let put = Arc::clone(&asked);
    store.expect_read(move |unit| {
        unit.audit
            .expect_list()
            .once()
            .returning(move |workspace, filter, limit, after| {
                *put.lock().unwrap() = Some((workspace, filter, limit, after));
                let entry = entry();
                let next = Some(entry.entry.key());
                Ok(Page {
                    items: vec![entry],
                    next,
                })
            });
    });
    let http = http_over(settings(), Arc::new(store.clone()));
    let answer = call(http, request(MEMBER_TOKEN, uri)).await;
    assert_eq!(answer.status(), 200, "{uri}");
    let log = store.log();
    let (workspace, user) = (WorkspaceId::parse(ID).unwrap(), UserId::parse(ID).unwrap());
    assert_eq!(log[0].scope, Scope::Member(workspace, user));
    assert_eq!(log[0].outcome, Outcome::RolledBack);
    let asked = asked.lock().unwrap().take().unwrap();
    (body(answer).await, asked)
}

fn entry() -> AuditRecord {
    let id = AuditId::parse(ID).unwrap();
    let entry = an_audit_entry(AuditAction::RoleCreated)
        .with(|entry| entry.id = id)
        .build();
    AuditRecord { entry, actor: None }
}

#[actix_web::test]
async fn the_log_is_that_of_the_sessions_workspace_and_all_of_it_unless_said() {
    let (shown, (workspace, filter, limit, after)) = asked("/audit?unknown=1").await;
    assert_eq!(workspace, WorkspaceId::parse(ID).unwrap());
    assert_eq!(filter, AuditFilter::default());
    assert_eq!((limit, after), (PageLimit::DEFAULT, None));
    assert_eq!(shown["items"][0]["id"], ID);
    assert_eq!(shown["items"][0]["actor"], json!(null));
    let next = shown["nextCursor"].as_str().unwrap();
    assert_eq!(cursor::parse_audit(next), Ok(entry().entry.key()));
}

#[actix_web::test]
async fn every_parameter_reaches_the_store_as_it_was_meant() {
    let last = entry().entry.key();
    let uri = format!(
        "/audit?action=member.changed&actor={ID}&from=2024-09-22T12:13:20%2B02:00\
         &to=2024-09-22T10:13:20.0005Z&limit=100&cursor={}",
        cursor::of_audit(last)
    );
    let (_, (_, filter, limit, after)) = asked(&uri).await;
    let expected = AuditFilter {
        action: Some(AuditAction::MemberChanged),
        actor: UserId::parse(ID).ok(),
        from: Some(Timestamp::from_millis(1_727_000_000_000)),
        to: Some(Timestamp::from_millis(1_727_000_000_001)),
    };
    assert_eq!(filter, expected);
    assert_eq!((limit.get(), after), (100, Some(last)));
}

#[actix_web::test]
async fn every_action_can_be_asked_for() {
    for action in AuditAction::ALL {
        let uri = format!("/audit?action={}", action.as_str());
        let (_, (_, filter, ..)) = asked(&uri).await;
        assert_eq!(filter.action, Some(action));
    }
}

#[actix_web::test]
async fn s27_each_bad_parameter_of_the_log_is_named() {
    let session = cursor::of_session(kogents_domain::ids::SessionId::parse(ID).unwrap());
    let foreign_cursor = format!("cursor={session}");
    for (query, field, code) in [
        ("action=", "action", "INVALID_ENUM_VALUE"),
        ("action=role", "action", "INVALID_ENUM_VALUE"),
        ("action=Role.Created", "action", "INVALID_ENUM_VALUE"),
        ("actor=ada", "actor", "INVALID_FORMAT"),
        (
            "actor=0192f3c0-1111-4abc-8def-0123456789ab",
            "actor",
            "INVALID_FORMAT",
        ),
        ("from=yesterday", "from", "INVALID_FORMAT"),
        ("from=%00", "from", "INVALID_FORMAT"),
        // A plus sign that is not escaped is a space.
        ("from=2024-09-22T12:13:20+02:00", "from", "INVALID_FORMAT"),
        ("to=1727000000", "to", "INVALID_FORMAT"),
        (
            "from=2024-09-22T10:13:20.002Z&to=2024-09-22T10:13:20.001Z",
            "to",
            "INVALID_FORMAT",
        ),
        (
            "from=2024-09-22T10:13:20Z&from=2024-09-22T10:13:20Z",
            "from",
            "INVALID_FORMAT",
        ),
        ("limit=0", "limit", "MIN_VALUE"),
        ("limit=101", "limit", "MAX_VALUE"),
        ("limit=1e2", "limit", "INVALID_TYPE"),
        ("cursor=x", "cursor", "INVALID_FORMAT"),
        (&foreign_cursor, "cursor", "INVALID_FORMAT"),
    ] {
        let uri = format!("/audit?{query}");
        let answer = body(ask(request(MEMBER_TOKEN, &uri)).await).await;
        assert_eq!(answer["code"], "validation_failed", "{query}");
        let errors = answer["errors"].as_array().unwrap();
        let named: Vec<_> = errors
            .iter()
            .map(|error| (&error["field"], &error["code"]))
            .collect();
        assert_eq!(named, [(&json!(field), &json!(code))], "{query}");
    }
    // An empty range is one.
    let moment = "2024-09-22T10:13:20Z";
    asked(&format!("/audit?from={moment}&to={moment}")).await;
}

#[actix_web::test]
async fn who_may_not_read_the_log_is_told_so_before_anything_else() {
    for uri in ["/audit", "/audit?limit=0", "/audit?action=x&cursor=y"] {
        let answer = ask(request(TOKEN, uri)).await;
        assert_eq!(answer.status(), 403, "{uri}");
        assert_eq!(body(answer).await["code"], "permission_denied", "{uri}");
        let nobody = ask(TestRequest::get().uri(uri)).await;
        assert_eq!(body(nobody).await["code"], "unauthenticated", "{uri}");
    }
}
