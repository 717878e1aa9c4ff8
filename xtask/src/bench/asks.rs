//! The requests of each row, to the server and to its ceiling.
//!
//! Both get the same head and body, so that reading them costs both the same; what the server
//! takes from a token, its ceiling takes from the query.

use super::row::Row;
use super::session::Session;
use super::stores::Stores;

/// A browser, as the server takes devices from them.
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
                       Chrome/131.0.0.0 Safari/537.36";

/// What a person counted.
const ACTIVITY: &str = r#"{"pages":1,"actions":2}"#;

/// A password that the server takes.
const PASSWORD: &str = "granite lanterns over the verdant quay";

/// Whom a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The server.
    Server,
    /// The bare program.
    Ceiling,
}

/// Requests, and the statuses of their answers.
#[derive(Debug)]
pub(super) struct Asks {
    /// The requests as bytes.
    pub(super) requests: Vec<Vec<u8>>,
    /// The only status that is right.
    pub(super) expected: u16,
    /// Whether each may be sent once only.
    pub(super) once: bool,
}

/// The requests of a row for these sessions.
pub(super) fn of(row: Row, stores: Stores, side: Side, sessions: &[Session]) -> Asks {
    let requests = sessions
        .iter()
        .map(|session| match (row, side) {
            (Row::Activity, _) => activity(session, stores, side),
            (Row::Profile, _) => profile(session, side),
            (Row::Refresh, _) => refresh(session, side),
            (Row::Login, _) => login(session),
            (_, Side::Server) => get("/health/live", ""),
            (_, Side::Ceiling) => get("/live", ""),
        })
        .collect();
    Asks {
        requests,
        expected: if row == Row::Activity { 204 } else { 200 },
        once: row == Row::Refresh,
    }
}

/// So many signups, each with an address of its own from this number on.
pub(super) fn signups(from: u64, count: u64) -> Asks {
    let requests = (from..from.saturating_add(count)).map(|number| {
        let body = format!(
            r#"{{"name":"Measured Person","email":"signup-{number}@measured.example","password":"{PASSWORD}"}}"#
        );
        post("/auth/signup", "", &body)
    });
    Asks {
        requests: requests.collect(),
        expected: 201,
        once: true,
    }
}

/// A report of activity: authenticated, without the database.
pub(super) fn activity(session: &Session, stores: Stores, side: Side) -> Vec<u8> {
    let path = match (side, stores) {
        (Side::Server, _) => "/auth/session/activity".to_owned(),
        (Side::Ceiling, Stores::Embedded) => "/activity/token".to_owned(),
        (Side::Ceiling, Stores::Shared) => format!("/activity?{}", whom(session)),
    };
    post(&path, &bearer(session), ACTIVITY)
}

/// A look at the own profile: authenticated, and reads.
pub(super) fn profile(session: &Session, side: Side) -> Vec<u8> {
    let path = match side {
        Side::Server => "/users/profile".to_owned(),
        Side::Ceiling => format!("/profile?{}", whom(session)),
    };
    get(&path, &bearer(session))
}

/// A sign-in of a client that cannot hold cookies.
pub(super) fn login(session: &Session) -> Vec<u8> {
    let (email, password) = (&session.email, &session.password);
    let body = format!(r#"{{"email":"{email}","password":"{password}"}}"#);
    post("/auth/login", NATIVE, &body)
}

fn refresh(session: &Session, side: Side) -> Vec<u8> {
    let path = match side {
        Side::Server => "/auth/refresh".to_owned(),
        Side::Ceiling => format!(
            "/refresh?user={}&session={}&digest={}&next={}",
            session.user_id,
            session.session_id,
            session.refresh_digest,
            session.next_refresh_digest
        ),
    };
    let body = format!(r#"{{"refresh_token":"{}"}}"#, session.refresh_token);
    post(&path, NATIVE, &body)
}

const NATIVE: &str = "X-Client-Type: native\r\n";

fn bearer(session: &Session) -> String {
    format!("Authorization: Bearer {}\r\n", session.access_token)
}

fn whom(session: &Session) -> String {
    format!(
        "user={}&session={}&workspace={}",
        session.user_id, session.session_id, session.workspace_id
    )
}

fn get(path: &str, headers: &str) -> Vec<u8> {
    format!("GET {path} {HTTP}User-Agent: {BROWSER}\r\n{headers}\r\n").into_bytes()
}

fn post(path: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {path} {HTTP}User-Agent: {BROWSER}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n{headers}\r\n{body}"
    )
    .into_bytes()
}

const HTTP: &str = "HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn session() -> Session {
        serde_json::from_str(
            r#"{"userId":"u","sessionId":"s","workspaceId":"w","accessToken":"at",
                "refreshToken":"rt","refreshDigest":"00","nextRefreshDigest":"01",
                "email":"e@x.example","password":"p"}"#,
        )
        .unwrap()
    }

    fn first(row: Row, stores: Stores, side: Side) -> String {
        let asks = of(row, stores, side, &[session()]);
        String::from_utf8(asks.requests[0].clone()).unwrap()
    }

    #[test]
    fn each_row_asks_what_it_measures() {
        let line = |row, stores, side| {
            let request = first(row, stores, side);
            request.lines().next().unwrap().to_owned()
        };
        let (shared, embedded) = (Stores::Shared, Stores::Embedded);
        for (row, stores, side, expected) in [
            (Row::Live, shared, Side::Server, "GET /health/live"),
            (Row::Live, shared, Side::Ceiling, "GET /live"),
            (
                Row::Activity,
                shared,
                Side::Server,
                "POST /auth/session/activity",
            ),
            (
                Row::Activity,
                shared,
                Side::Ceiling,
                "POST /activity?user=u&session=s&workspace=w",
            ),
            (
                Row::Activity,
                embedded,
                Side::Ceiling,
                "POST /activity/token",
            ),
            (Row::Profile, shared, Side::Server, "GET /users/profile"),
            (
                Row::Profile,
                shared,
                Side::Ceiling,
                "GET /profile?user=u&session=s&workspace=w",
            ),
            (Row::Refresh, shared, Side::Server, "POST /auth/refresh"),
            (
                Row::Refresh,
                shared,
                Side::Ceiling,
                "POST /refresh?user=u&session=s&digest=00&next=01",
            ),
            (Row::Login, shared, Side::Server, "POST /auth/login"),
        ] {
            assert_eq!(line(row, stores, side), format!("{expected} HTTP/1.1"));
        }
    }

    #[test]
    fn server_and_ceiling_read_the_same_but_for_the_path() {
        for row in [Row::Live, Row::Activity, Row::Profile, Row::Refresh] {
            let after_path = |side| {
                let request = first(row, Stores::Shared, side);
                request.split_once(" HTTP/1.1\r\n").unwrap().1.to_owned()
            };
            assert_eq!(
                after_path(Side::Server),
                after_path(Side::Ceiling),
                "{row:?}"
            );
        }
    }

    #[test]
    fn bodies_are_as_long_as_they_say() {
        for request in [
            first(Row::Activity, Stores::Shared, Side::Server),
            first(Row::Refresh, Stores::Shared, Side::Server),
            first(Row::Login, Stores::Shared, Side::Server),
            String::from_utf8(signups(7, 1).requests.remove(0)).unwrap(),
        ] {
            let (head, body) = request.split_once("\r\n\r\n").unwrap();
            assert!(
                head.contains(&format!("\r\nContent-Length: {}", body.len())),
                "{request}"
            );
            serde_json::from_str::<serde_json::Value>(body).unwrap();
        }
    }

    #[test]
    fn nobody_signs_up_twice() {
        let all: BTreeSet<Vec<u8>> = signups(0, 50)
            .requests
            .into_iter()
            .chain(signups(50, 50).requests)
            .collect();
        assert_eq!(all.len(), 100);
    }
}
