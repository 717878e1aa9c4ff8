//! People who are invited, come, become something else and leave.

use kogents_domain::audit::AuditAction::{
    InvitationChanged, InvitationResent, InvitationSent, InvitationWithdrawn, MemberChanged,
    MemberJoined, MemberRemoved, SessionEnded, SessionOpened, SignInFailed,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::{ADA, By, Hand, Story, entry, hand_of};
use crate::support::PASSWORD;

const GRACE: &str = "grace@example.com";
const ACCEPT: &str = "/auth/invitations/accept";

impl Story<'_> {
    pub(super) async fn of_people(&mut self) {
        let ada = self.hand(ADA, "198.51.100.40").await;
        self.takes_invitations_back(&ada).await;
        let grace = self.invites_somebody_who_comes(&ada).await;
        self.changes_a_member(&ada, &grace).await;
        self.invites_an_owner(&ada).await;
        self.removes_and_loses_members(&ada, &grace).await;
    }

    /// Invites, and gives the invitation's id; it is told.
    async fn invites(&mut self, ada: &Hand, email: &str, role: &str) -> String {
        let body = json!({ "name": "Grace Hopper", "email": email, "role_name": role });
        let told = self.send(ada, Method::POST, "/users", Some(body)).await;
        let id = told.expect(201)["id"].as_str().unwrap().to_owned();
        let details = json!({ "email": masked(email), "role": role });
        let target = ("invitation", id.as_str());
        let expected = self.here(InvitationSent, &ada.by(), target, details);
        self.tells(vec![expected]).await;
        id
    }

    async fn takes_invitations_back(&mut self, ada: &Hand) {
        for place in ["invitations", "users"] {
            let id = self.invites(ada, "mary@example.com", "viewer").await;
            let path = format!("/{place}/{id}");
            let gone = self.send(ada, Method::DELETE, &path, None).await;
            assert!(gone.status < 300, "{}", gone.text);
            let details = json!({ "email": "m\u{2026}@example.com", "role": "viewer" });
            let target = ("invitation", id.as_str());
            let expected = self.here(InvitationWithdrawn, &ada.by(), target, details);
            self.tells(vec![expected]).await;
        }
    }

    async fn invites_somebody_who_comes(&mut self, ada: &Hand) -> Hand {
        let id = self.invites(ada, GRACE, "viewer").await;
        let target = ("invitation", id.as_str());
        let path = format!("/users/{id}");
        let body = json!({ "role_name": "agent" });
        for round in 0..2 {
            self.send(ada, Method::PUT, &path, Some(body.clone()))
                .await
                .expect(200);
            let details = json!({
                "email": masked(GRACE), "roleFrom": "viewer", "roleTo": "agent",
            });
            let expected = vec![self.here(InvitationChanged, &ada.by(), target, details)];
            self.tells(if round == 0 { expected } else { Vec::new() })
                .await;
        }
        let path = format!("/invitations/{id}/resend");
        self.send(ada, Method::POST, &path, None).await.expect(200);
        let details = json!({ "email": masked(GRACE), "role": "agent" });
        let expected = self.here(InvitationResent, &ada.by(), target, details);
        self.tells(vec![expected]).await;

        let token = self.mailed(GRACE, "invitation", "accept-invitation").await;
        let body = json!({ "token": token });
        self.send_from("203.0.113.60", "/auth/invitations/preview", body)
            .await
            .expect(200);
        self.tells_nothing().await;
        let body = json!({ "token": token, "name": "Grace Hopper", "password": PASSWORD });
        let address = "198.51.100.41";
        let accepted = self.send_from(address, ACCEPT, body.clone()).await;
        let grace = hand_of(&accepted.expect(200), address);
        let expected = self.joined(&grace, &id, "agent");
        self.tells(expected).await;
        self.send_from(address, ACCEPT, body).await.expect(400);
        self.tells_nothing().await;
        grace
    }

    /// What is told of somebody who accepts an invitation.
    fn joined(&self, who: &Hand, invitation: &str, role: &str) -> Vec<Value> {
        vec![
            self.here(
                MemberJoined,
                &who.by(),
                ("person", &who.user),
                json!({ "invitation": invitation, "role": role }),
            ),
            self.here(
                SessionOpened,
                &who.by(),
                ("session", &who.session),
                json!({ "type": "WEB", "by": "invitation" }),
            ),
        ]
    }

    fn lost(&self, by: &By, session: &str, reason: &str) -> Value {
        let details = json!({ "reason": reason });
        self.here(SessionEnded, by, ("session", session), details)
    }

    async fn changes_a_member(&mut self, ada: &Hand, grace: &Hand) {
        let other = self.hand(GRACE, "198.51.100.42").await;
        let path = format!("/users/{}", grace.user);
        let target = ("person", grace.user.as_str());
        let body = json!({ "role_name": "manager" });
        self.send(ada, Method::PUT, &path, Some(body))
            .await
            .expect(200);
        let details = json!({ "roleFrom": "agent", "roleTo": "manager" });
        let expected = self.here(MemberChanged, &ada.by(), target, details);
        self.tells(vec![expected]).await;

        let aside = format!("{path}/deactivate");
        for round in 0..2 {
            self.send(ada, Method::PUT, &aside, None).await.expect(200);
            let details = json!({ "statusFrom": "ACTIVE", "statusTo": "INACTIVE" });
            let expected = vec![
                self.here(MemberChanged, &ada.by(), target, details),
                self.lost(&ada.by(), &grace.session, "suspended"),
                self.lost(&ada.by(), &other.session, "suspended"),
            ];
            self.tells(if round == 0 { expected } else { Vec::new() })
                .await;
        }
        let again = format!("{path}/activate");
        self.send(ada, Method::PUT, &again, None).await.expect(200);
        let details = json!({ "statusFrom": "INACTIVE", "statusTo": "ACTIVE" });
        let expected = self.here(MemberChanged, &ada.by(), target, details);
        self.tells(vec![expected]).await;
        let body = json!({ "role_name": "viewer", "status": "SUSPENDED" });
        self.send(ada, Method::PUT, &path, Some(body))
            .await
            .expect(200);
        let details = json!({
            "roleFrom": "manager", "roleTo": "viewer",
            "statusFrom": "ACTIVE", "statusTo": "SUSPENDED",
        });
        let expected = self.here(MemberChanged, &ada.by(), target, details);
        self.tells(vec![expected]).await;
        self.send(ada, Method::PUT, &again, None).await.expect(200);
        let details = json!({ "statusFrom": "SUSPENDED", "statusTo": "ACTIVE" });
        let expected = self.here(MemberChanged, &ada.by(), target, details);
        self.tells(vec![expected]).await;
    }

    /// Whoever has an account accepts with its password, and may err.
    async fn invites_an_owner(&mut self, ada: &Hand) {
        let eve = self.app.sign_up_and_confirm("eve@example.com").await;
        let of_eve = |row: &crate::support::AuditRow| row.actor.as_deref() == Some(&*eve.user_id);
        self.tells_but_for(Vec::new(), of_eve).await;
        let id = self.invites(ada, "eve@example.com", "viewer").await;
        let token = self
            .mailed("eve@example.com", "invitation", "accept-invitation")
            .await;
        let address = "198.51.100.43";
        let wrong = json!({ "token": token, "password": "not hers" });
        self.send_from(address, ACCEPT, wrong).await.expect(401);
        // It is told where her next session would open: that she is invited here does not matter.
        let expected = entry(
            SignInFailed,
            Some(&eve.workspace_id),
            &By::client(address),
            Some(("person", &eve.user_id)),
            json!({}),
        );
        self.tells(vec![expected]).await;
        let right = json!({ "token": token, "password": PASSWORD });
        let accepted = self.send_from(address, ACCEPT, right).await.expect(200);
        let here = hand_of(&accepted, address);
        let expected = self.joined(&here, &id, "viewer");
        self.tells(expected).await;
        self.send(&here, Method::POST, "/auth/logout", Some(json!({})))
            .await
            .expect_status(204);
        let expected = self.lost(&here.by(), &here.session, "logout");
        self.tells(vec![expected]).await;
    }

    async fn removes_and_loses_members(&mut self, ada: &Hand, grace: &Hand) {
        let here = self.hand(GRACE, "198.51.100.44").await;
        let path = format!("/users/{}", grace.user);
        self.send(ada, Method::DELETE, &path, None)
            .await
            .expect(200);
        let expected = vec![
            self.here(
                MemberRemoved,
                &ada.by(),
                ("person", &grace.user),
                json!({ "role": "viewer" }),
            ),
            self.lost(&ada.by(), &here.session, "removed"),
        ];
        self.tells(expected).await;
        self.send(ada, Method::DELETE, &path, None)
            .await
            .expect_status(404);
        self.tells_nothing().await;

        // Somebody deletes their account: it is told that they left, and not that it was they.
        self.app
            .newcomer(&self.ada, "gus@example.com", "agent")
            .await;
        let gus = self.hand("gus@example.com", "198.51.100.45").await;
        let body = json!({ "currentPassword": PASSWORD });
        self.send(&gus, Method::DELETE, "/users/profile", Some(body))
            .await
            .expect_status(204);
        let expected = vec![
            self.here(
                MemberRemoved,
                &By::nobody(),
                ("person", &gus.user),
                json!({ "reason": "account_deleted" }),
            ),
            self.lost(&By::nobody(), &gus.session, "removed"),
        ];
        self.tells(expected).await;
    }
}

/// An address as the log tells it.
fn masked(email: &str) -> String {
    let (local, domain) = email.split_once('@').unwrap();
    format!("{}\u{2026}@{domain}", &local[..1])
}
