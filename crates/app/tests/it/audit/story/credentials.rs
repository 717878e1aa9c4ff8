//! Passwords and addresses that are changed, and passwords that are wrong where they are asked for.

use kogents_domain::audit::AuditAction::{
    EmailChangeRequested, EmailChanged, PasswordChanged, PasswordRejected, SessionEnded,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::{ADA, By, Hand, Story};
use crate::support::PASSWORD;

const NEW_PASSWORD: &str = "another long passphrase 7";
const NEW_ADDRESS: &str = "countess@example.org";
const PROFILE: &str = "/users/profile";

impl Story<'_> {
    pub(super) async fn of_credentials(&mut self) {
        let ada = self.hand(ADA, "198.51.100.60").await;
        self.errs(&ada).await;
        self.changes_the_password(&ada).await;
        self.changes_the_address(&ada).await;
        self.resets_the_password().await;
    }

    async fn put(&self, by: &Hand, body: Value) -> u16 {
        self.send(by, Method::PUT, PROFILE, Some(body)).await.status
    }

    async fn errs(&mut self, ada: &Hand) {
        let wrong = json!({ "currentPassword": "not hers" });
        let gone = self.send(ada, Method::DELETE, PROFILE, Some(wrong)).await;
        gone.expect_status(403);
        let target = ("person", ada.user.as_str());
        let expected = self.here(PasswordRejected, &ada.by(), target, json!({}));
        self.tells(vec![expected.clone()]).await;
        let body = json!({ "password": NEW_PASSWORD, "currentPassword": "not hers" });
        assert_eq!(self.put(ada, body).await, 403);
        self.tells(vec![expected]).await;
        // Who enters none has not erred, and what says nothing new is no deed.
        for body in [
            json!({ "password": NEW_PASSWORD }),
            json!({ "email": NEW_ADDRESS }),
        ] {
            assert_eq!(self.put(ada, body).await, 403);
        }
        let body = json!({ "name": "Ada King", "phone": "+4930123456", "email": ADA });
        assert_eq!(self.put(ada, body).await, 200);
        self.tells_nothing().await;
    }

    /// All sessions of a person but one ended.
    async fn others_ended(&self, by: &By, but: &str, reason: &str) -> Vec<Value> {
        let user = by.actor.as_deref().unwrap();
        let open = self.open_sessions(user).await;
        let others = open.iter().filter(|session| *session != but);
        others
            .map(|session| {
                let details = json!({ "reason": reason });
                self.here(SessionEnded, by, ("session", session), details)
            })
            .collect()
    }

    async fn changes_the_password(&mut self, ada: &Hand) {
        // Those that are in no workspace any more are told of in no workspace's log.
        self.send(ada, Method::DELETE, "/health/sessions", None)
            .await
            .expect(200);
        self.tells_but_for(Vec::new(), |row| row.action == SessionEnded.as_str())
            .await;
        self.hand(ADA, "198.51.100.61").await;
        self.hand(ADA, "198.51.100.62").await;
        let mut expected = self
            .others_ended(&ada.by(), &ada.session, "password_changed")
            .await;
        assert_eq!(expected.len(), 2);
        let body = json!({ "password": NEW_PASSWORD, "currentPassword": PASSWORD });
        assert_eq!(self.put(ada, body).await, 200);
        let target = ("person", ada.user.as_str());
        let details = json!({ "by": "profile" });
        expected.push(self.here(PasswordChanged, &ada.by(), target, details));
        self.tells(expected).await;
    }

    async fn changes_the_address(&mut self, ada: &Hand) {
        let other = self.hand_with(ADA, NEW_PASSWORD, "198.51.100.63").await;
        let target = ("person", ada.user.as_str());
        // Whether the address has an account makes no difference.
        for email in ["eve@example.com", NEW_ADDRESS] {
            let body = json!({ "email": email, "currentPassword": NEW_PASSWORD });
            assert_eq!(self.put(ada, body).await, 200);
            let expected = self.here(EmailChangeRequested, &ada.by(), target, json!({}));
            self.tells(vec![expected]).await;
        }
        let token = self
            .mailed(NEW_ADDRESS, "confirm_email", "confirm-email")
            .await;
        let address = "198.51.100.64";
        let path = "/auth/verify/confirm-email";
        let body = json!({ "token": token });
        self.send_from(address, path, body.clone())
            .await
            .expect(200);
        let by = By::owner(&ada.user, address);
        let details = json!({ "reason": "email_changed" });
        let expected = vec![
            self.here(EmailChanged, &by, target, json!({})),
            self.here(SessionEnded, &by, ("session", &other.session), details),
        ];
        self.tells(expected).await;
        self.send_from(address, path, body).await.expect(400);
        self.tells_nothing().await;
    }

    async fn resets_the_password(&mut self) {
        let ada = self.ada.user_id.clone();
        let address = "198.51.100.65";
        let body = json!({ "email": NEW_ADDRESS });
        self.send_from(address, "/auth/verify/request-password-reset", body)
            .await
            .expect(200);
        self.tells_nothing().await;
        let token = self
            .mailed(NEW_ADDRESS, "password_reset", "reset-password")
            .await;
        let by = By::owner(&ada, address);
        let mut expected = self.others_ended(&by, "", "password_changed").await;
        assert_eq!(expected.len(), 1);
        let path = "/auth/verify/confirm-password-reset";
        let body = json!({ "token": token, "newPassword": PASSWORD });
        self.send_from(address, path, body.clone())
            .await
            .expect(200);
        let details = json!({ "by": "reset" });
        expected.push(self.here(PasswordChanged, &by, ("person", &ada), details));
        self.tells(expected).await;
        self.send_from(address, path, body).await.expect(400);
        self.tells_nothing().await;
        // Somebody is signed in when the story ends.
        self.hand(NEW_ADDRESS, "198.51.100.66").await;
    }
}
