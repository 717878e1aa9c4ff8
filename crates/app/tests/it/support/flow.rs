//! The way of a person through the product, as a client walks it.

use std::time::Duration;

use serde_json::{Value, json};

use super::Client;

/// A password that is strong enough.
pub(crate) const PASSWORD: &str = "SecurePassword123!";

/// How long a mail may take.
const MAIL_LIMIT: Duration = Duration::from_secs(20);

/// A person who has signed up, with the session of the confirmation.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) email: String,
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
    pub(crate) user_id: String,
    pub(crate) workspace_id: String,
    pub(crate) session_id: String,
    pub(crate) api_token: String,
}

impl Client {
    /// The first step of a signup; gives the `sessionId`.
    pub(crate) async fn sign_up(&self, email: &str) -> String {
        let body = json!({ "name": "Ada Lovelace", "email": email, "password": PASSWORD });
        text(&self.post("/auth/signup", body).await.expect(201)["sessionId"])
    }

    /// The second step.
    pub(crate) async fn choose_workspace(&self, signup: &str, slug: &str) {
        let body = json!({ "sessionId": signup, "name": "Engines", "slug": slug });
        self.post("/workspace", body).await.expect(201);
    }

    /// The third step; gives the mailed code.
    pub(crate) async fn send_code(&self, signup: &str, email: &str) -> String {
        let before = self.codes(email).await.len();
        let body = json!({ "sessionId": signup });
        self.post("/auth/verify/send-for-session", body)
            .await
            .expect(200);
        let arrived = async {
            loop {
                let codes = self.codes(email).await;
                match codes.first() {
                    Some(code) if codes.len() > before => return code.clone(),
                    _ => tokio::time::sleep(Duration::from_millis(5)).await,
                }
            }
        };
        tokio::time::timeout(MAIL_LIMIT, arrived)
            .await
            .expect("the code is mailed")
    }

    /// The last step.
    pub(crate) async fn confirm(&self, signup: &str, code: &str) -> Account {
        let body = json!({ "sessionId": signup, "code": code });
        let answer = self
            .post_native("/auth/verify/confirm-for-session", body)
            .await;
        let body = answer.expect(201);
        Account {
            email: text(&body["user"]["email"]),
            access_token: text(&body["access_token"]),
            refresh_token: text(&body["refresh_token"]),
            user_id: text(&body["user"]["id"]),
            workspace_id: text(&body["workspace"]["id"]),
            session_id: text(&body["session"]["id"]),
            api_token: text(&body["workspace"]["apiToken"]),
        }
    }

    /// All steps. The slug is made from the address.
    pub(crate) async fn sign_up_and_confirm(&self, email: &str) -> Account {
        let slug = email
            .replace(|c: char| !c.is_ascii_alphanumeric(), "-")
            .to_lowercase();
        let signup = self.sign_up(email).await;
        self.choose_workspace(&signup, &slug).await;
        let code = self.send_code(&signup, email).await;
        self.confirm(&signup, &code).await
    }

    /// The mails to an address in the development mailbox, newest first.
    pub(crate) async fn mailbox(&self, to: &str) -> Vec<Value> {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("to", to)
            .finish();
        let path = format!("/dev/mailbox.json?{query}");
        let body = self.get(&path).await.expect(200);
        body["messages"].as_array().unwrap().clone()
    }

    /// Waits until a mail of a template to an address has arrived, and gives it.
    pub(crate) async fn mail(&self, to: &str, template: &str) -> Value {
        let arrived = async {
            loop {
                let mails = self.mailbox(to).await;
                match mails.into_iter().find(|mail| mail["template"] == template) {
                    Some(mail) => return mail,
                    None => tokio::time::sleep(Duration::from_millis(5)).await,
                }
            }
        };
        tokio::time::timeout(MAIL_LIMIT, arrived)
            .await
            .expect("the mail arrives")
    }

    /// The codes mailed to an address, newest first.
    pub(crate) async fn codes(&self, email: &str) -> Vec<String> {
        let mails = self.mailbox(email).await;
        mails
            .iter()
            .filter_map(|mail| mail["otp"].as_str().map(str::to_owned))
            .collect()
    }
}

#[track_caller]
fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}
