//! What persons, other services and mails hold is good on the servers that everything moved to.

use serde_json::{Value, json};

use super::{Move, PUBLIC_URL, Settings, borrowed, equality, succeeded};
use crate::support::{Account, Client, Folder, Mood, PASSWORD, Program, SmtpServer, link_in};

const ADA: &str = "ada@example.com";
const BOB: &str = "bob@example.com";
const GRACE: &str = "grace@example.com";
const LATE: &str = "late@example.com";

/// A server that sends by this mail server.
fn start(folder: &Folder, mail: &SmtpServer, settings: &Settings) -> Program {
    let port = mail.port.to_string();
    let mut all = vec![
        ("SMTP_HOST", "127.0.0.1"),
        ("SMTP_PORT", port.as_str()),
        ("SMTP_TLS", "none"),
        ("SMTP_FROM", "no-reply@kogents.test"),
    ];
    all.extend(borrowed(settings));
    folder.start_with(&all)
}

async fn sign_up(client: &Client, mail: &SmtpServer, email: &str, slug: &str) -> Account {
    let signup = client.sign_up(email).await;
    client.choose_workspace(&signup, slug).await;
    let body = json!({ "sessionId": signup });
    client
        .post("/auth/verify/send-for-session", body)
        .await
        .expect(200);
    client.confirm(&signup, &mail.code(email).await).await
}

async fn invite(client: &Client, admin: &str, email: &str) {
    let body = json!({ "name": "Grace Hopper", "email": email, "role_name": "agent" });
    client.post_as(admin, "/users", body).await.expect(201);
}

async fn ask_for_reset(client: &Client, email: &str) {
    let path = "/auth/verify/request-password-reset";
    client
        .post(path, json!({ "email": email }))
        .await
        .expect(200);
}

async fn mailed_token(mail: &SmtpServer, to: &str, page: &str) -> String {
    let arrived = mail.mail(to, &format!("/{page}?token=")).await;
    link_in(&arrived.text, page).1
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// A custom role with permissions, one of them the workspace's own.
async fn make_role(client: &Client, admin: &str) {
    let own = json!({ "name": "reports:read", "description": "Reads", "category": "reports" });
    client.post_as(admin, "/permissions", own).await.expect(201);
    let role = json!({ "name": "auditor" });
    let role = client.post_as(admin, "/roles", role).await.expect(201);
    let known = client.get_as(admin, "/permissions").await.expect(200);
    let ids: Vec<&Value> = known["permissions"].as_array().unwrap().iter().collect();
    let ids: Vec<String> = ids
        .into_iter()
        .take(3)
        .map(|known| text(&known["id"]))
        .collect();
    let path = format!("/roles/{}/permissions", text(&role["id"]));
    let body = json!({ "permissionIds": ids });
    client.put_as(admin, &path, body).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_links_and_mail_that_waits_are_good_where_they_were_moved_to() {
    let Some(moving) = Move::new().await else {
        return;
    };
    let mail = SmtpServer::open();
    let own = vec![(PUBLIC_URL.0.to_owned(), PUBLIC_URL.1.to_owned())];
    let program = start(&moving.from, &mail, &own);
    let client = &program.client;
    let ada = sign_up(client, &mail, ADA, "engines").await;
    let bob = sign_up(client, &mail, BOB, "builders").await;
    make_role(client, &ada.access_token).await;
    // A token that was exchanged, a session that has ended, and one that goes on.
    let exchanged = client.refresh(&ada.refresh_token).await.expect(200);
    let refresh = text(&exchanged["refresh_token"]);
    let access = text(&exchanged["access_token"]);
    let other = client.log_in(ADA, PASSWORD).await.expect(200);
    let path = format!("/health/sessions/{}", text(&other["session"]["id"]));
    client.delete_as(&access, &path).await.expect(200);
    invite(client, &ada.access_token, GRACE).await;
    let invitation = mailed_token(&mail, GRACE, "accept-invitation").await;
    ask_for_reset(client, BOB).await;
    let reset = mailed_token(&mail, BOB, "reset-password").await;
    mail.set(Mood::Away);
    invite(client, &access, LATE).await;
    assert_eq!(program.end_by("TERM").code(), Some(0));
    assert!(mail.mails_to(LATE).is_empty());

    let secrets = moving.exported("moved");
    succeeded(&moving.import("moved", &secrets, &[]));
    let (here, there) = equality::all_rows(&moving.database(), moving.backend.database_url()).await;
    for (table, rows) in &here {
        assert_eq!(rows, &there[table], "{table}");
        assert!(
            !rows.is_empty(),
            "nothing is in {table}, so nothing is shown of it"
        );
    }

    mail.set(Mood::Takes);
    let program = start(&moving.to, &mail, &secrets);
    let client = &program.client;
    client.get_as(&access, "/users/profile").await.expect(200);
    let exchanged = client.refresh(&refresh).await.expect(200);
    let access = text(&exchanged["access_token"]);
    client.refresh(&bob.refresh_token).await.expect(200);
    client.get_as(&ada.api_token, "/users").await.expect(200);
    let sessions = client.get_as(&access, "/health/sessions?all=true").await;
    assert_eq!(
        sessions.expect(200)["sessions"].as_array().unwrap().len(),
        2
    );
    let late = mailed_token(&mail, LATE, "accept-invitation").await;
    for token in [&invitation, &late] {
        let body = json!({ "token": token, "name": "Grace Hopper", "password": PASSWORD });
        client
            .post("/auth/invitations/accept", body)
            .await
            .expect(200);
    }
    let body = json!({ "token": reset, "newPassword": "another long passphrase 7" });
    client
        .post("/auth/verify/confirm-password-reset", body)
        .await
        .expect(200);
    client
        .log_in(BOB, "another long passphrase 7")
        .await
        .expect(200);
}
