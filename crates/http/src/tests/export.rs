//! `GET /users/profile/export`: one document, written while it is read.

use std::future::poll_fn;
use std::net::TcpListener;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::MessageBody as _;
use actix_web::test::TestRequest;
use kogents_domain::access::SystemRole;
use kogents_domain::audit::AuditAction;
use kogents_domain::auth::User;
use kogents_domain::page::Page;
use kogents_domain::session::{DeviceFingerprint, SeenDevice, SessionRecord};
use kogents_domain::store::StoreError;
use kogents_domain::workspace::{MembershipStatus, PersonMembership, Standing};
use kogents_testkit::builders::{
    START, a_membership, a_session, a_user, a_workspace, an_audit_entry, system_roles,
};
use kogents_testkit::fake_store::FakeStore;
use kogents_testkit::fakes::FakeDigester;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::fixture::{TOKEN, ask, call, header, http_over, json, settings};
use crate::serve;
use crate::state::Http;

const PATH: &str = "/users/profile/export";

fn server(store: &FakeStore) -> Http {
    let mut http = http_over(settings(), Arc::new(store.clone()));
    http.digester = Arc::new(FakeDigester);
    http
}

fn request() -> TestRequest {
    let bearer = ("authorization", format!("Bearer {TOKEN}"));
    TestRequest::get().uri(PATH).insert_header(bearer)
}

/// What is read at once.
fn holds(store: &FakeStore, user: &User, memberships: Vec<PersonMembership>) {
    let user = user.clone();
    store.expect_read(|unit| {
        unit.users.expect_find().return_once(|_| Ok(Some(user)));
        unit.memberships
            .expect_list_all_of_person()
            .return_once(|_| Ok(memberships));
        unit.devices.expect_list().return_once(|_| {
            Ok(vec![SeenDevice {
                fingerprint: DeviceFingerprint::parse("fp1_AAAAAAAAAAAAAAAAAAAAAA").unwrap(),
                first_seen: START,
                last_seen: START,
            }])
        });
    });
}

/// A page of sessions, and whether more follow.
fn lists(store: &FakeStore, sessions: Vec<SessionRecord>, more: bool) {
    store.expect_read(|unit| {
        unit.sessions
            .expect_list_all()
            .withf(|_, limit, _| limit.get() == 100)
            .return_once(move |_, _, _| {
                let last = sessions.last().map(|record| record.session.id);
                Ok(Page {
                    items: sessions,
                    next: last.filter(|_| more),
                })
            });
        unit.sessions.expect_count_all().return_once(|_| Ok(0));
    });
}

/// A page of acts, and whether more follow.
fn acted(store: &FakeStore, actions: Vec<AuditAction>, more: bool) {
    store.expect_read(|unit| {
        unit.audit
            .expect_list_of_actor()
            .withf(|_, limit, _| limit.get() == 100)
            .return_once(move |_, _, _| {
                let workspace = a_workspace().build().id;
                let entry = |action| {
                    let entry = an_audit_entry(action).everything();
                    entry.in_workspace(workspace).build()
                };
                let items: Vec<_> = actions.into_iter().map(entry).collect();
                let last = items.last().map(|entry| entry.key());
                Ok(Page {
                    items,
                    next: last.filter(|_| more),
                })
            });
    });
}

fn texts(list: &Value, member: &str) -> Vec<String> {
    let list = list.as_array().unwrap().iter();
    list.map(|item| item[member].as_str().unwrap().to_owned())
        .collect()
}

#[actix_web::test]
async fn the_pages_of_every_list_make_one_document() {
    let user = a_user().everything().build();
    let workspace = a_workspace().build();
    let role = system_roles(workspace.id)
        .into_iter()
        .find(|role| role.system == Some(SystemRole::Agent))
        .unwrap();
    let membership = a_membership(user.id, &role)
        .status(MembershipStatus::Suspended)
        .build();
    let sessions: Vec<_> = (0..3).map(|_| a_session(user.id).build()).collect();
    let ids: Vec<_> = sessions
        .iter()
        .map(|record| record.session.id.to_string())
        .collect();
    let store = FakeStore::new();
    let standing = Standing {
        workspace: workspace.clone(),
        role: role.clone(),
    };
    let found = PersonMembership {
        membership,
        standing,
    };
    holds(&store, &user, vec![found]);
    lists(&store, sessions[..2].to_vec(), true);
    lists(&store, sessions[2..].to_vec(), false);
    acted(&store, vec![AuditAction::SessionOpened], true);
    acted(
        &store,
        vec![AuditAction::RoleCreated, AuditAction::RoleDeleted],
        false,
    );

    let answer = call(server(&store), request()).await;

    assert_eq!(answer.status().as_u16(), 200);
    assert_eq!(header(&answer, "content-type"), "application/json");
    assert_eq!(header(&answer, "cache-control"), "no-store");
    let disposition = "attachment; filename=\"kogents-export-2024-09-22.json\"";
    assert_eq!(header(&answer, "content-disposition"), disposition);
    let body = json(answer).await;
    let members: Vec<_> = body.as_object().unwrap().keys().cloned().collect();
    let named = [
        "audit",
        "devices",
        "exportedAt",
        "memberships",
        "person",
        "sessions",
    ];
    let mut members: Vec<_> = members.iter().map(String::as_str).collect();
    members.sort_unstable();
    assert_eq!(members, named);
    assert_eq!(body["exportedAt"], "2024-09-22T10:13:20.000Z");
    let person = &body["person"];
    for (member, value) in [
        ("id", json!(user.id.to_string())),
        ("email", json!(user.email.as_given())),
        ("phone", json!("+4930123456")),
        ("avatarUrl", json!("https://cdn.example/ada.png")),
        ("language", json!("de-AT")),
        ("newDeviceMail", json!(false)),
        ("signupId", json!(user.signup_id.to_string())),
    ] {
        assert_eq!(person[member], value, "{member}");
    }
    let touch = person["firstTouch"].as_object().unwrap();
    assert!(touch.values().all(|value| !value.is_null()), "{touch:?}");
    assert!(!body.to_string().contains(user.password_hash.expose()));
    assert_eq!(
        body["memberships"][0]["workspace"]["id"],
        workspace.id.to_string()
    );
    assert_eq!(body["memberships"][0]["role"]["name"], "agent");
    assert_eq!(body["memberships"][0]["status"], "SUSPENDED");
    assert_eq!(
        texts(&body["devices"], "fingerprint"),
        ["fp1_AAAAAAAAAAAAAAAAAAAAAA"]
    );
    assert_eq!(texts(&body["sessions"], "id"), ids);
    let actions = texts(&body["audit"], "action");
    assert_eq!(actions, ["session.opened", "role.created", "role.deleted"]);
    for member in ["workspaceId", "target", "ip", "sessionId"] {
        assert!(!body["audit"][0][member].is_null(), "{member}");
    }
}

#[actix_web::test]
async fn who_has_done_nothing_gets_empty_lists() {
    let store = FakeStore::new();
    holds(&store, &a_user().build(), Vec::new());
    lists(&store, Vec::new(), false);
    acted(&store, Vec::new(), false);
    let body = json(call(server(&store), request()).await).await;
    for list in ["memberships", "sessions", "audit"] {
        assert_eq!(body[list], json!([]), "{list}");
    }
}

#[actix_web::test]
async fn what_cannot_be_read_at_first_is_a_problem() {
    assert_eq!(json(ask(request()).await).await["code"], "unavailable");
    let store = FakeStore::new();
    store.expect_read(|unit| {
        unit.users.expect_find().return_once(|_| Ok(None));
    });
    let answer = call(server(&store), request()).await;
    assert_eq!(json(answer).await["code"], "invalid_token");
}

/// What a client receives until the connection ends.
async fn received(store: &FakeStore, method: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = serve(server(store), listener, 1).unwrap();
    let handle = server.handle();
    tokio::spawn(server);
    let mut stream = TcpStream::connect(address).await.unwrap();
    let sent = format!(
        "{method} {PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
         Authorization: Bearer {TOKEN}\r\n\r\n"
    );
    stream.write_all(sent.as_bytes()).await.unwrap();
    let mut received = Vec::new();
    let patience = Duration::from_secs(10);
    // Whether the end is orderly is the system's to say.
    let _ = timeout(patience, stream.read_to_end(&mut received))
        .await
        .expect("the server ends the connection");
    handle.stop(false).await;
    String::from_utf8(received).unwrap()
}

/// An export that breaks off after so many pages.
fn breaking_off(pages: u8) -> FakeStore {
    let store = FakeStore::new();
    holds(&store, &a_user().build(), Vec::new());
    if pages > 0 {
        let session = a_session(a_user().build().id).build();
        lists(&store, vec![session], pages == 1);
    }
    store.expect_read_to_fail(StoreError::Unavailable("away".to_owned()));
    store
}

#[actix_web::test]
async fn a_page_that_cannot_be_read_ends_the_document_with_an_error() {
    for pages in 0..3 {
        let store = breaking_off(pages);
        let answer = call(server(&store), request()).await;
        assert_eq!(answer.status().as_u16(), 200);
        let mut body = answer.into_body();
        let mut pieces = Vec::new();
        let error = loop {
            match poll_fn(|cx| Pin::new(&mut body).poll_next(cx)).await {
                Some(Ok(piece)) => pieces.push(piece),
                Some(Err(error)) => break error,
                None => panic!("it looks whole"),
            }
        };
        assert_eq!(error.to_string(), "unavailable");
        let text = String::from_utf8(pieces.concat()).unwrap();
        assert!(text.starts_with("{\"exportedAt\":"), "{text}");
        assert_eq!(text.contains("\"sessionToken\""), pages > 0, "{text}");
        assert_eq!(text.contains("\"audit\":["), pages > 1, "{text}");
        assert!(serde_json::from_str::<Value>(&text).is_err(), "{text}");
    }
}

/// The end of a body in chunks (RFC 9112 section 7.1).
const LAST_CHUNK: &str = "0\r\n\r\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_broken_off_does_not_look_whole_on_the_wire() {
    for pages in 0..3 {
        // What was not sent yet when it breaks off may never be.
        let answer = received(&breaking_off(pages), "GET").await;
        assert!(!answer.ends_with(LAST_CHUNK), "{answer}");
        assert!(!answer.contains("content-length"), "{answer}");
        assert!(!answer.contains("away"), "{answer}");
    }
    let store = FakeStore::new();
    holds(&store, &a_user().build(), Vec::new());
    lists(&store, Vec::new(), false);
    acted(&store, Vec::new(), false);
    let whole = received(&store, "GET").await;
    assert!(whole.starts_with("HTTP/1.1 200"), "{whole}");
    assert!(whole.contains("transfer-encoding: chunked"), "{whole}");
    assert!(whole.ends_with(LAST_CHUNK), "{whole}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn head_gets_the_head_alone_and_nothing_more_is_read() {
    let store = FakeStore::new();
    holds(&store, &a_user().build(), Vec::new());
    let answer = received(&store, "HEAD").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(
        answer.contains("content-disposition: attachment"),
        "{answer}"
    );
    assert!(!answer.contains("content-length: 0"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n"), "{answer}");
}
