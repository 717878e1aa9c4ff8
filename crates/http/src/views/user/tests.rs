//! Tests of how one of a directory is shown.

use std::sync::Arc;

use kogents_domain::access::{Permission, SystemRole};
use kogents_domain::time::{Span, Timestamp};
use kogents_testkit::builders::{
    START, a_membership, a_role, a_user, a_workspace, an_invitation, an_own_permission,
};
use serde_json::{Value, json};

use super::*;

fn shown(person: &Person) -> Value {
    serde_json::to_value(UserView::from(person)).unwrap()
}

/// A moment so many seconds after the start.
fn at(secs: i64) -> Timestamp {
    START.plus(Span::from_secs(secs))
}

/// Two permissions, one of them the workspace's own.
fn permissions() -> Arc<[Permission]> {
    let built_in = SystemRole::Viewer.permissions().into_iter().next().unwrap();
    [built_in.into(), an_own_permission("reports:export")].into()
}

#[test]
fn a_member_is_shown_with_the_times_of_the_membership() {
    let workspace = a_workspace().build();
    let role = a_role(workspace.id, SystemRole::Viewer);
    let user = a_user().everything().build();
    let membership = a_membership(user.id, &role)
        .status(MembershipStatus::Suspended)
        .with(|membership| {
            membership.created_at = at(1);
            membership.updated_at = at(2);
        })
        .build();
    let person = Person {
        permissions: permissions(),
        entry: DirectoryEntry::Member {
            user: Box::new(user.clone()),
            membership,
            role: role.clone(),
            last_active_at: Some(at(3)),
        },
        workspace: Arc::new(workspace.clone()),
    };
    let own = &person.permissions[1];
    let expected = json!({
        "id": user.id.to_string(),
        "name": "Ada Lovelace",
        "email": user.email.as_given(),
        "phone": "+4930123456",
        "status": "SUSPENDED",
        "avatarUrl": "https://cdn.example/ada.png",
        "workspaceId": workspace.id.to_string(),
        "workspace": {
            "id": workspace.id.to_string(),
            "name": "Acme",
            "slug": workspace.slug.as_str(),
        },
        "role": {
            "id": role.id.to_string(),
            "name": "viewer",
            "description": "Looks on without changing anything.",
            "isSystem": true,
            "isActive": true,
        },
        "permissions": [
            {
                "id": "00000000-0000-7000-8000-000000000101",
                "name": "workspace:read",
                "description": "See the workspace, its members and its roles.",
                "category": "workspace",
            },
            {
                "id": own.id.to_string(),
                "name": "reports:export",
                "description": "Export reports.",
                "category": "Reports",
            },
        ],
        "createdAt": rfc3339(at(1)),
        "updatedAt": rfc3339(at(2)),
        "lastActiveAt": rfc3339(at(3)),
    });
    assert_eq!(shown(&person), expected);
}

#[test]
fn who_is_invited_is_pending_under_the_invitations_id() {
    let workspace = a_workspace().build();
    let role = a_role(workspace.id, SystemRole::Agent);
    let inviter = a_user().build();
    let invitation = an_invitation(&role, inviter.id)
        .everything()
        .email("Grace@example.com")
        .with(|invitation| invitation.updated_at = at(7))
        .build();
    let person = Person {
        permissions: permissions(),
        entry: DirectoryEntry::Invited {
            invitation: Box::new(invitation.clone()),
            role,
        },
        workspace: Arc::new(workspace.clone()),
    };
    let shown = shown(&person);
    for (member, value) in [
        ("id", json!(invitation.id.to_string())),
        ("name", json!("Grace Hopper")),
        ("email", json!("Grace@example.com")),
        ("phone", json!("+4930123456")),
        ("status", json!("PENDING")),
        ("avatarUrl", Value::Null),
        ("workspaceId", json!(workspace.id.to_string())),
        ("createdAt", json!(rfc3339(START))),
        ("updatedAt", json!(rfc3339(at(7)))),
        ("lastActiveAt", Value::Null),
    ] {
        assert_eq!(shown[member], value, "{member}");
    }
    assert_eq!(shown["role"]["name"], "agent");
    assert_eq!(shown.as_object().unwrap().len(), 13);
}

#[test]
fn a_page_knows_what_is_before_and_after_it() {
    for (total, page, limit, pages, next, prev) in [
        (0, 1, 20, 0, false, false),
        (20, 1, 20, 1, false, false),
        (21, 1, 20, 2, true, false),
        (21, 2, 20, 2, false, true),
        (21, 9_007_199_254_740_991, 20, 2, false, true),
        (3, 2, 1, 3, true, true),
    ] {
        let people = PeoplePage {
            people: Vec::new(),
            total,
        };
        let view = UsersView::new(&people, page, PageLimit::new(limit).unwrap());
        let expected = json!({
            "users": [],
            "page": page,
            "limit": limit,
            "total": total,
            "totalPages": pages,
            "hasNext": next,
            "hasPrev": prev,
        });
        assert_eq!(serde_json::to_value(view).unwrap(), expected);
    }
}
