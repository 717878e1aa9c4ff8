//! Ada, her workspaces and her sessions.

use std::net::{IpAddr, Ipv4Addr};

use kogents_domain::access::{Role, SystemRole};
use kogents_domain::auth::{Language, PasswordHash, PersonName, User};
use kogents_domain::cache::CacheError;
use kogents_domain::ids::{RoleId, SessionId, SignupId, UserId, WorkspaceId};
use kogents_domain::session::{Lifetimes, SessionActivity, SessionRecord};
use kogents_domain::store::StoreError;
use kogents_domain::time::{Span, Timestamp};
use kogents_domain::workspace::{Standing, Workspace};
use kogents_testkit::builders::{a_role, a_session, a_user, a_workspace, digest_of, lifetimes};
use kogents_testkit::fakes::FakeHasher;
use kogents_usecases::auth::Caller;

use super::held;

pub(crate) use kogents_testkit::builders::{START as T0, address};

pub(crate) const LIFETIMES: Lifetimes = lifetimes();
pub(crate) const GRACE: Span = LIFETIMES.refresh_grace;

pub(crate) const PASSWORD: &str = "correct horse battery";
pub(crate) const WRONG_PASSWORD: &str = "incorrect horse battery";

pub(crate) const fn secs(secs: i64) -> Span {
    Span::from_secs(secs)
}

/// The same id whenever it is asked for by the same numbers.
fn id(kind: u8, number: u8) -> String {
    format!("0192f3c0-00{kind:02x}-7000-8000-0000000000{number:02x}")
}

pub(crate) fn ada_id() -> UserId {
    UserId::parse(&id(1, 1)).unwrap()
}

pub(crate) fn bob_id() -> UserId {
    UserId::parse(&id(1, 2)).unwrap()
}

pub(crate) fn workspace_id(number: u8) -> WorkspaceId {
    WorkspaceId::parse(&id(2, number)).unwrap()
}

pub(crate) fn session_id(number: u8) -> SessionId {
    SessionId::parse(&id(3, number)).unwrap()
}

pub(crate) fn name(text: &str) -> PersonName {
    PersonName::parse(text).unwrap()
}

pub(crate) fn language(tag: &str) -> Language {
    Language::parse(tag).unwrap()
}

pub(crate) fn client_ip() -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7))
}

pub(crate) fn password_hash() -> PasswordHash {
    FakeHasher::hash_of(PASSWORD)
}

/// Ada, whose last workspace was the first.
pub(crate) fn ada() -> User {
    a_user()
        .email("ada@example.com")
        .password_hash(password_hash())
        .last_workspace(workspace_id(1))
        .with(|user| {
            user.id = ada_id();
            user.signup_id = SignupId::parse(&id(4, 1)).unwrap();
            user.name = name("Ada");
        })
        .build()
}

pub(crate) fn workspace(number: u8) -> Workspace {
    a_workspace()
        .slug(&format!("engines-{number}"))
        .with(|workspace| workspace.id = workspace_id(number))
        .build()
}

pub(crate) fn standing(number: u8) -> Standing {
    Standing {
        workspace: workspace(number),
        role: Role {
            id: RoleId::parse(&id(5, number)).unwrap(),
            ..a_role(workspace_id(number), SystemRole::Admin)
        },
    }
}

/// A session of Ada's in her first workspace, opened at `started_at`.
pub(crate) fn record(number: u8, started_at: Timestamp) -> SessionRecord {
    a_session(ada_id())
        .opened_at(started_at)
        .in_workspace(workspace_id(1))
        .refresh(0, digest_of(number))
        .with(|record| record.session.id = session_id(number))
        .build()
}

/// A session of Ada's of which nothing was heard for so long that it is over at this moment.
pub(crate) fn idle_record(number: u8) -> SessionRecord {
    record(number, T0.minus(LIFETIMES.session_idle))
}

/// Counters of a session that made so many requests, the last of them at a moment.
pub(crate) fn activity(total_requests: u64, at: Timestamp) -> SessionActivity {
    SessionActivity {
        total_requests,
        ..SessionActivity::starting(at)
    }
}

/// Ada in her first session.
pub(crate) fn caller() -> Caller {
    Caller {
        user_id: ada_id(),
        session_id: session_id(1),
        workspace_id: Some(workspace_id(1)),
        held: held(),
        ip_address: client_ip(),
    }
}

/// What a store says that cannot be reached.
pub(crate) fn lost() -> StoreError {
    StoreError::Unavailable("the connection was lost".to_owned())
}

/// What a cache says that cannot be reached.
pub(crate) fn away() -> CacheError {
    CacheError::Unavailable("away".to_owned())
}
