//! How browsers meet the server: what good answers carry, and the refresh cookie.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Backend, PASSWORD, TestApp, asks_for_address, link_in, on_both};

on_both!(
    every_operation_succeeds_for_a_page_of_an_allowed_origin,
    the_refresh_cookie_lives_as_long_as_its_token,
    the_refresh_cookie_is_cleared_with_the_attributes_it_was_set_with,
    a_native_client_is_given_no_cookie_and_its_cookies_are_ignored,
);

const ORIGIN: &str = "https://app.example.com";
const ATTRIBUTES: &str = "HttpOnly; SameSite=Strict; Path=/auth";
const CLEARED: &str = "refreshToken=; HttpOnly; SameSite=Strict; Path=/auth; Max-Age=0";
const DAY: i64 = 86_400;
const IDLE: i64 = 7 * DAY;
const ABSOLUTE: i64 = 30 * DAY;

const API_TOKEN: &str = "/workspace/{id}/api-token";

/// A page of an allowed origin, and the operations that have answered it well.
struct Page<'a> {
    app: &'a TestApp,
    document: Value,
    met: BTreeSet<String>,
}

impl Page<'_> {
    /// Calls an operation, which must answer so, and looks at what its answer carries.
    async fn call(
        &mut self,
        (method, template): (Method, &str),
        path: &str,
        headers: &[(&str, String)],
        body: Option<Value>,
        status: u16,
    ) -> Answer {
        let mut request = self.app.request(method.clone(), path);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = self.app.send(request.header("Origin", ORIGIN)).await;
        answer.expect_status(status);
        let name = format!("{} {template}", method.as_str().to_lowercase());
        check_headers(&answer, template, &name);

        let operation = &self.document["paths"][template][method.as_str().to_lowercase()];
        let stated = &operation["responses"][status.to_string()]["headers"]["Set-Cookie"];
        if let Some(cookie) = answer.header("set-cookie") {
            assert!(stated.is_object(), "{name} {status} sets a cookie unsaid");
            assert!(cookie.contains("; HttpOnly; SameSite=Strict; Secure; Path=/auth; Max-Age="));
        }
        self.met.insert(name);
        answer
    }

    async fn post(&mut self, path: &str, body: Value, status: u16) -> Answer {
        self.call((Method::POST, path), path, &[], Some(body), status)
            .await
    }

    async fn get(&mut self, template: &str, path: &str, status: u16) {
        let operation = (Method::GET, template);
        self.call(operation, path, &[], None, status).await;
    }

    async fn as_member(&mut self, operation: (Method, &str), path: &str, token: &Value) {
        let token = format!("Bearer {}", token.as_str().unwrap());
        self.call(operation, path, &[("authorization", token)], None, 200)
            .await;
    }
}

/// What every answer to a page of an allowed origin carries, of a server that is called by https.
fn check_headers(answer: &Answer, template: &str, name: &str) {
    for (header, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-site"),
        ("strict-transport-security", "max-age=31536000"),
        ("access-control-allow-origin", ORIGIN),
        ("access-control-allow-credentials", "true"),
        (
            "access-control-expose-headers",
            "X-Request-Id, Retry-After, RateLimit, RateLimit-Policy",
        ),
    ] {
        assert_eq!(answer.header(header), Some(value), "{name} {header}");
    }
    assert_eq!(answer.header("x-request-id").unwrap().len(), 36, "{name}");
    let mut vary = answer.headers.get_all("vary").iter();
    assert!(vary.any(|value| value == "Origin"), "{name}");

    let same_for_all = ["/docs", "/openapi.json", "/problems"]
        .iter()
        .any(|page| template.starts_with(page));
    let kept = if same_for_all {
        "public, max-age=3600"
    } else if template == "/workspace/slug/{slug}" {
        // Kept, and asked about each time.
        "no-cache"
    } else {
        "no-store"
    };
    assert_eq!(answer.header("cache-control"), Some(kept), "{name}");

    let kind = answer.header("content-type").unwrap_or_default();
    if !kind.starts_with("text/html") {
        assert_eq!(
            answer.header("content-security-policy"),
            Some("default-src 'none'; frame-ancestors 'none'"),
            "{name}"
        );
    }
}

/// `Cookie` with what an answer has set.
fn cookie_of(answer: &Answer) -> (&'static str, String) {
    let token = answer.refresh_cookie().unwrap();
    ("cookie", format!("refreshToken={token}"))
}

async fn every_operation_succeeds_for_a_page_of_an_allowed_origin(backend: &Backend) {
    let app = backend
        .start_with(|config| {
            config.server.public_url = Some("https://api.example.com".parse().unwrap());
            config.server.allowed_origins = vec![ORIGIN.to_owned()];
        })
        .await;
    let mut page = Page {
        app: &app,
        document: app.get("/openapi.json").await.expect(200),
        met: BTreeSet::new(),
    };
    for (email, send, confirm) in [
        ("ada@example.com", "send-for-session", "confirm-for-session"),
        ("eve@example.com", "send-otp", "confirm-otp"),
    ] {
        let person = json!({ "name": "Ada", "email": email, "password": PASSWORD });
        let begun = page.post("/auth/signup", person, 201).await.json();
        let signup = json!({ "sessionId": begun["sessionId"] });
        let mut workspace = signup.clone();
        workspace["name"] = json!("Engines");
        workspace["slug"] = json!(email.replace(['@', '.'], "-"));
        page.post("/workspace", workspace, 201).await;
        let path = format!("/auth/verify/{send}");
        page.post(&path, signup.clone(), 200).await;
        page.post("/auth/resume", signup.clone(), 200).await;
        let mail = app.mail(email, "verification_code").await;
        let mut code = signup;
        code["code"] = mail["otp"].clone();
        let path = format!("/auth/verify/{confirm}");
        let confirmed = page.post(&path, code, 201).await;
        assert!(confirmed.header("set-cookie").is_some(), "{confirm}");
    }

    let credentials = json!({ "email": "ada@example.com", "password": PASSWORD });
    let signed_in = page.post("/auth/login", credentials.clone(), 200).await;
    let refresh = (Method::POST, "/auth/refresh");
    let cookie = [cookie_of(&signed_in)];
    let refreshed = page
        .call(refresh, "/auth/refresh", &cookie, None, 200)
        .await;
    let token = refreshed.json()["access_token"].clone();
    let bearer = (
        "authorization",
        format!("Bearer {}", token.as_str().unwrap()),
    );
    for (method, path, status) in [
        (Method::POST, "/auth/session", 201),
        (Method::PATCH, "/auth/session", 200),
        (Method::POST, "/auth/session/activity", 204),
    ] {
        let headers = [bearer.clone()];
        page.call((method, path), path, &headers, None, status)
            .await;
    }
    // A page that goes away has its cookie only.
    let path = "/auth/session/activity";
    let cookie = [cookie_of(&refreshed)];
    page.call((Method::POST, path), path, &cookie, None, 204)
        .await;
    for (method, template, path) in [
        (Method::GET, "/users/profile", "/users/profile"),
        (Method::GET, "/health/sessions", "/health/sessions"),
        (Method::DELETE, "/health/sessions", "/health/sessions"),
        (
            Method::DELETE,
            "/health/sessions/{token}",
            "/health/sessions/current",
        ),
    ] {
        page.as_member((method, template), path, &token).await;
    }
    let signed_in = page.post("/auth/login", credentials.clone(), 200).await;
    page.run_a_workspace(&signed_in.json()).await;
    page.follow_links(credentials, &signed_in.json()).await;
    let log_out = (Method::POST, "/auth/logout");
    let cookie = [cookie_of(&signed_in)];
    page.call(log_out, "/auth/logout", &cookie, None, 204).await;

    for (template, path, status) in [
        ("/health", "/health", 200),
        ("/health/live", "/health/live", 200),
        ("/health/ready", "/health/ready", 200),
        ("/health/database", "/health/database", 200),
        ("/health/database/pool", "/health/database/pool", 200),
        (
            "/health/database/performance",
            "/health/database/performance",
            200,
        ),
        ("/", "/", 200),
        ("/reset-password", "/reset-password", 200),
        ("/confirm-email", "/confirm-email", 200),
        ("/not-me", "/not-me", 200),
        ("/accept-invitation", "/accept-invitation", 200),
        (
            "/workspace/slug/{slug}",
            "/workspace/slug/ada-example-com",
            200,
        ),
        (
            "/workspace/slug/{slug}/available",
            "/workspace/slug/ada-example-com/available",
            200,
        ),
        ("/docs", "/docs", 308),
        ("/docs/{file}", "/docs/", 200),
        ("/openapi.json", "/openapi.json", 200),
        ("/problems/{code}", "/problems/not_found", 200),
        ("/dev/mailbox", "/dev/mailbox", 200),
        ("/dev/mailbox.json", "/dev/mailbox.json", 200),
    ] {
        page.get(template, path, status).await;
    }
    let paths = page.document["paths"].as_object().unwrap();
    let all: BTreeSet<String> = paths
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().keys();
            methods.map(move |method| format!("{method} {path}"))
        })
        .collect();
    assert_eq!(page.met, all, "an operation was not called");
}

impl Page<'_> {
    /// What an admin does with a workspace.
    async fn run_a_workspace(&mut self, signed_in: &Value) {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let bearer = |token: &Value| ("authorization", format!("Bearer {}", text(token)));
        let admin = [bearer(&signed_in["access_token"])];
        let workspace = text(&signed_in["workspace"]["id"]);
        let role = json!({ "name": "Night shift" });
        let permission = json!({ "name": "reports:export", "category": "reports" });
        let guest = json!({ "name": "Gus", "email": "gus@example.com", "role_name": "viewer" });
        let made = |answer: Answer| text(&answer.json()["id"]);
        let role = made(
            self.ask(&admin, (Method::POST, "/roles"), "", Some(role), 201)
                .await,
        );
        let permission = self
            .ask(
                &admin,
                (Method::POST, "/permissions"),
                "",
                Some(permission),
                201,
            )
            .await;
        let permission = made(permission);
        let invited = self
            .ask(&admin, (Method::POST, "/users"), "", Some(guest), 201)
            .await;
        let invited = made(invited);
        let grants = || Some(json!({ "permissionIds": [permission] }));
        let nothing = || Some(json!({}));
        let (get, put) = (Method::GET, Method::PUT);
        for (method, template, id, body, status) in [
            (get.clone(), "/workspace/{id}", &workspace, None, 200),
            (Method::PATCH, "/workspace/{id}", &workspace, nothing(), 200),
            (get.clone(), "/health/workspaces", &workspace, None, 200),
            (get.clone(), "/roles", &role, None, 200),
            (get.clone(), "/roles/{id}", &role, None, 200),
            (put.clone(), "/roles/{id}", &role, nothing(), 200),
            (get.clone(), "/roles/{id}/permissions", &role, None, 200),
            (put.clone(), "/roles/{id}/permissions", &role, grants(), 200),
            (
                Method::POST,
                "/roles/{id}/permissions",
                &role,
                grants(),
                200,
            ),
            (
                Method::DELETE,
                "/roles/{id}/permissions",
                &role,
                grants(),
                200,
            ),
            (Method::DELETE, "/roles/{id}", &role, None, 204),
            (get.clone(), "/permissions", &permission, None, 200),
            (
                get.clone(),
                "/permissions/categories",
                &permission,
                None,
                200,
            ),
            (
                put.clone(),
                "/permissions/{id}",
                &permission,
                nothing(),
                200,
            ),
            (Method::DELETE, "/permissions/{id}", &permission, None, 204),
            (get.clone(), "/users", &invited, None, 200),
            (get.clone(), "/users/{id}", &invited, None, 200),
            (put.clone(), "/users/{id}", &invited, nothing(), 200),
            (get.clone(), "/invitations", &invited, None, 200),
            (
                Method::POST,
                "/invitations/{id}/resend",
                &invited,
                None,
                200,
            ),
            (Method::DELETE, "/invitations/{id}", &invited, None, 204),
            (get.clone(), "/audit", &invited, None, 200),
            (Method::POST, API_TOKEN, &workspace, None, 201),
            (Method::DELETE, API_TOKEN, &workspace, None, 204),
        ] {
            self.ask(&admin, (method, template), id, body, status).await;
        }
        let path = "/permissions/explain?permission=chat:edit";
        let operation = (Method::GET, "/permissions/explain");
        self.call(operation, path, &admin, None, 200).await;

        // Somebody accepts, is put aside and taken in again, and leaves.
        let guest = json!({ "name": "Ida", "email": "ida@example.com", "role_name": "viewer" });
        self.ask(&admin, (Method::POST, "/users"), "", Some(guest), 201)
            .await;
        let mail = self.app.mail("ida@example.com", "invitation").await;
        let (_, token) = link_in(mail["text"].as_str().unwrap(), "accept-invitation");
        let body = json!({ "token": token });
        self.post("/auth/invitations/preview", body, 200).await;
        let body = json!({ "token": token, "name": "Ida", "password": PASSWORD });
        let accepted = self.post("/auth/invitations/accept", body, 200).await;
        let ida = text(&accepted.json()["user"]["id"]);
        for template in ["/users/{id}/deactivate", "/users/{id}/activate"] {
            self.ask(&admin, (put.clone(), template), &ida, None, 200)
                .await;
        }
        self.ask(&admin, (Method::DELETE, "/users/{id}"), &ida, None, 200)
            .await;
        self.end_an_account("ida@example.com").await;

        let body = json!({ "name": "Second", "slug": "second" });
        let further = self
            .ask(&admin, (Method::POST, "/workspace"), "", Some(body), 201)
            .await;
        let further = made(further);
        let body = json!({ "workspaceId": further });
        let path = "/auth/switch-workspace";
        let switched = self
            .ask(&admin, (Method::POST, path), "", Some(body), 200)
            .await;
        let admin = [bearer(&switched.json()["access_token"])];
        let body = json!({ "currentPassword": PASSWORD });
        let template = "/workspace/{id}";
        self.ask(
            &admin,
            (Method::DELETE, template),
            &further,
            Some(body),
            204,
        )
        .await;
    }

    /// What somebody does with their account, at last.
    async fn end_an_account(&mut self, email: &str) {
        let credentials = json!({ "email": email, "password": PASSWORD });
        let signed_in = self.post("/auth/login", credentials, 200).await.json();
        let token = signed_in["access_token"].as_str().unwrap();
        let own = [("authorization", format!("Bearer {token}"))];
        let (profile, export) = ("/users/profile", "/users/profile/export");
        let name = json!({ "name": "Ida Rhodes" });
        let password = json!({ "currentPassword": PASSWORD });
        for (method, path, body, status) in [
            (Method::PUT, profile, Some(name), 200),
            (Method::GET, export, None, 200),
            (Method::DELETE, profile, Some(password), 204),
        ] {
            self.ask(&own, (method, path), "", body, status).await;
        }
    }

    /// Calls an operation with an id in its path.
    async fn ask(
        &mut self,
        headers: &[(&str, String)],
        (method, template): (Method, &str),
        id: &str,
        body: Option<Value>,
        status: u16,
    ) -> Answer {
        let path = template.replace("{id}", id);
        self.call((method, template), &path, headers, body, status)
            .await
    }

    /// What is mailed to a person who is signed in, and the routes that its links lead to.
    async fn follow_links(&mut self, credentials: Value, signed_in: &Value) {
        let app = self.app;
        let email = credentials["email"].as_str().unwrap().to_owned();
        let token_in = |mail: &Value, page: &str| link_in(mail["text"].as_str().unwrap(), page).1;
        // Nobody is told of new devices right after signing up.
        app.advance_secs(60);
        let log_in = (Method::POST, "/auth/login");
        let elsewhere = [(
            "user-agent",
            "Mozilla/5.0 (X11; Linux x86_64) Firefox/131.0".to_owned(),
        )];
        self.call(log_in, "/auth/login", &elsewhere, Some(credentials), 200)
            .await;
        let token = token_in(&app.mail(&email, "new_device").await, "not-me");
        self.post("/auth/verify/not-me", json!({ "token": token }), 200)
            .await;
        let (user, session) = (&signed_in["user"]["id"], &signed_in["session"]["id"]);
        let [user, session] = [user, session].map(|id| id.as_str().unwrap());
        let token = asks_for_address(app, user, session, "countess@example.com").await;
        self.post("/auth/verify/confirm-email", json!({ "token": token }), 200)
            .await;
        let email = "countess@example.com";
        let body = json!({ "email": email });
        self.post("/auth/verify/request-password-reset", body, 200)
            .await;
        let token = token_in(&app.mail(email, "password_reset").await, "reset-password");
        let body = json!({ "token": token, "newPassword": "another long passphrase 7" });
        self.post("/auth/verify/confirm-password-reset", body, 200)
            .await;
    }
}

/// Signs in as a browser does; gives the whole answer.
async fn sign_in(app: &TestApp, email: &str) -> Answer {
    let body = json!({ "email": email, "password": PASSWORD });
    let answer = app.post("/auth/login", body).await;
    answer.expect(200);
    answer
}

async fn refresh(app: &TestApp, cookie: &(&'static str, String)) -> Answer {
    let request = app.request(Method::POST, "/auth/refresh");
    app.send(request.header(cookie.0, &cookie.1)).await
}

/// The life that an answer gives the cookie, in seconds.
fn max_age(answer: &Answer) -> i64 {
    let cookie = answer.header("set-cookie").unwrap();
    let (attributes, age) = cookie.split_once("; Max-Age=").unwrap();
    assert!(attributes.ends_with(ATTRIBUTES), "{cookie}");
    age.parse().unwrap()
}

/// Whether a life is this long, but for the seconds that a busy machine may take.
#[track_caller]
fn assert_about(secs: i64, expected: i64) {
    assert!(
        (expected - 15..=expected).contains(&secs),
        "{secs}, not {expected}"
    );
}

async fn the_refresh_cookie_lives_as_long_as_its_token(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let signed_in = sign_in(&app, &account.email).await;
    assert_eq!(max_age(&signed_in), IDLE);
    let spent = cookie_of(&signed_in);
    let rotated = refresh(&app, &spent).await;
    assert_about(max_age(&rotated), IDLE);

    // The current token once more: the same one, and so much older.
    app.advance_secs(20);
    let again = refresh(&app, &spent).await;
    assert_eq!(again.refresh_cookie(), rotated.refresh_cookie());
    assert_about(max_age(&again), IDLE - 20);

    // Near the end of the session's absolute life there is less than the idle time left.
    let mut cookie = cookie_of(&rotated);
    for _ in 0..4 {
        app.advance_secs(6 * DAY);
        let answer = refresh(&app, &cookie).await;
        answer.expect(200);
        cookie = cookie_of(&answer);
        if answer.refresh_cookie().is_some() && max_age(&answer) < IDLE - 60 {
            assert_about(max_age(&answer), ABSOLUTE - 24 * DAY - 20);
            return;
        }
    }
    panic!("the cookie outlives its session");
}

async fn the_refresh_cookie_is_cleared_with_the_attributes_it_was_set_with(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;

    let signed_in = sign_in(&app, &account.email).await;
    assert!(max_age(&signed_in) > 0);
    let cookie = cookie_of(&signed_in);
    let log_out = app.request(Method::POST, "/auth/logout");
    let left = app.send(log_out.header(cookie.0, &cookie.1)).await;
    assert_eq!(left.status, 204);
    assert_eq!(left.header("set-cookie"), Some(CLEARED));

    let refused = refresh(&app, &cookie).await;
    assert_eq!(refused.problem(401), "invalid_refresh_token");
    assert_eq!(refused.header("set-cookie"), Some(CLEARED));

    for by_id in [false, true] {
        let signed_in = sign_in(&app, &account.email).await.json();
        let token = signed_in["access_token"].as_str().unwrap();
        let other = format!("/health/sessions/{}", account.session_id);
        let answer = app.delete_as(token, &other).await;
        answer.expect(200);
        assert_eq!(answer.header("set-cookie"), None, "of another session");
        let id = signed_in["session"]["id"].as_str().unwrap();
        let name = if by_id { id } else { "current" };
        let answer = app
            .delete_as(token, &format!("/health/sessions/{name}"))
            .await;
        answer.expect(200);
        assert_eq!(answer.header("set-cookie"), Some(CLEARED), "{name}");
    }
}

async fn a_native_client_is_given_no_cookie_and_its_cookies_are_ignored(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let native = app.log_in(&account.email, PASSWORD).await;
    assert!(native.expect(200)["refresh_token"].is_string());
    assert_eq!(native.header("set-cookie"), None);

    let cookie = cookie_of(&sign_in(&app, &account.email).await);
    for (path, status) in [("/auth/refresh", 401), ("/auth/logout", 204)] {
        let request = app
            .request(Method::POST, path)
            .header("X-Client-Type", "native")
            .header(cookie.0, &cookie.1);
        let answer = app.send(request).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text);
        assert_eq!(answer.header("set-cookie"), None, "{path}");
    }
    // The session of the cookie has neither been refreshed nor ended.
    let answer = refresh(&app, &cookie).await;
    answer.expect(200);
    assert_about(max_age(&answer), IDLE);
}
