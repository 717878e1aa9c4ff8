//! Tests of how a profile is shown.

use kogents_domain::access::{Permission, Role, SystemRole};
use kogents_domain::ids::{RoleId, UserId, WorkspaceId};
use kogents_domain::time::{Span, Timestamp};
use kogents_domain::workspace::Standing;
use kogents_testkit::builders::{START, UserBuilder, a_role, a_user, a_workspace};
use serde_json::{Value, json};

use super::*;
use crate::views::access::RoleView;
use crate::views::rfc3339;

const PERSON: &str = "0192f3c0-1111-7abc-8def-0123456789ab";
const WORKSPACE: &str = "0192f3c0-2222-7abc-8def-0123456789ab";
const ROLE: &str = "0192f3c0-4444-7abc-8def-0123456789ab";

/// A moment so many milliseconds after the epoch.
const fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn ada() -> UserBuilder {
    a_user().email("Ada@example.com").with(|user| {
        user.id = UserId::parse(PERSON).unwrap();
        user.created_at = at(1_727_000_000_001);
        user.updated_at = at(1_727_000_000_020);
    })
}

fn standing(role: SystemRole) -> Standing {
    let id = WorkspaceId::parse(WORKSPACE).unwrap();
    let workspace = a_workspace().slug("engines").everything();
    Standing {
        workspace: workspace.with(|workspace| workspace.id = id).build(),
        role: Role {
            id: RoleId::parse(ROLE).unwrap(),
            ..a_role(id, role)
        },
    }
}

fn held(role: SystemRole) -> Vec<Permission> {
    role.permissions()
        .into_iter()
        .map(Permission::from)
        .collect()
}

fn shown(profile: &Profile) -> Value {
    serde_json::to_value(ProfileView::from(profile)).unwrap()
}

#[test]
fn a_member_sees_themselves_and_their_place() {
    let standing = standing(SystemRole::Agent);
    let user = ada().everything().with(|user| {
        user.updated_at = at(1_727_000_000_020);
    });
    let profile = Profile {
        user: user.build(),
        permissions: held(SystemRole::Agent),
        standing: Some(standing),
        last_active_at: at(1_727_000_000_300),
    };
    let shown = shown(&profile);
    let expected = json!({
        "id": PERSON,
        "name": "Ada Lovelace",
        "email": "Ada@example.com",
        "phone": "+4930123456",
        "status": "ACTIVE",
        "avatarUrl": "https://cdn.example/ada.png",
        "workspaceId": WORKSPACE,
        "workspace": { "id": WORKSPACE, "name": "Acme", "slug": "engines" },
        "role": {
            "id": ROLE,
            "name": "agent",
            "description": "Talks to the workspace's customers.",
            "isSystem": true,
            "isActive": true,
        },
        "permissions": shown["permissions"],
        "createdAt": "2024-09-22T10:13:20.001Z",
        "updatedAt": "2024-09-22T10:13:20.020Z",
        "lastActiveAt": "2024-09-22T10:13:20.300Z",
        "language": "de-AT",
        "newDeviceMail": false,
    });
    assert_eq!(shown, expected);
    let permissions = shown["permissions"].as_array().unwrap();
    assert_eq!(permissions.len(), 10);
    let first = json!({
        "id": "00000000-0000-7000-8000-000000000101",
        "name": "workspace:read",
        "description": "See the workspace, its members and its roles.",
        "category": "workspace",
    });
    assert_eq!(permissions[0], first);
}

#[test]
fn without_a_place_every_member_is_there_and_null() {
    let profile = Profile {
        user: ada().build(),
        standing: None,
        permissions: Vec::new(),
        last_active_at: START.plus(Span::from_secs(1)),
    };
    let expected = json!({
        "id": PERSON,
        "name": "Ada Lovelace",
        "email": "Ada@example.com",
        "phone": null,
        "status": null,
        "avatarUrl": null,
        "workspaceId": null,
        "workspace": null,
        "role": null,
        "permissions": [],
        "createdAt": "2024-09-22T10:13:20.001Z",
        "updatedAt": "2024-09-22T10:13:20.020Z",
        "lastActiveAt": rfc3339(START.plus(Span::from_secs(1))),
        "language": null,
        "newDeviceMail": true,
    });
    assert_eq!(shown(&profile), expected);
}

#[test]
fn a_role_of_the_workspaces_own_is_no_system_role() {
    let own = Role {
        system: None,
        is_active: false,
        ..standing(SystemRole::Viewer).role
    };
    let shown = serde_json::to_value(RoleView::from(&own)).unwrap();
    assert_eq!(
        (&shown["isSystem"], &shown["isActive"]),
        (&json!(false), &json!(false))
    );
}
