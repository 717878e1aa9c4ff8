//! Whoever wants to be gone is gone: from every server at once, and the address is free.

use futures_util::future::{join, join_all};
use reqwest::Method;
use serde_json::{Value, json};

use super::PATH;
use crate::support::{Backend, Beside, PASSWORD, Seat, Sql, link_in, on_both};

on_both!(
    s13_without_the_present_password_nobody_is_deleted,
    s23_the_last_active_admin_of_any_workspace_is_not_deleted,
    s23_of_two_last_admins_who_leave_in_parallel_one_stays,
    s16_a_deleted_person_is_signed_out_everywhere_at_once,
    the_cookie_of_a_deleted_person_is_cleared,
    an_address_that_is_free_again_signs_up_as_somebody_else,
    what_a_deleted_person_invited_to_is_good_once_somebody_else_vouches_for_it,
    sign_ins_beside_the_deletion_leave_no_session_behind,
);

const ADA: &str = "ada@example.com";
const CLEARED: &str = "refreshToken=; HttpOnly; SameSite=Strict; Path=/auth; Max-Age=0";

fn with_password() -> Value {
    json!({ "currentPassword": PASSWORD })
}

async fn s13_without_the_present_password_nobody_is_deleted(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let bob = app.join(&ada, "bob@example.com", "agent").await;
    let sql = Sql::of(backend, &app);
    let kept = sql.rows("users", "TRUE").await;
    for body in [
        json!({}),
        json!({ "currentPassword": null }),
        json!({ "currentPassword": "" }),
        json!({ "currentPassword": "not his" }),
        json!({ "currentPassword": format!(" {PASSWORD}") }),
    ] {
        let refused = app.delete_profile(&bob.access_token, body).await;
        assert_eq!(refused.problem(403), "reauthentication_required");
        assert_eq!(refused.header("set-cookie"), None);
    }
    for body in [
        json!({ "currentPassword": 7 }),
        json!({ "currentPassword": PASSWORD, "id": ada.user_id }),
        json!({ "currentPassword": PASSWORD, "force": true }),
    ] {
        let refused = app.delete_profile(&bob.access_token, body).await;
        assert_eq!(refused.problem(400), "validation_failed");
    }
    let refused = app.delete_as(&bob.access_token, PATH).await;
    assert_eq!(refused.problem(403), "reauthentication_required");
    assert_eq!(sql.rows("users", "TRUE").await, kept);
    app.profile(&bob.access_token).await;
    app.log_in(&bob.email, PASSWORD).await.expect(200);
}

async fn s23_the_last_active_admin_of_any_workspace_is_not_deleted(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    // In her own workspace she is one of two, in another one of two of whom one was put aside.
    app.join(&ada, "bob@example.com", "admin").await;
    app.admit(&eve, &ada.user_id, "admin").await;
    let aside = format!("/users/{}/deactivate", eve.user_id);
    let body = json!({ "workspaceId": eve.workspace_id });
    let there = app
        .post_as(&ada.access_token, "/auth/switch-workspace", body)
        .await
        .expect(200);
    let token = there["access_token"].as_str().unwrap();
    app.put_as(token, &aside, json!({})).await.expect(200);
    let body = json!({ "workspaceId": ada.workspace_id });
    let back = app
        .post_as(token, "/auth/switch-workspace", body)
        .await
        .expect(200);
    let token = back["access_token"].as_str().unwrap();

    let sql = Sql::of(backend, &app);
    let kept = sql.rows("users", "TRUE").await;
    let refused = app.delete_profile(token, with_password()).await;
    assert_eq!(refused.problem(409), "last_admin");
    assert_eq!(refused.header("set-cookie"), None);
    assert_eq!(sql.rows("users", "TRUE").await, kept);
    // Without the password not even that is told.
    let refused = app.delete_profile(token, json!({})).await;
    assert_eq!(refused.problem(403), "reauthentication_required");

    app.join(&eve, "new-admin@example.com", "admin").await;
    app.delete_profile(token, with_password())
        .await
        .expect_status(204);
}

async fn s23_of_two_last_admins_who_leave_in_parallel_one_stays(backend: &Backend) {
    let app = backend.start().await;
    for round in 0..4 {
        let ada = app
            .sign_up_and_confirm(&format!("ada-{round}@example.com"))
            .await;
        let bob = app
            .join(&ada, &format!("bob-{round}@example.com"), "admin")
            .await;
        let tokens = [&ada.access_token, &bob.access_token];
        let tries = (0..8).map(|n| app.delete_profile(tokens[n % 2], with_password()));
        let answers = join_all(tries).await;
        let gone = answers.iter().filter(|answer| answer.status == 204);
        assert_eq!(gone.count(), 1);
        for refused in answers.iter().filter(|answer| answer.status != 204) {
            let code = refused.json()["code"].as_str().unwrap().to_owned();
            // The last one, or gone already.
            let expected = ["last_admin", "invalid_token", "reauthentication_required"];
            assert!(expected.contains(&code.as_str()), "{code}");
        }
        let mut there = 0;
        for token in tokens {
            there += usize::from(app.get_as(token, PATH).await.status == 200);
        }
        assert_eq!(there, 1);
    }
}

async fn s16_a_deleted_person_is_signed_out_everywhere_at_once(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    app.join(&ada, "bob@example.com", "admin").await;
    app.admit(&eve, &ada.user_id, "viewer").await;
    let path = "/auth/verify/request-password-reset";
    app.post(path, json!({ "email": ADA })).await.expect(200);
    let mail = app.mail(ADA, "password_reset").await;
    let (_, reset) = link_in(mail["text"].as_str().unwrap(), "reset-password");
    let mut seats = vec![app.seat(ADA).await, app.seat(ADA).await];
    let further = app
        .post_as(
            &ada.access_token,
            "/auth/session",
            json!({ "sessionType": "API" }),
        )
        .await
        .expect(201);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    seats.push(Seat {
        user_id: ada.user_id.clone(),
        email: ADA.to_owned(),
        access_token: text(&further["access_token"]),
        refresh_token: text(&further["refresh_token"]),
    });
    let servers = Beside::of(backend, &app).await;
    for client in servers.all() {
        for seat in &seats {
            for _ in 0..2 {
                client.profile(&seat.access_token).await;
            }
        }
    }

    let gone = servers
        .there()
        .delete_profile(&ada.access_token, with_password());
    gone.await.expect_status(204);
    for client in servers.all() {
        client.is_refused(&ada.access_token).await;
        let refused = client.refresh(&ada.refresh_token).await;
        assert_eq!(refused.problem(401), "invalid_refresh_token");
        for seat in &seats {
            client.is_refused(&seat.access_token).await;
            let refused = client.refresh(&seat.refresh_token).await;
            assert_eq!(refused.problem(401), "invalid_refresh_token");
        }
        let refused = client.log_in(ADA, PASSWORD).await;
        assert_eq!(refused.problem(401), "invalid_credentials");
        let body = json!({ "token": reset, "newPassword": super::NEW_PASSWORD });
        let refused = client
            .post("/auth/verify/confirm-password-reset", body)
            .await;
        assert_eq!(refused.problem(400), "reset_token_invalid");
        // Nobody else notices.
        client.profile(&eve.access_token).await;
    }
    // They were who had made it, but it is the workspace's.
    let path = format!("/workspace/{}", ada.workspace_id);
    let there = servers.there().get_as(&ada.api_token, &path).await;
    assert_eq!(there.expect(200)["members"], 1);
    let notice = servers.mail(ADA, "account_deleted").await;
    assert!(notice["text"].as_str().unwrap().contains("Ada Lovelace"));
}

async fn the_cookie_of_a_deleted_person_is_cleared(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    for (email, is_native) in [("bob@example.com", false), ("gus@example.com", true)] {
        let seat = app.join(&ada, email, "agent").await;
        let mut request = app
            .request(Method::DELETE, PATH)
            .bearer_auth(&seat.access_token)
            .json(&with_password());
        if is_native {
            request = request.header("X-Client-Type", "native");
        }
        let gone = app.send(request).await;
        gone.expect_status(204);
        assert_eq!(gone.text, "");
        let expected = (!is_native).then_some(CLEARED);
        assert_eq!(gone.header("set-cookie"), expected, "{email}");
        app.is_refused(&seat.access_token).await;
    }
}

async fn an_address_that_is_free_again_signs_up_as_somebody_else(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    app.join(&ada, "bob@example.com", "admin").await;
    app.delete_profile(&ada.access_token, with_password())
        .await
        .expect_status(204);
    // The workspace stays, and with it its slug.
    let signup = app.sign_up("ADA@Example.com").await;
    app.choose_workspace(&signup, "another").await;
    let code = app.send_code(&signup, "ADA@Example.com").await;
    let again = app.confirm(&signup, &code).await;
    assert_ne!(again.user_id, ada.user_id);
    let profile = app.profile(&again.access_token).await;
    assert_eq!(profile["email"], "ADA@Example.com");
    assert_eq!(profile["workspaceId"], again.workspace_id);
    let listed = app
        .get_as(&again.access_token, "/health/sessions?all=true")
        .await;
    assert_eq!(listed.expect(200)["total"], 1);
    let listed = app.get_as(&again.access_token, "/health/workspaces").await;
    assert_eq!(
        listed.expect(200)["workspaces"].as_array().unwrap().len(),
        1
    );
    app.is_refused(&ada.access_token).await;
    let refused = app.refresh(&ada.refresh_token).await;
    assert_eq!(refused.problem(401), "invalid_refresh_token");
}

async fn what_a_deleted_person_invited_to_is_good_once_somebody_else_vouches_for_it(
    backend: &Backend,
) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let bob = app.join(&ada, "bob@example.com", "admin").await;
    let guest = json!({ "name": "Gus", "email": "gus@example.com", "role_name": "viewer" });
    let invited = app
        .post_as(&ada.access_token, "/users", guest)
        .await
        .expect(201);
    let token = async |count: usize| {
        assert_eq!(app.mails_of("gus@example.com", "invitation").await, count);
        let mail = app.mail("gus@example.com", "invitation").await;
        let (_, token) = link_in(mail["text"].as_str().unwrap(), "accept-invitation");
        json!({ "token": token })
    };
    let preview = "/auth/invitations/preview";
    let link = token(1).await;
    app.post(preview, link.clone()).await.expect(200);
    app.delete_profile(&ada.access_token, with_password())
        .await
        .expect_status(204);

    let refused = app.post(preview, link).await;
    assert_eq!(refused.problem(400), "invitation_invalid");
    let listed = app
        .get_as(&bob.access_token, "/invitations")
        .await
        .expect(200);
    let items = listed["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "it is there, to be sent again");
    assert_eq!(items[0]["id"], invited["id"]);
    assert_eq!(items[0]["invitedBy"], Value::Null);
    let path = format!("/invitations/{}/resend", invited["id"].as_str().unwrap());
    app.ask_as(&bob.access_token, Method::POST, &path, None)
        .await
        .expect(200);
    let mut body = token(2).await;
    app.post(preview, body.clone()).await.expect(200);
    body["name"] = json!("Gus");
    body["password"] = json!(PASSWORD);
    app.post("/auth/invitations/accept", body).await.expect(200);
}

async fn sign_ins_beside_the_deletion_leave_no_session_behind(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let sql = Sql::of(backend, &app);
    for round in 0..3 {
        let bob = app
            .join(&ada, &format!("bob-{round}@example.com"), "agent")
            .await;
        let sign_ins = join_all((0..10).map(|_| app.log_in(&bob.email, PASSWORD)));
        let further =
            join_all((0..10).map(|_| app.post_as(&bob.access_token, "/auth/session", json!({}))));
        let deletion = app.delete_profile(&bob.access_token, with_password());
        let (deleted, (sign_ins, further)) = join(deletion, join(sign_ins, further)).await;
        deleted.expect_status(204);
        for answer in sign_ins.iter().chain(&further) {
            if let Some(token) = answer.json()["access_token"].as_str() {
                app.is_refused(token).await;
            } else {
                // All wait for one row: on a busy machine some are told to come again.
                assert!([401, 503].contains(&answer.status), "{}", answer.text);
            }
        }
        let condition = format!("user_id = {}", sql.id(&bob.user_id));
        for table in ["sessions", "user_devices", "memberships"] {
            let rows = sql.rows(table, &condition).await;
            assert_eq!(rows, Vec::<String>::new(), "{table}");
        }
    }
    for table in ["session_facts", "session_activity"] {
        let orphans = "id NOT IN (SELECT id FROM sessions)";
        let rows = sql.rows(table, orphans).await;
        assert_eq!(rows, Vec::<String>::new(), "{table}");
    }
}
