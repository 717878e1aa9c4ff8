//! S16: what was taken from a member is gone with their very next request, wherever they ask.

use kogents_domain::access::RoleName;
use kogents_domain::ids::{UserId, WorkspaceId};
use kogents_domain::store::Scope;
use kogents_domain::workspace::{Membership, MembershipStatus};
use serde_json::json;

use crate::support::{Account, Backend, Client, Private, Seat, TestApp, on_both};

on_both!(
    s16_a_demoted_member_loses_the_right_with_the_next_request,
    s16_a_deactivated_suspended_or_removed_members_sessions_end_at_once,
    s16_what_is_taken_from_a_role_is_gone_for_everybody_who_has_it,
    s16_a_crash_between_commit_and_cache_leaves_no_right_behind,
    s16_a_change_that_never_came_takes_nothing,
    a_promoted_member_may_more_with_the_next_request,
);

/// What a viewer may see and an agent may not.
const GUARDED: &str = "/roles";

async fn set_role(on: &Client, admin: &Account, member: &Seat, role: &str) {
    let path = format!("/users/{}", member.user_id);
    on.put_as(&admin.access_token, &path, json!({ "role_name": role }))
        .await
        .expect(200);
}

/// The server's cache knows what the member may do.
async fn is_known(on: &Client, member: &Seat) {
    for _ in 0..2 {
        on.get_as(&member.access_token, GUARDED).await.expect(200);
    }
}

async fn is_denied(on: &Client, member: &Seat) {
    let denied = on.get_as(&member.access_token, GUARDED).await;
    assert_eq!(denied.problem(403), "permission_denied");
}

async fn is_signed_out(on: &Client, member: &Seat) {
    let refused = on.get_as(&member.access_token, GUARDED).await;
    assert_eq!(refused.problem(401), "invalid_token");
    let refused = on.refresh(&member.refresh_token).await;
    assert_eq!(refused.problem(401), "invalid_refresh_token");
}

async fn s16_a_demoted_member_loses_the_right_with_the_next_request(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let bob = app.join(&ada, "bob@example.com", "viewer").await;
    for _ in 0..5 {
        is_known(&app, &bob).await;
        set_role(&app, &ada, &bob, "agent").await;
        is_denied(&app, &bob).await;
        set_role(&app, &ada, &bob, "viewer").await;
    }
}

async fn a_promoted_member_may_more_with_the_next_request(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let bob = app.join(&ada, "bob@example.com", "agent").await;
    is_denied(&app, &bob).await;
    set_role(&app, &ada, &bob, "viewer").await;
    is_known(&app, &bob).await;
}

async fn s16_a_deactivated_suspended_or_removed_members_sessions_end_at_once(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    for (number, status) in ["INACTIVE", "SUSPENDED"].into_iter().enumerate() {
        let email = format!("bob-{number}@example.com");
        let bob = app.join(&ada, &email, "viewer").await;
        is_known(&app, &bob).await;
        let path = format!("/users/{}", bob.user_id);
        app.put_as(&ada.access_token, &path, json!({ "status": status }))
            .await
            .expect(200);
        is_signed_out(&app, &bob).await;
        assert_eq!(end_reason(&app, &bob).await, "suspended");
        // They are nowhere until they are taken in again.
        let again = app.seat(&email).await;
        is_denied(&app, &again).await;
        let activate = format!("{path}/activate");
        app.put_as(&ada.access_token, &activate, json!({}))
            .await
            .expect(200);
        is_known(&app, &app.seat(&email).await).await;
    }
    let eve = app.join(&ada, "eve@example.com", "viewer").await;
    is_known(&app, &eve).await;
    let path = format!("/users/{}", eve.user_id);
    app.delete_as(&ada.access_token, &path).await.expect(200);
    is_signed_out(&app, &eve).await;
    assert_eq!(end_reason(&app, &eve).await, "removed");
    assert_eq!(
        app.delete_as(&ada.access_token, &path).await.problem(404),
        "not_found"
    );
}

/// Why the first of somebody's sessions ended.
async fn end_reason(app: &TestApp, seat: &Seat) -> String {
    let again = app.seat(&seat.email).await;
    let listed = app
        .get_as(&again.access_token, "/health/sessions?all=true")
        .await
        .expect(200);
    let oldest = listed["sessions"].as_array().unwrap().last().unwrap();
    oldest["endReason"].as_str().unwrap().to_owned()
}

async fn s16_what_is_taken_from_a_role_is_gone_for_everybody_who_has_it(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let role = app
        .make_role(admin, "Night shift", &["roles:read", "chat:read"])
        .await;
    let mut members = Vec::new();
    for number in 0..3 {
        let email = format!("night-{number}@example.com");
        members.push(app.join(&ada, &email, "Night shift").await);
    }
    let ids = app.permission_ids(admin, &["roles:read"]).await;
    let path = format!("/roles/{role}/permissions");
    for _ in 0..3 {
        for member in &members {
            is_known(&app, member).await;
        }
        let body = json!({ "permissionIds": ids });
        app.ask_as(admin, reqwest::Method::DELETE, &path, Some(body.clone()))
            .await
            .expect(200);
        for member in &members {
            is_denied(&app, member).await;
        }
        app.post_as(admin, &path, body).await.expect(200);
    }
}

/// Writes a member's role straight into the store, as a server does that dies before it has told
/// the cache.
async fn commits(app: &TestApp, account: &Account, member: &Seat, role: &str) {
    let workspace = WorkspaceId::parse(&account.workspace_id).unwrap();
    let user = UserId::parse(&member.user_id).unwrap();
    let mut unit = app.store().begin(Scope::System).await.unwrap();
    let name = RoleName::parse(role).unwrap();
    let role = unit.roles().find_by_name(workspace, &name).await.unwrap();
    let membership = Membership {
        role_id: role.unwrap().id,
        status: MembershipStatus::Active,
        ..unit
            .memberships()
            .find(workspace, user)
            .await
            .unwrap()
            .unwrap()
    };
    unit.memberships().update(&membership).await.unwrap();
    unit.commit().await.unwrap();
}

async fn s16_a_crash_between_commit_and_cache_leaves_no_right_behind(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let bob = app.join(&ada, "bob@example.com", "viewer").await;
    app.stand_still();
    is_known(&app, &bob).await;
    let user = UserId::parse(&bob.user_id).unwrap();
    app.adapters().states.fence(user, app.now()).await.unwrap();
    // Until the commit the right is there, and from then on it is gone, fenced or not.
    is_known(&app, &bob).await;
    commits(&app, &ada, &bob, "agent").await;
    is_denied(&app, &bob).await;
    for secs in [5, 4, 1, 1, 60] {
        app.advance_secs(secs);
        is_denied(&app, &bob).await;
    }
}

async fn s16_a_change_that_never_came_takes_nothing(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let bob = app.join(&ada, "bob@example.com", "viewer").await;
    is_known(&app, &bob).await;
    let user = UserId::parse(&bob.user_id).unwrap();
    app.adapters().states.fence(user, app.now()).await.unwrap();
    is_known(&app, &bob).await;
    app.advance_secs(11);
    is_known(&app, &bob).await;
}

/// Takes rights on one server and asks on the other.
async fn taken_here_and_asked_there(
    (here, there): (&TestApp, &Client),
    ada: &Account,
    number: usize,
    between: impl Fn(),
) {
    let both: [&Client; 2] = [here, there];
    let bob = here
        .join(ada, &format!("bob-{number}@example.com"), "viewer")
        .await;
    for client in both {
        is_known(client, &bob).await;
    }
    set_role(here, ada, &bob, "agent").await;
    between();
    is_denied(there, &bob).await;
    set_role(there, ada, &bob, "viewer").await;
    between();
    for client in both {
        is_known(client, &bob).await;
    }
    let path = format!("/users/{}/deactivate", bob.user_id);
    there
        .put_as(&ada.access_token, &path, json!({}))
        .await
        .expect(200);
    between();
    for client in both {
        is_signed_out(client, &bob).await;
    }
    let eve = here
        .join(ada, &format!("eve-{number}@example.com"), "viewer")
        .await;
    is_known(there, &eve).await;
    let path = format!("/users/{}", eve.user_id);
    here.delete_as(&ada.access_token, &path).await.expect(200);
    between();
    is_signed_out(there, &eve).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s16_rights_taken_on_one_server_are_gone_on_the_other_at_once() {
    let Some(backend) = Backend::servers().await else {
        return;
    };
    let first = backend.start().await;
    let ada = first.sign_up_and_confirm("ada@example.com").await;
    let second = first.second().await;
    for number in 0..5 {
        taken_here_and_asked_there((&first, &second), &ada, number, || {}).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s16_an_emptied_cache_brings_no_right_back() {
    let Some(redis) = Private::redis() else {
        return;
    };
    let Some(backend) = Backend::with_private_cache(&redis).await else {
        return;
    };
    let first = backend.start().await;
    let ada = first.sign_up_and_confirm("ada@example.com").await;
    let second = first.second().await;
    for number in 0..3 {
        taken_here_and_asked_there((&first, &second), &ada, number, || redis.flush()).await;
    }
}
