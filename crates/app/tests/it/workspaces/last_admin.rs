//! S23: a workspace is never left without an active admin.

use futures_util::future::{join, join_all};
use serde_json::{Value, json};

use crate::support::{Account, Answer, Backend, Seat, TestApp, on_both};

on_both!(
    s23_two_last_admins_who_remove_each_other_in_parallel_leave_one,
    s23_two_last_admins_who_demote_and_deactivate_each_other_leave_one,
    s23_the_last_admin_stays_whoever_asks_and_however,
);

/// How many members are active admins, as one of them sees it.
async fn active_admins(app: &TestApp, token: &str) -> usize {
    let path = "/users?role=admin&status=ACTIVE";
    let listed = app.get_as(token, path).await.expect(200);
    listed["users"].as_array().unwrap().len()
}

/// Who of the two is still an admin that is signed in.
async fn survivor<'a>(app: &TestApp, ada: &'a Account, bob: &'a Seat) -> &'a str {
    for token in [&ada.access_token, &bob.access_token] {
        let answer = app.get_as(token, "/users/profile").await;
        if answer.status == 200 && answer.json()["role"]["name"] == "admin" {
            return token;
        }
    }
    panic!("no admin is left")
}

async fn s23_two_last_admins_who_remove_each_other_in_parallel_leave_one(backend: &Backend) {
    for round in 0..4 {
        let app = backend.start().await;
        let ada = app
            .sign_up_and_confirm(&format!("ada-{round}@example.com"))
            .await;
        let email = format!("bob-{round}@example.com");
        let bob = app.join(&ada, &email, "admin").await;
        let paths = [&bob.user_id, &ada.user_id].map(|id| format!("/users/{id}"));
        let attempts = (0..20).map(|n| {
            let token = if n % 2 == 0 {
                &ada.access_token
            } else {
                &bob.access_token
            };
            app.delete_as(token, &paths[n % 2])
        });
        let answers = join_all(attempts).await;
        let removed = answers.iter().filter(|answer| answer.status == 200);
        assert_eq!(removed.count(), 1);
        for answer in answers.iter().filter(|answer| answer.status != 200) {
            // Too late (gone, signed out by it, or without rights by then), or the last one.
            let code = answer.json()["code"].as_str().unwrap().to_owned();
            let expected = [
                "last_admin",
                "not_found",
                "invalid_token",
                "permission_denied",
                "cannot_grant",
            ];
            assert!(expected.contains(&code.as_str()), "{code}");
        }
        let token = survivor(&app, &ada, &bob).await;
        assert_eq!(active_admins(&app, token).await, 1);
        app.stop().await;
    }
}

async fn s23_two_last_admins_who_demote_and_deactivate_each_other_leave_one(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let bob = app.join(&ada, "bob@example.com", "admin").await;
    let to_bob = format!("/users/{}", bob.user_id);
    let to_ada = format!("/users/{}/deactivate", ada.user_id);
    let demote = json!({ "role_name": "viewer" });
    let (demotions, deactivations): (Vec<Answer>, Vec<Answer>) = join(
        join_all((0..10).map(|_| app.put_as(&ada.access_token, &to_bob, demote.clone()))),
        join_all((0..10).map(|_| app.put_as(&bob.access_token, &to_ada, json!({})))),
    )
    .await;
    let all = demotions.iter().chain(&deactivations);
    assert!(all.clone().any(|answer| answer.status == 200));
    assert!(all.clone().any(|answer| answer.status != 200));
    let token = survivor(&app, &ada, &bob).await;
    assert_eq!(active_admins(&app, token).await, 1);
}

async fn s23_the_last_admin_stays_whoever_asks_and_however(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    // An admin who was put aside is none that counts.
    let bob = app.join(&ada, "bob@example.com", "admin").await;
    let aside = format!("/users/{}/deactivate", bob.user_id);
    app.put_as(&ada.access_token, &aside, json!({}))
        .await
        .expect(200);
    let path = format!("/users/{}", ada.user_id);
    let deactivate = format!("{path}/deactivate");
    let put = |path: String, body: Value| {
        let (app, token) = (&app, &ada.access_token);
        async move { app.put_as(token, &path, body).await }
    };
    for answer in [
        app.delete_as(&ada.access_token, &path).await,
        put(path.clone(), json!({ "role_name": "manager" })).await,
        put(path.clone(), json!({ "status": "SUSPENDED" })).await,
        put(path.clone(), json!({ "status": "INACTIVE" })).await,
        put(deactivate, json!({})).await,
    ] {
        assert_eq!(answer.problem(409), "last_admin");
    }
    // Who stays what they are changes nothing.
    put(path, json!({ "role_name": "admin", "status": "ACTIVE" }))
        .await
        .expect(200);
    assert_eq!(active_admins(&app, &ada.access_token).await, 1);
}
