//! What makes a mailed link good for nothing: another link, withdrawal, time, and that nobody
//! vouches for it any more.

use reqwest::Method;
use serde_json::{Value, json};

use super::{
    accept, invite, invited, is_good_for_nothing, mailed_token, newcomer, person, preview,
};
use crate::support::{Account, Answer, Backend, Seat, TestApp, on_both};

on_both!(
    a_link_that_is_sent_again_voids_the_one_before,
    a_withdrawn_invitation_is_good_for_nothing,
    a_link_is_good_for_seven_days,
    s23_an_invitation_is_good_while_its_inviter_may_give_what_it_gives,
    s23_an_invitation_to_a_role_of_the_workspaces_own_gives_no_more_than_its_inviter_holds,
    s23_whoever_sends_an_invitation_again_vouches_for_it,
);

const GRACE: &str = "grace@example.com";

async fn resend(app: &TestApp, token: &str, id: &str) -> Answer {
    let path = format!("/invitations/{id}/resend");
    app.ask_as(token, Method::POST, &path, None).await
}

fn id_of(told: &Value) -> String {
    told["id"].as_str().unwrap().to_owned()
}

async fn a_link_that_is_sent_again_voids_the_one_before(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let told = invite(&app, admin, GRACE, "agent").await;
    let mut links = vec![mailed_token(&app, GRACE, 1).await];
    for count in 2..=3 {
        let again = resend(&app, admin, &id_of(&told)).await.expect(200);
        for same in [
            "id",
            "status",
            "email",
            "name",
            "phone",
            "role",
            "createdAt",
        ] {
            assert_eq!(again[same], told[same], "{same}");
        }
        links.push(mailed_token(&app, GRACE, count).await);
    }
    let last = links.pop().unwrap();
    for void in &links {
        assert_ne!(*void, last);
        is_good_for_nothing(&app, void).await;
    }
    let listed = app.get_as(admin, "/invitations").await.expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    accept(&app, newcomer(&last)).await.expect(200);
    // What is accepted is not sent again.
    let gone = resend(&app, admin, &id_of(&told)).await;
    assert_eq!(gone.problem(404), "not_found");
}

async fn a_withdrawn_invitation_is_good_for_nothing(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    for (round, place) in ["invitations", "users"].into_iter().enumerate() {
        let told = invite(&app, admin, GRACE, "agent").await;
        let link = mailed_token(&app, GRACE, round + 1).await;
        preview(&app, &link).await.expect(200);
        let path = format!("/{place}/{}", id_of(&told));
        let withdrawn = app.delete_as(admin, &path).await;
        withdrawn.expect_status(if round == 0 { 204 } else { 200 });
        is_good_for_nothing(&app, &link).await;
        assert_eq!(app.delete_as(admin, &path).await.problem(404), "not_found");
        let gone = resend(&app, admin, &id_of(&told)).await;
        assert_eq!(gone.problem(404), "not_found");
        let listed = app.get_as(admin, "/invitations").await.expect(200);
        assert_eq!(listed["items"], json!([]));
    }
    assert_eq!(app.log_in(GRACE, "whatever").await.status, 401);
}

async fn a_link_is_good_for_seven_days(backend: &Backend) {
    let app = backend.start().await;
    app.stand_still();
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let first = invite(&app, &ada.access_token, GRACE, "agent").await;
    let second = invite(&app, &ada.access_token, "mary@example.com", "agent").await;
    let links = [
        mailed_token(&app, GRACE, 1).await,
        mailed_token(&app, "mary@example.com", 1).await,
    ];
    app.advance_millis(7 * 24 * 3_600_000 - 1);
    for link in &links {
        preview(&app, link).await.expect(200);
    }
    app.advance_millis(1);
    for link in &links {
        is_good_for_nothing(&app, link).await;
    }

    // Both are still to be seen; one address is invited anew, to the other it is sent again.
    let ada = app.seat(&ada.email).await;
    let admin = &ada.access_token;
    let listed = app.get_as(admin, "/users?status=PENDING").await.expect(200);
    assert_eq!(listed["total"], 2);
    let anew = invite(&app, admin, GRACE, "viewer").await;
    assert_ne!(anew["id"], first["id"]);
    resend(&app, admin, &id_of(&second)).await.expect(200);
    let path = format!("/users/{}", id_of(&first));
    assert_eq!(app.get_as(admin, &path).await.problem(404), "not_found");
    for (email, role) in [(GRACE, "viewer"), ("mary@example.com", "agent")] {
        let link = mailed_token(&app, email, 2).await;
        assert!(!links.contains(&link));
        let body = accept(&app, newcomer(&link)).await.expect(200);
        assert_eq!(body["user"]["role"], role);
    }
    for link in &links {
        is_good_for_nothing(&app, link).await;
    }
}

async fn s23_an_invitation_is_good_while_its_inviter_may_give_what_it_gives(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let put = async |id: &str, body: Value| {
        let path = format!("/users/{id}");
        app.put_as(admin, &path, body).await.expect(200);
    };
    let without = [
        json!({ "role_name": "agent" }),
        json!({ "role_name": "viewer" }),
        json!({ "status": "INACTIVE" }),
        json!({ "status": "SUSPENDED" }),
    ];
    for (number, without) in without.into_iter().enumerate() {
        let meg = format!("meg-{number}@example.com");
        let meg = app.join(&ada, &meg, "manager").await;
        let email = format!("grace-{number}@example.com");
        let link = invited(&app, &meg.access_token, &email, "viewer").await;
        preview(&app, &link).await.expect(200);
        put(&meg.user_id, without).await;
        is_good_for_nothing(&app, &link).await;
        // And it is good again with them.
        put(
            &meg.user_id,
            json!({ "role_name": "manager", "status": "ACTIVE" }),
        )
        .await;
        accept(&app, newcomer(&link)).await.expect(200);
    }
    let meg = app.join(&ada, "meg@example.com", "manager").await;
    let link = invited(&app, &meg.access_token, GRACE, "viewer").await;
    app.delete_as(admin, &format!("/users/{}", meg.user_id))
        .await
        .expect(200);
    is_good_for_nothing(&app, &link).await;
}

/// A member with a role of the workspace's own, which is taken something from.
async fn inviter(app: &TestApp, ada: &Account) -> (Seat, String) {
    let admin = &ada.access_token;
    let holds = ["users:create", "chat:read", "chat:edit"];
    let role = app.make_role(admin, "Host", &holds).await;
    let host = app.join(ada, "host@example.com", "Host").await;
    (host, format!("/roles/{role}/permissions"))
}

async fn s23_an_invitation_to_a_role_of_the_workspaces_own_gives_no_more_than_its_inviter_holds(
    backend: &Backend,
) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let (host, permissions) = inviter(&app, &ada).await;
    let guest = app.make_role(admin, "Guest", &["chat:read"]).await;
    let link = invited(&app, &host.access_token, GRACE, "Guest").await;
    let change = async |method: Method, path: &str, name: &str| {
        let ids = app.permission_ids(admin, &[name]).await;
        let body = json!({ "permissionIds": ids });
        app.ask_as(admin, method, path, Some(body))
            .await
            .expect(200);
    };
    // The inviter holds less, or may not invite; or the role holds more.
    for name in ["chat:read", "users:create"] {
        change(Method::DELETE, &permissions, name).await;
        is_good_for_nothing(&app, &link).await;
        change(Method::POST, &permissions, name).await;
        preview(&app, &link).await.expect(200);
    }
    let guests = format!("/roles/{guest}/permissions");
    change(Method::POST, &guests, "chat:edit").await;
    preview(&app, &link).await.expect(200);
    change(Method::POST, &guests, "chat:delete").await;
    is_good_for_nothing(&app, &link).await;
    change(Method::DELETE, &guests, "chat:delete").await;
    let body = accept(&app, newcomer(&link)).await.expect(200);
    assert_eq!(body["user"]["role"], "Guest");
}

async fn s23_whoever_sends_an_invitation_again_vouches_for_it(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let meg = app.join(&ada, "meg@example.com", "manager").await;
    let body = person(GRACE, "viewer");
    let told = app.post_as(&meg.access_token, "/users", body).await;
    let told = told.expect(201);
    let void = mailed_token(&app, GRACE, 1).await;
    app.delete_as(admin, &format!("/users/{}", meg.user_id))
        .await
        .expect(200);
    is_good_for_nothing(&app, &void).await;
    resend(&app, admin, &id_of(&told)).await.expect(200);
    let listed = app.get_as(admin, "/invitations").await.expect(200);
    assert_eq!(listed["items"][0]["invitedBy"]["id"], *ada.user_id);
    let link = mailed_token(&app, GRACE, 2).await;
    is_good_for_nothing(&app, &void).await;
    accept(&app, newcomer(&link)).await.expect(200);
}
