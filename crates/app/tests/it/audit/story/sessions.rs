//! Sessions that open, move and end, and sign-ins that fail.

use kogents_domain::audit::AuditAction::{
    ApiTokenCreated, MemberJoined, SessionEnded, SessionOpened, SignInFailed, SignInReported,
    WorkspaceCreated,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::{ADA, By, Hand, Story, entry, hand_of};
use crate::support::PASSWORD;

impl Story<'_> {
    /// Somebody signs up, and somebody else comes to read the log.
    pub(super) async fn begins(&mut self) {
        let ada = self.ada.clone();
        let by = By {
            session: Some(ada.session_id.clone()),
            ..By::owner(&ada.user_id, "127.0.0.1")
        };
        let tokens = format!("SELECT {} AS line FROM api_tokens", self.sql.digits("id"));
        let token = hyphenated(&self.sql.lines(&tokens).await[0]);
        let olga = self.app.newcomer(&ada, "olga@example.com", "admin").await;
        let olga_signed_in = self.app.seat("olga@example.com").await;
        self.auditor = olga_signed_in.access_token;
        let prefix = &ada.api_token[..8];
        let expected = vec![
            self.here(
                WorkspaceCreated,
                &by,
                ("workspace", &ada.workspace_id),
                json!({ "name": "Engines", "slug": "ada-example-com" }),
            ),
            self.here(
                MemberJoined,
                &by,
                ("person", &ada.user_id),
                json!({ "role": "admin" }),
            ),
            self.here(
                ApiTokenCreated,
                &by,
                ("api_token", &token),
                json!({ "prefix": prefix }),
            ),
            self.here(
                SessionOpened,
                &by,
                ("session", &ada.session_id),
                json!({ "type": "WEB", "by": "signup" }),
            ),
        ];
        self.tells_but_for(expected, |row| row.actor.as_deref() == Some(&*olga))
            .await;
    }

    fn ended(&self, by: &By, session: &str, reason: &str) -> Value {
        self.here(
            SessionEnded,
            by,
            ("session", session),
            json!({ "reason": reason }),
        )
    }

    pub(super) async fn of_sessions(&mut self) {
        let desk = self.hand(ADA, "198.51.100.1").await;
        self.fails_to_sign_in(&desk).await;
        self.opens_a_further_session(&desk).await;
        self.ends_sessions(&desk).await;
        self.gives_way().await;
        self.presents_a_spent_token().await;
        self.objects().await;
    }

    async fn fails_to_sign_in(&mut self, desk: &Hand) {
        let wrong = |email: &str| json!({ "email": email, "password": "not hers" });
        let address = "203.0.113.50";
        let by = By::client(address);
        self.send_from(address, "/auth/login", wrong("ADA@example.com"))
            .await
            .expect(401);
        let expected = self.here(SignInFailed, &by, ("person", &desk.user), json!({}));
        self.tells(vec![expected]).await;
        // An address that nobody has is told of in nobody's log, and not by itself.
        self.send_from(address, "/auth/login", wrong("nobody@example.com"))
            .await
            .expect(401);
        let expected = entry(SignInFailed, None, &by, None, json!({}));
        self.tells(vec![expected]).await;
    }

    async fn opens_a_further_session(&mut self, desk: &Hand) {
        let body = json!({ "sessionType": "MOBILE" });
        let opened = self
            .send(desk, Method::POST, "/auth/session", Some(body))
            .await
            .expect(201);
        let opened = hand_of(&opened, "198.51.100.2");
        let expected = self.here(
            SessionOpened,
            &desk.by(),
            ("session", &opened.session),
            json!({ "type": "MOBILE", "by": "session" }),
        );
        self.tells(vec![expected]).await;
        // What is filled in or counted is no deed.
        let body = json!({ "utmSource": "newsletter" });
        self.send(&opened, Method::PATCH, "/auth/session", Some(body))
            .await
            .expect(200);
        let body = json!({ "refresh_token": opened.refresh_token });
        self.send_from(&opened.address, "/auth/refresh", body)
            .await
            .expect(200);
        self.tells_nothing().await;
    }

    async fn ends_sessions(&mut self, desk: &Hand) {
        // By signing out, with either token; once is all.
        let first = self.hand(ADA, "198.51.100.3").await;
        let second = self.hand(ADA, "198.51.100.4").await;
        for round in 0..2 {
            let path = "/auth/logout";
            self.send(&first, Method::POST, path, Some(json!({})))
                .await
                .expect_status(204);
            let body = json!({ "refresh_token": second.refresh_token });
            self.send_from(&second.address, path, body)
                .await
                .expect_status(204);
            let expected = [&first, &second]
                .map(|hand| self.ended(&hand.by(), &hand.session, "logout"))
                .to_vec();
            self.tells(if round == 0 { expected } else { Vec::new() })
                .await;
        }
        // One of one's own from another.
        let other = self.hand(ADA, "198.51.100.5").await;
        for round in 0..2 {
            let path = format!("/health/sessions/{}", other.session);
            self.send(desk, Method::DELETE, &path, None)
                .await
                .expect(200);
            let expected = vec![self.ended(&desk.by(), &other.session, "revoked")];
            self.tells(if round == 0 { expected } else { Vec::new() })
                .await;
        }
        // All others.
        let open = self.open_sessions(&desk.user).await;
        let others: Vec<&String> = open.iter().filter(|id| **id != desk.session).collect();
        assert!(others.len() >= 2, "{open:?}");
        let expected = others
            .iter()
            .map(|id| self.ended(&desk.by(), id, "revoked_all"))
            .collect();
        self.send(desk, Method::DELETE, "/health/sessions", None)
            .await
            .expect(200);
        self.tells(expected).await;
        // One's own.
        let path = "/health/sessions/current";
        self.send(desk, Method::DELETE, path, None)
            .await
            .expect(200);
        let expected = self.ended(&desk.by(), &desk.session, "revoked");
        self.tells(vec![expected]).await;
    }

    /// The open sessions of a person.
    pub(super) async fn open_sessions(&self, user: &str) -> Vec<String> {
        let query = format!(
            "SELECT {} AS line FROM sessions WHERE user_id = {} AND ended_at IS NULL ORDER BY id",
            self.sql.digits("id"),
            self.sql.id(user)
        );
        let found = self.sql.lines(&query).await;
        found.iter().map(|digits| hyphenated(digits)).collect()
    }

    /// The sixth session has the one give way that was idle longest.
    async fn gives_way(&mut self) {
        let mut hands = Vec::new();
        for number in 0..5 {
            hands.push(self.hand(ADA, &format!("198.51.100.1{number}")).await);
        }
        let address = "198.51.100.20";
        let body = json!({ "email": ADA, "password": PASSWORD });
        let body = self
            .send_from(address, "/auth/login", body)
            .await
            .expect(200);
        let sixth = hand_of(&body, address);
        let opened = self.here(
            SessionOpened,
            &sixth.by(),
            ("session", &sixth.session),
            json!({ "type": "WEB", "by": "password" }),
        );
        let replaced = self.ended(&sixth.by(), &hands[0].session, "replaced");
        self.tells(vec![opened, replaced]).await;
        self.send(&sixth, Method::DELETE, "/health/sessions", None)
            .await
            .expect(200);
        let expected = hands[1..]
            .iter()
            .map(|hand| self.ended(&sixth.by(), &hand.session, "revoked_all"))
            .collect();
        self.tells(expected).await;
    }

    /// Whoever has it, the owner or a thief, has not proven which.
    async fn presents_a_spent_token(&mut self) {
        let hand = self.hand(ADA, "198.51.100.6").await;
        let body = json!({ "refresh_token": hand.refresh_token });
        let refresh = "/auth/refresh";
        let next = self.send_from(&hand.address, refresh, body.clone()).await;
        let next = next.expect(200)["refresh_token"].clone();
        self.app.advance_secs(60);
        self.send_from(&hand.address, refresh, json!({ "refresh_token": next }))
            .await
            .expect(200);
        self.app.advance_secs(60);
        self.tells_nothing().await;
        let address = "203.0.113.51";
        let refused = self.send_from(address, refresh, body).await;
        assert_eq!(refused.problem(401), "refresh_token_reused");
        let by = By::client(address);
        let expected = self.ended(&by, &hand.session, "refresh_token_reused");
        self.tells(vec![expected]).await;
    }

    /// A mail tells of a new device, and its reader says that it was not them.
    async fn objects(&mut self) {
        self.app.advance_secs(60);
        let address = "203.0.113.52";
        let request = self
            .app
            .request(Method::POST, "/auth/login")
            .header("X-Forwarded-For", address)
            .header("X-Client-Type", "native")
            .header(
                "User-Agent",
                "Mozilla/5.0 (X11; Linux x86_64) Firefox/131.0",
            )
            .json(&json!({ "email": ADA, "password": PASSWORD }));
        let thief = hand_of(&self.app.send(request).await.expect(200), address);
        let expected = self.here(
            SessionOpened,
            &thief.by(),
            ("session", &thief.session),
            json!({ "type": "WEB", "by": "password" }),
        );
        self.tells(vec![expected]).await;
        let token = self.mailed(ADA, "new_device", "not-me").await;
        let address = "198.51.100.7";
        let body = json!({ "token": token });
        self.send_from(address, "/auth/verify/not-me", body.clone())
            .await
            .expect(200);
        let by = By::owner(&thief.user, address);
        let reported = self.here(SignInReported, &by, ("session", &thief.session), json!({}));
        let ended = self.ended(&by, &thief.session, "revoked");
        self.tells(vec![reported, ended]).await;
        self.send_from(address, "/auth/verify/not-me", body)
            .await
            .expect(400);
        self.tells_nothing().await;
    }

    /// Time passes, and whatever session is open ends by that alone.
    pub(super) async fn ends(&mut self) {
        let query = format!(
            "SELECT {} || ' ' || coalesce({}, '') AS line FROM sessions WHERE ended_at IS NULL",
            self.sql.digits("id"),
            self.sql.digits("workspace_id")
        );
        let open = self.sql.lines(&query).await;
        assert!(open.len() >= 3, "{open:?}");
        let expected: Vec<Value> = open
            .iter()
            .map(|line| {
                let (session, workspace) = line.split_once(' ').unwrap();
                let workspace = (!workspace.is_empty()).then(|| hyphenated(workspace));
                entry(
                    SessionEnded,
                    workspace.as_deref(),
                    &By::nobody(),
                    Some(("session", &hyphenated(session))),
                    json!({ "reason": "idle_timeout" }),
                )
            })
            .collect();
        self.app.advance_secs(8 * 24 * 3_600);
        crate::support::within(async || {
            let open = self.sql.lines(&query).await;
            open.is_empty().then_some(())
        })
        .await;
        // Whoever reads the log has to sign in again.
        let olga = self.app.seat("olga@example.com").await;
        self.auditor = olga.access_token;
        self.tells_but_for(expected, |row| row.actor.as_deref() == Some(&*olga.user_id))
            .await;
    }
}

/// An id as the wire has it.
pub(super) fn hyphenated(digits: &str) -> String {
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32];
    parts.map(|part| &digits[part]).join("-")
}
