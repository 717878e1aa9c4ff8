//! S5, S30: the log of the built program, with every crate at its most talkative and every setting a
//! secret has, tells no secret in any form, and each event is one line.

use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD, Engine as _};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Client, EVERYTHING, Folder, PASSWORD, Private, SmtpServer};

const MAIL_USER: &str = "canary-mail-user";
const MAIL_PASSWORD: &str = "canary-mail-password";
const REDIS_PASSWORD: &str = "canary-redis-password";
const DATABASE_PASSWORD: &str = "canary-database-password";
const WRONG_PASSWORD: &str = "canary wrong passw\u{F6}rd?";

/// Configured secrets, each with a value that is looked for.
const SETTINGS: [(&str, &str); 9] = [
    ("JWT_SECRET", "canary-1-Zq3vN8xLr0TbYw7KcJmP2sHdGf5uEaXi"),
    (
        "JWT_REFRESH_SECRET",
        "canary-2-p9QkVt4RzW1nMhB6yCjS8eLxUoDa0gFi",
    ),
    (
        "JWT_SECRET_PREVIOUS",
        "canary-3-3kQzVt4RzW1nMhB6yCjS8eLxUoDa0gFi",
    ),
    (
        "JWT_REFRESH_SECRET_PREVIOUS",
        "canary-4-Lr0TbYw7KcJmP2sHdGf5uEaXi",
    ),
    (
        "REDIS_ENCRYPTION_KEY",
        "canary-5-7HsUwXb2ePzQmKc9JvTnYr5LdGa1fOiE",
    ),
    (
        "REDIS_ENCRYPTION_SALT",
        "canary-6-Xt6BqWm0ZrVy3NkHc8PjLs2UeGoDa5Fi",
    ),
    (
        "REDIS_ENCRYPTION_KEY_PREVIOUS",
        "canary-7-W1nMhB6yCjS8eLxUoDa0gFi",
    ),
    ("SECRET_KEY", "canary-8-8PjLs2UeGoDa5FiXt6BqWm0ZrVy3NkHc"),
    ("HEALTH_TOKEN", "canary-9-B6yCjS8eLxUoDa0gFip9QkVt4RzW1nMh"),
];

/// Names that would be more than a name where they were written as they are.
const HOSTILE_NAMES: [&str; 6] = [
    "Ada\nforged: a line",
    "Ada\r\n{\"level\":\"ERROR\",\"message\":\"forged\"}\r\n",
    "Ada \u{1B}[31mforged\u{1B}[0m",
    "=?utf-8?q?forged?=",
    "\"forged\", 'quoted' \\",
    "\u{0}forged\u{9B}\u{2028}",
];

/// What was secret on the way through the product.
#[derive(Default)]
struct Secrets(Vec<(&'static str, String)>);

impl Secrets {
    fn add(&mut self, what: &'static str, secret: &str) {
        assert!(secret.len() >= 12, "{what}: {secret}");
        self.0.push((what, secret.to_owned()));
    }

    fn add_member(&mut self, what: &'static str, body: &Value, name: &str) -> String {
        let secret = body[name]
            .as_str()
            .unwrap_or_else(|| panic!("{name} in {body}"));
        self.add(what, secret);
        secret.to_owned()
    }
}

/// The forms that a secret may be written in.
fn forms(secret: &str) -> Vec<String> {
    let hex: String = secret.bytes().map(|octet| format!("{octet:02x}")).collect();
    let percent = |keep: &dyn Fn(u8) -> bool| -> String {
        let octets = secret.bytes();
        let one = |octet| match keep(octet) {
            true => char::from(octet).to_string(),
            false => format!("%{octet:02X}"),
        };
        octets.map(one).collect()
    };
    let debug = format!("{secret:?}");
    let mut forms = vec![
        secret.to_owned(),
        debug[1..debug.len() - 1].to_owned(),
        hex.to_uppercase(),
        hex,
        percent(&|octet| octet.is_ascii_alphanumeric()),
        percent(&|octet| octet.is_ascii_alphanumeric() || b"-._~".contains(&octet)),
        // As the bytes of a list, which is how they look inside.
        secret
            .bytes()
            .map(|octet| octet.to_string())
            .collect::<Vec<_>>()
            .join(", "),
    ];
    // In a text of base64 a secret may begin with any of three octets; what hangs over differs.
    for before in 0..3 {
        let octets = [vec![0; before], secret.as_bytes().to_vec()].concat();
        let whole = octets.len() * 8 / 6;
        let first = (before * 8).div_ceil(6);
        for engine in [BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD] {
            forms.push(engine.encode(&octets)[first..whole].to_owned());
        }
    }
    forms
}

async fn post_text(client: &Client, path: &str, kind: &str, body: String) -> Answer {
    let request = client.request(Method::POST, path);
    client
        .send(request.header("content-type", kind).body(body))
        .await
}

/// Everything that a client may do right, and much that it may do wrong. Where the limits of
/// requests stand in the way, they answer 429; no answer is a fault of the server's.
async fn walk(client: &Client, mail: &SmtpServer) -> Secrets {
    let mut secrets = Secrets::default();
    let address = "canary.ada@example.com";
    let signup = json!({ "name": "Ada Lovelace", "email": address, "password": PASSWORD });
    for (what, secret) in [
        ("address", address),
        ("refused address", "canary.bob@refused.example"),
        ("unknown address", "canary.eve@example.com"),
        ("password", PASSWORD),
        ("wrong password", WRONG_PASSWORD),
        ("mail user", MAIL_USER),
        ("mail password", MAIL_PASSWORD),
        ("Redis password", REDIS_PASSWORD),
        ("database password", DATABASE_PASSWORD),
    ] {
        secrets.add(what, secret);
    }
    for (name, value) in SETTINGS {
        secrets.add(name, value);
    }

    let body = client
        .post("/auth/signup", signup.clone())
        .await
        .expect(201);
    let session = secrets.add_member("signup", &body, "sessionId");
    for name in HOSTILE_NAMES {
        let body = json!({ "sessionId": session, "name": name, "slug": name });
        client.post("/workspace", body).await.expect(400);
    }
    client.choose_workspace(&session, "engines").await;
    let only = json!({ "sessionId": session });
    client
        .post("/auth/verify/send-for-session", only.clone())
        .await
        .expect(200);
    client
        .post("/auth/verify/send-for-session", only.clone())
        .await
        .expect(429);
    let code = mail.code(address).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let guess = json!({ "sessionId": session, "code": wrong });
    client
        .post("/auth/verify/confirm-for-session", guess)
        .await
        .expect(400);
    client.post("/auth/resume", only).await.expect(200);
    let confirm = json!({ "sessionId": session, "code": code });
    let path = "/auth/verify/confirm-for-session";
    let body = client.post_native(path, confirm).await.expect(201);
    secrets.0.push(("code", code));
    let access = secrets.add_member("access token", &body, "access_token");
    let refresh = secrets.add_member("refresh token", &body, "refresh_token");
    let api_token = secrets.add_member("API token", &body["workspace"], "apiToken");

    // An address that refuses mail, and one that has an account.
    let refused = json!({ "name": "Bob", "email": "canary.bob@refused.example",
        "password": PASSWORD });
    let body = client.post("/auth/signup", refused).await.expect(201);
    let session = secrets.add_member("second signup", &body, "sessionId");
    client.choose_workspace(&session, "refused").await;
    let only = json!({ "sessionId": session });
    client
        .post("/auth/verify/send-for-session", only)
        .await
        .expect(200);
    client.post("/auth/signup", signup).await.expect(201);

    client.log_in(address, WRONG_PASSWORD).await.expect(401);
    client
        .log_in("canary.eve@example.com", WRONG_PASSWORD)
        .await
        .expect(401);
    let body = client.log_in(address, PASSWORD).await.expect(200);
    let second = secrets.add_member("second access token", &body, "access_token");
    secrets.add_member("second refresh token", &body, "refresh_token");
    let body = json!({ "email": address, "password": PASSWORD });
    let in_cookie = client.post("/auth/login", body).await;
    in_cookie.expect(200);
    let cookie = in_cookie.refresh_cookie().unwrap();
    secrets.add("cookie", &cookie);
    let request = client.request(Method::POST, "/auth/refresh");
    client
        .send(request.header("cookie", format!("refreshToken={cookie}")))
        .await;

    client.get_as(&access, "/health/sessions").await.expect(200);
    client
        .get_as(&api_token, "/health/sessions")
        .await
        .expect(401);
    client
        .get_as(&refresh, "/health/sessions")
        .await
        .expect(401);
    client.get_as(SETTINGS[8].1, "/health/database").await;
    forge(client, &access, &mut secrets).await;
    misplace(client, &access, &refresh).await;

    let body = client.refresh(&refresh).await.expect(200);
    secrets.add_member("next access token", &body, "access_token");
    secrets.add_member("next refresh token", &body, "refresh_token");
    // The grace is nothing here: the session ends, and its owner is mailed.
    client.refresh(&refresh).await.expect(401);
    mail.mail(address, "one of your sessions").await;
    let request = client
        .request(Method::POST, "/auth/logout")
        .bearer_auth(&second);
    client.send(request).await;
    client.delete_as(&second, "/health/sessions").await;
    secrets
}

/// Access tokens that are nearly right.
async fn forge(client: &Client, access: &str, secrets: &mut Secrets) {
    let [head, claims, tag]: [&str; 3] = access.split('.').collect::<Vec<_>>().try_into().unwrap();
    let unsigned = BASE64_URL_SAFE_NO_PAD.encode(r#"{"typ":"at+jwt","alg":"none"}"#);
    let reversed: String = tag.chars().rev().collect();
    for forged in [
        format!("{head}.{claims}.{reversed}"),
        format!("{unsigned}.{claims}."),
        format!("{head}.{tag}.{claims}"),
        format!("{access}.{access}"),
    ] {
        client.get_as(&forged, "/health/sessions").await.expect(401);
        secrets.add("forged token", &forged);
    }
}

/// Secrets where they do not belong, and bodies that are none.
async fn misplace(client: &Client, access: &str, refresh: &str) {
    for path in [
        format!("/health/sessions?access_token={access}"),
        format!("/health/sessions/{access}"),
        format!("/{refresh}/{PASSWORD}"),
        "/auth/login?email=canary.ada%40example.com&password=SecurePassword123!".to_owned(),
    ] {
        let answer = client.get_as(access, &path).await;
        assert!(answer.status < 500, "{answer:?}");
        let request = client.request(Method::DELETE, &path).bearer_auth(access);
        // Every secret header there is, and some that there is not.
        let request = request
            .header("x-request-id", refresh)
            .header("x-forwarded-for", PASSWORD)
            .header("user-agent", access)
            .header("origin", "https://canary.ada@example.com")
            .header("x-client-type", refresh);
        let answer = client.send(request).await;
        assert!(answer.status < 500, "{answer:?}");
    }
    let whole = json!({ "email": "canary.ada@example.com", "password": PASSWORD }).to_string();
    for (kind, body) in [
        ("application/json", whole[..whole.len() - 1].to_owned()),
        ("application/json", format!("{whole}{whole}")),
        ("application/json", whole.replace("email", "password")),
        ("application/json", whole.replace("password", PASSWORD)),
        ("application/json", format!("\"{PASSWORD}\"")),
        (
            "application/json",
            whole.replace(PASSWORD, "SecurePassword123!\\ud800"),
        ),
        (
            "application/x-www-form-urlencoded",
            format!("password={PASSWORD}&email={refresh}"),
        ),
        ("text/plain", format!("{PASSWORD} {access} {refresh}")),
        (PASSWORD, whole.clone()),
    ] {
        for path in ["/auth/login", "/auth/signup", "/auth/refresh", "/workspace"] {
            let answer = post_text(client, path, kind, body.clone()).await;
            assert!(
                (400..500).contains(&answer.status),
                "{path} {body}: {answer:?}"
            );
        }
    }
    for name in HOSTILE_NAMES {
        let body = json!({ "name": name, "email": format!("canary.ada@example.com{name}"),
            "password": PASSWORD, name: name });
        let answer = client.post("/auth/signup", body).await;
        assert!((400..500).contains(&answer.status), "{name:?}: {answer:?}");
    }
}

/// Standalone digits, as a code would stand.
fn has_code(line: &str, code: &str) -> bool {
    let is_part =
        |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
    line.match_indices(code).any(|(at, _)| {
        !is_part(line[..at].chars().next_back()) && !is_part(line[at + 6..].chars().next())
    })
}

fn assert_tells_nothing(said: &str, secrets: &Secrets) {
    for (what, secret) in &secrets.0 {
        if *what == "code" {
            let telling = said.lines().find(|line| has_code(line, secret));
            assert_eq!(telling, None, "{what}");
            continue;
        }
        for form in forms(secret) {
            let telling = said.lines().find(|line| line.contains(&form));
            assert_eq!(telling, None, "{what} as {form}");
        }
    }
    // Every secret that was made for this begins so, whole or in part.
    for part in ["canary", "forged"] {
        let telling = said.lines().find(|line| line.contains(part));
        assert_eq!(telling, None, "{part}");
    }
}

/// What a start tells a person on standard output, beside the log.
fn is_announcement(line: &str) -> bool {
    line.is_empty()
        || line.starts_with("  ")
        || line.starts_with("Chosen by itself")
        || (line.starts_with("kogents ") && line.contains(" is ready at "))
}

/// Checks that every line is an event, and gives how many there are of each level.
fn events(said: &str, is_event: impl Fn(&str) -> Option<String>) -> Vec<String> {
    assert!(!said.contains(['\u{1B}', '\r', '\u{0}']));
    assert!(said.ends_with('\n'));
    let lines = said.lines().filter(|line| !is_announcement(line));
    lines
        .map(|line| is_event(line).unwrap_or_else(|| panic!("no event: {line:?}")))
        .collect()
}

async fn run(format: &str) -> Option<(String, Secrets)> {
    let redis = Private::redis_with(&["--requirepass", REDIS_PASSWORD])?;
    let postgres = Private::postgres_with_password(DATABASE_PASSWORD)?;
    let mail = SmtpServer::with_account(MAIL_USER, MAIL_PASSWORD);
    let mail_port = mail.port.to_string();
    let database_url = postgres.url();
    let redis_url = redis
        .url()
        .replace("redis://", &format!("redis://:{REDIS_PASSWORD}@"));
    let folder = Folder::new();
    let settings = [
        ("LOG_LEVEL", EVERYTHING),
        ("LOG_FORMAT", format),
        ("DATABASE_URL", database_url.as_str()),
        ("REDIS_URL", redis_url.as_str()),
        ("SMTP_HOST", "127.0.0.1"),
        ("SMTP_PORT", mail_port.as_str()),
        ("SMTP_TLS", "none"),
        ("SMTP_USER", MAIL_USER),
        ("SMTP_PASS", MAIL_PASSWORD),
        ("SMTP_FROM", "Kogents <no-reply@kogents.test>"),
        ("REFRESH_GRACE_SECS", "0"),
    ];
    let server = folder.start_with(&[settings.as_slice(), SETTINGS.as_slice()].concat());
    let secrets = walk(&server.client, &mail).await;
    let stdout = folder.path("stdout");
    assert_eq!(server.end_by("TERM").code(), Some(0));
    let said = std::fs::read_to_string(stdout).unwrap();
    // The log is there, and the libraries' part of it.
    for part in [
        "/auth/refresh",
        "keep-alive timer",
        "a mail is given up",
        "spent refresh token",
    ] {
        assert!(said.contains(part), "{part} is not logged");
    }
    assert_eq!(std::fs::read_to_string(folder.path("stderr")).unwrap(), "");
    Some((said, secrets))
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_s30_the_log_as_json_tells_no_secret_and_each_line_is_an_event() {
    let Some((said, secrets)) = run("json").await else {
        return;
    };
    assert_tells_nothing(&said, &secrets);
    let levels = events(&said, |line| {
        let event: Value = serde_json::from_str(line).ok()?;
        let has = |name: &str| event[name].is_string();
        (has("timestamp") && has("target") && has("message"))
            .then(|| event["level"].as_str().unwrap().to_owned())
    });
    for level in ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"] {
        assert!(levels.iter().any(|found| found == level), "{level}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_s30_the_log_as_text_tells_no_secret_and_each_line_is_an_event() {
    let Some((said, secrets)) = run("text").await else {
        return;
    };
    assert_tells_nothing(&said, &secrets);
    events(&said, |line| {
        let (time, rest) = line.split_once('Z')?;
        let level = rest.split_whitespace().next()?;
        let is_level = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"].contains(&level);
        let is_time = time.len() == 26 && time.as_bytes().get(10) == Some(&b'T');
        (is_level && is_time).then(|| level.to_owned())
    });
}

#[test]
fn a_secret_is_found_in_every_form() {
    let secret = "canary p\u{E4}ss+word/\"1";
    let written = [
        BASE64_STANDARD_NO_PAD.encode(format!("\0user\0{secret}")),
        BASE64_STANDARD_NO_PAD.encode(format!("{secret}\n")),
        BASE64_URL_SAFE_NO_PAD.encode(format!("a{secret}bc")),
        "63616e61727920".to_owned() + "70c3a473732b776f72642f2231",
        "canary%20p%C3%A4ss%2Bword%2F%221".to_owned(),
        format!("{secret:?}"),
        format!("{:?}", secret.as_bytes()),
    ];
    for text in written {
        assert!(
            forms(secret).iter().any(|form| text.contains(form)),
            "{text}"
        );
    }
    assert!(has_code("code 012345.\n".trim_end_matches(".\n"), "012345"));
    assert!(!has_code("12:00:00.012345Z", "012345"));
}
