//! S14: forged and malformed tokens are refused everywhere, and always in the same way.

mod forge;
mod variants;

use kogents_domain::secret::SecretText;
use reqwest::Method;
use reqwest::header::HeaderValue;
use serde_json::{Value, json};

use crate::support::{Answer, Backend, TestApp, on_both};
use forge::Forge;
use variants::{Forged, access, refresh};

on_both!(
    s14_forged_access_tokens_are_refused_at_every_protected_route,
    s14_forged_refresh_tokens_are_refused_in_cookie_and_body,
);

const EMAIL: &str = "ada@example.com";
const ACCESS_SECRET: &str = "the access secret that forgers do not have";
const REFRESH_SECRET: &str = "the refresh secret that forgers do not have";

/// A server whose secrets are known here.
async fn start(backend: &Backend) -> TestApp {
    backend
        .start_with(|config| {
            config.keys.jwt = Some(SecretText::new(ACCESS_SECRET));
            config.keys.jwt_refresh = Some(SecretText::new(REFRESH_SECRET));
        })
        .await
}

/// Method and path of every operation that the published document admits nobody to without an
/// access token.
async fn protected(app: &TestApp) -> Vec<(Method, String)> {
    let document = app.get("/openapi.json").await.expect(200);
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let schemes = operation["security"].as_array().into_iter().flatten();
            let mut bearer = schemes.map(|scheme| scheme.get("bearer").is_some());
            let secured = bearer
                .next()
                .is_some_and(|first| first && bearer.all(|is| is));
            if secured {
                let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes());
                all.push((method.unwrap(), concrete(path)));
            }
        }
    }
    all
}

/// A path with an id in the place of each parameter.
fn concrete(path: &str) -> String {
    let id = "0192f3c0-1111-7abc-8def-0123456789ab";
    let mut parts = path
        .split('/')
        .map(|part| if part.starts_with('{') { id } else { part });
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |path, part| format!("{path}/{part}"))
}

#[track_caller]
fn is_refused(answer: &Answer, what: &str) {
    assert_eq!(answer.status, 401, "{what}: {}", answer.text);
    assert_eq!(answer.problem(401), "invalid_token", "{what}");
    let challenge = answer.header("www-authenticate");
    assert_eq!(challenge, Some("Bearer error=\"invalid_token\""), "{what}");
}

/// The other kinds of token, which are genuine in their own places.
async fn other_kinds(app: &TestApp, access: &str) -> Vec<Forged> {
    let listed = app.get_as(access, "/health/sessions").await.expect(200);
    let signup = app.sign_up("bob@example.com").await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    vec![
        Forged::text("a signup's", signup),
        Forged::text("a handle", text(&listed["sessions"][0]["sessionToken"])),
        Forged::text("a session's id", text(&listed["sessions"][0]["id"])),
        Forged::text("a person's id", text(&listed["sessions"][0]["userId"])),
    ]
}

async fn s14_forged_access_tokens_are_refused_at_every_protected_route(backend: &Backend) {
    let app = start(backend).await;
    let account = app.sign_up_and_confirm(EMAIL).await;
    let genuine = Forge::of(&account.access_token, ACCESS_SECRET);
    // The tool forges well: what it makes without a change is good.
    app.get_as(&genuine.token(), "/health/sessions")
        .await
        .expect(200);

    let mut forged = access(&genuine, app.now().as_unix_secs(), REFRESH_SECRET);
    forged.extend(other_kinds(&app, &account.access_token).await);
    forged.push(Forged::text(
        "a refresh token",
        account.refresh_token.clone(),
    ));
    forged.push(Forged::text("an API token", account.api_token.clone()));
    let routes = protected(&app).await;
    assert!(
        forged.len() >= 100 && routes.len() >= 3,
        "{} {}",
        forged.len(),
        routes.len()
    );
    for (method, path) in &routes {
        for Forged { what, token } in &forged {
            let value = [b"Bearer ", token.as_slice()].concat();
            let value = HeaderValue::from_bytes(&value).expect(what);
            let request = app.request(method.clone(), path);
            let answer = app.send(request.header("authorization", value)).await;
            is_refused(&answer, &format!("{method} {path}: {what}"));
        }
        let twice = app.request(method.clone(), path);
        let twice = twice.bearer_auth(&account.access_token);
        let answer = app.send(twice.bearer_auth(&account.access_token)).await;
        is_refused(&answer, &format!("{method} {path}: two headers"));
    }
    // Who signs out needs no token, and with a forged one ends nothing. What the secret has signed
    // for the session does end it, also when the session has moved to another workspace since.
    let of_the_session = ["no workspace", "another workspace", "another person"];
    for Forged { what, token } in &forged {
        if of_the_session.contains(&what.as_str()) {
            continue;
        }
        let value = HeaderValue::from_bytes(&[b"Bearer ", token.as_slice()].concat());
        let request = app.request(Method::POST, "/auth/logout");
        let answer = app.send(request.header("authorization", value.expect(what)));
        assert_eq!(answer.await.status, 204, "{what}");
    }
    // None of them did anything: the session is what it was.
    app.get_as(&account.access_token, "/health/sessions")
        .await
        .expect(200);
}

async fn s14_forged_refresh_tokens_are_refused_in_cookie_and_body(backend: &Backend) {
    let app = start(backend).await;
    let account = app.sign_up_and_confirm(EMAIL).await;
    let genuine = Forge::of(&account.refresh_token, REFRESH_SECRET);
    assert_eq!(genuine.token(), account.refresh_token);

    let mut forged = refresh(&genuine, app.now().as_unix_secs(), ACCESS_SECRET);
    forged.extend(other_kinds(&app, &account.access_token).await);
    forged.push(Forged::text(
        "an access token",
        account.access_token.clone(),
    ));
    forged.push(Forged::text("an API token", account.api_token.clone()));
    assert!(forged.len() >= 100, "{}", forged.len());
    for Forged { what, token } in &forged {
        // A cookie's value is not quoted and ends where the next begins.
        let cookie = [b"refreshToken=", token.as_slice()].concat();
        let cookie = HeaderValue::from_bytes(&cookie).expect(what);
        let by_cookie = |path| {
            app.request(Method::POST, path)
                .header("cookie", cookie.clone())
        };
        let answer = app.send(by_cookie("/auth/refresh")).await;
        assert_eq!(answer.status, 401, "{what}: {}", answer.text);
        assert_eq!(answer.problem(401), "invalid_refresh_token", "{what}");
        assert_eq!(answer.refresh_cookie().as_deref(), Some(""), "{what}");
        let answer = app.send(by_cookie("/auth/logout")).await;
        assert_eq!(answer.status, 204, "{what}: {}", answer.text);

        let Ok(text) = std::str::from_utf8(token) else {
            continue;
        };
        // In JSON a text may also have what no header can carry.
        for text in [
            text.to_owned(),
            format!("{text}\n"),
            format!("\u{2028}{text}"),
        ] {
            let answer = app.refresh(&text).await;
            assert_eq!(answer.status, 401, "{what}: {}", answer.text);
            assert_eq!(answer.problem(401), "invalid_refresh_token", "{what}");
            let body = json!({ "refresh_token": text });
            let answer = app.post_native("/auth/logout", body).await;
            assert_eq!(answer.status, 204, "{what}: {}", answer.text);
        }
    }
    for text in ["\n", " ", "\u{feff}"] {
        let around = format!("{text}{}{text}", account.refresh_token);
        assert_eq!(
            app.refresh(&around).await.problem(401),
            "invalid_refresh_token"
        );
    }
    // None of them spent or ended anything.
    app.get_as(&account.access_token, "/health/sessions")
        .await
        .expect(200);
    app.refresh(&account.refresh_token).await.expect(200);
}
