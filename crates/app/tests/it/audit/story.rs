//! One story that has every deed in it, and what the log tells of it.

mod access;
mod credentials;
mod operators;
mod people;
mod sessions;
mod workspaces;

use std::collections::BTreeSet;

use kogents_domain::audit::AuditAction;
use kogents_domain::time::Span;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Account, Answer, AuditRow, Backend, PASSWORD, Sql, TestApp, audit_rows, on_both,
};

on_both!(every_deed_is_told_as_it_was_done);

const ADA: &str = "ada@example.com";

/// Somebody who is signed in, at a client of their own.
#[derive(Debug, Clone)]
struct Hand {
    user: String,
    session: String,
    access_token: String,
    refresh_token: String,
    address: String,
}

/// Whom an entry names: the person, the client's address, the session.
#[derive(Debug, Clone, Default)]
struct By {
    actor: Option<String>,
    ip: Option<String>,
    session: Option<String>,
}

impl By {
    /// The product itself.
    fn nobody() -> Self {
        Self::default()
    }

    /// A client that has not proven whose it is.
    fn client(address: &str) -> Self {
        Self {
            ip: Some(address.to_owned()),
            ..Self::default()
        }
    }

    /// Whoever has a mailed token.
    fn owner(user: &str, address: &str) -> Self {
        Self {
            actor: Some(user.to_owned()),
            ..Self::client(address)
        }
    }
}

impl Hand {
    fn by(&self) -> By {
        By {
            session: Some(self.session.clone()),
            ..By::owner(&self.user, &self.address)
        }
    }
}

/// An entry that is to be there.
fn entry(
    action: AuditAction,
    workspace: Option<&str>,
    by: &By,
    target: Option<(&str, &str)>,
    details: Value,
) -> Value {
    json!({
        "action": action.as_str(), "workspace": workspace,
        "actor": by.actor, "ip": by.ip, "session": by.session,
        "target": target.map(|(kind, id)| json!({ "type": kind, "id": id })), "details": details,
    })
}

/// An entry that is there, in the same words.
fn told(row: &AuditRow) -> Value {
    json!({
        "action": row.action, "workspace": row.workspace,
        "actor": row.actor, "ip": row.ip, "session": row.session,
        "target": row.target.as_ref().map(|(kind, id)| json!({ "type": kind, "id": id })),
        "details": row.details,
    })
}

struct Story<'a> {
    app: &'a TestApp,
    sql: Sql<'a>,
    /// The account that it begins with, and her workspace.
    ada: Account,
    /// Who reads that workspace's log. What they do is not in the story.
    auditor: String,
    seen: BTreeSet<String>,
    met: BTreeSet<String>,
}

impl Story<'_> {
    /// The workspace that most of it is about.
    fn workspace(&self) -> &str {
        &self.ada.workspace_id
    }

    /// An entry in that workspace's log.
    fn here(&self, action: AuditAction, by: &By, target: (&str, &str), details: Value) -> Value {
        entry(action, Some(self.workspace()), by, Some(target), details)
    }

    /// Sends a request of somebody's.
    async fn send(&self, by: &Hand, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = self
            .app
            .request(method, path)
            .bearer_auth(&by.access_token)
            .header("X-Forwarded-For", &by.address);
        self.app
            .send(match body {
                Some(body) => request.json(&body),
                None => request,
            })
            .await
    }

    /// Sends a request of nobody's, from a client at an address.
    async fn send_from(&self, address: &str, path: &str, body: Value) -> Answer {
        let request = self
            .app
            .request(Method::POST, path)
            .header("X-Forwarded-For", address)
            .header("X-Client-Type", "native")
            .json(&body);
        self.app.send(request).await
    }

    /// Signs somebody in at an address; it is told.
    async fn hand(&mut self, email: &str, address: &str) -> Hand {
        self.hand_with(email, PASSWORD, address).await
    }

    async fn hand_with(&mut self, email: &str, password: &str, address: &str) -> Hand {
        let body = json!({ "email": email, "password": password });
        let body = self
            .send_from(address, "/auth/login", body)
            .await
            .expect(200);
        let hand = hand_of(&body, address);
        let details = json!({ "type": "WEB", "by": "password" });
        let workspace = body["workspace"]["id"].as_str();
        let target = Some(("session", hand.session.as_str()));
        let opened = entry(
            AuditAction::SessionOpened,
            workspace,
            &hand.by(),
            target,
            details,
        );
        self.tells(vec![opened]).await;
        hand
    }

    /// These entries are new, and no others, whatever log they are in. The clock goes on.
    async fn tells(&mut self, expected: Vec<Value>) {
        self.tells_but_for(expected, |_| false).await;
    }

    /// Nothing is new.
    async fn tells_nothing(&mut self) {
        self.tells(Vec::new()).await;
    }

    /// The same as [`tells`](Self::tells), but for what somebody else did who is no part of it.
    async fn tells_but_for(&mut self, mut expected: Vec<Value>, aside: impl Fn(&AuditRow) -> bool) {
        let rows = audit_rows(self.sql).await;
        let new: Vec<&AuditRow> = rows
            .iter()
            .filter(|row| !self.seen.contains(&row.id))
            .collect();
        let mut found = Vec::new();
        for row in new.iter().filter(|row| !aside(row)) {
            assert_eq!(row.at, self.app.now(), "{row:?}");
            found.push(told(row));
            self.met.insert(row.action.clone());
        }
        let words = |entry: &Value| entry.to_string();
        expected.sort_by_key(words);
        found.sort_by_key(words);
        assert_eq!(
            found,
            expected,
            "told:\n{}\nexpected:\n{}",
            found.iter().map(words).collect::<Vec<_>>().join("\n"),
            expected.iter().map(words).collect::<Vec<_>>().join("\n"),
        );
        self.reads_the_same(&new).await;
        self.seen.extend(new.iter().map(|row| row.id.clone()));
        self.app.advance_secs(1);
    }

    /// Whoever may read the log is told the same of the new entries, newest first, and nothing else.
    async fn reads_the_same(&self, new: &[&AuditRow]) {
        let here = |row: &&&AuditRow| row.workspace.as_deref() == Some(self.workspace());
        let mut rows: Vec<&&AuditRow> = new.iter().filter(here).collect();
        rows.reverse();
        let page = self
            .app
            .audit(&self.auditor, "?limit=100")
            .await
            .expect(200);
        let members = self
            .app
            .get_as(&self.auditor, "/users?limit=100")
            .await
            .expect(200);
        let members = members["users"].as_array().unwrap();
        for (number, row) in rows.into_iter().enumerate() {
            let actor = row.actor.as_ref().map(|id| {
                let known = members.iter().find(|member| member["id"] == **id);
                let of = |name: &str| known.map_or(Value::Null, |known| known[name].clone());
                json!({ "id": id, "name": of("name"), "email": of("email") })
            });
            let target = row.target.as_ref();
            let expected = json!({
                "id": row.id, "at": row.told_at(), "actor": actor, "action": row.action,
                "target": target.map(|(kind, id)| json!({ "type": kind, "id": id })),
                "ip": row.ip, "sessionId": row.session, "details": row.details,
            });
            assert_eq!(page["items"][number], expected);
        }
    }

    /// The token of the newest link to a page that was mailed.
    async fn mailed(&self, to: &str, template: &str, page: &str) -> String {
        self.app.mail_is_out().await;
        let mail = self.app.mail(to, template).await;
        crate::support::link_in(mail["text"].as_str().unwrap(), page).1
    }
}

/// Whoever an answer has signed in.
fn hand_of(body: &Value, address: &str) -> Hand {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    Hand {
        user: text(&body["session"]["userId"]),
        session: text(&body["session"]["id"]),
        access_token: text(&body["access_token"]),
        refresh_token: text(&body["refresh_token"]),
        address: address.to_owned(),
    }
}

/// Its time stands still but for what the story says. Five sessions may be open at once, so that a
/// sixth has one give way.
async fn every_deed_is_told_as_it_was_done(backend: &Backend) {
    let app = backend
        .start_with(|config| {
            config.sizes.sweep_interval = Span::from_secs(1);
            config.sizes.sessions_per_user = 5;
            config.server.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
        })
        .await;
    app.stand_still();
    let ada = app.sign_up_and_confirm(ADA).await;
    let sql = Sql::of(backend, &app);
    let mut story = Story {
        app: &app,
        sql,
        auditor: String::new(),
        ada,
        seen: BTreeSet::new(),
        met: BTreeSet::new(),
    };
    story.begins().await;
    story.of_sessions().await;
    story.of_access().await;
    story.of_people().await;
    story.of_workspaces().await;
    story.of_credentials().await;
    story.of_operators().await;
    story.ends().await;

    let all: BTreeSet<String> = AuditAction::ALL
        .iter()
        .map(|action| action.as_str().to_owned())
        .collect();
    assert_eq!(story.met, all, "a deed is not in the story");
}
