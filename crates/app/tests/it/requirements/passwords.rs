//! S10 and S11: passwords as people choose them, and hashes that came from elsewhere.

use std::time::{Duration, Instant};

use kogents_domain::auth::{EmailAddress, NewPassword, PasswordHash, User};
use kogents_domain::store::Scope;
use serde_json::json;

use crate::support::{Backend, TestApp, on_both};

on_both!(
    s10_hashes_brought_from_elsewhere_are_replaced_at_the_next_sign_in,
    s10_a_hash_that_costs_too_much_is_refused_and_stays,
    s11_a_long_password_is_not_cut,
    s11_spaces_and_any_script_count,
    a_password_about_the_person_is_too_weak,
);

const EMAIL: &str = "ada@example.com";
const TODAY: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

async fn user(app: &TestApp) -> User {
    let email = EmailAddress::parse(EMAIL).unwrap();
    let mut unit = app.store().read(Scope::System).await.unwrap();
    unit.users().find_by_email(&email).await.unwrap().unwrap()
}

/// Gives the person a hash as an import would.
async fn import(app: &TestApp, hash: &PasswordHash) {
    let user = user(app).await;
    let mut unit = app.store().begin(Scope::Person(user.id)).await.unwrap();
    let users = unit.users();
    let replaced = users.replace_password_hash(user.id, &user.password_hash, hash, app.now());
    assert!(replaced.await.unwrap());
    unit.commit().await.unwrap();
}

async fn kept(app: &TestApp) -> PasswordHash {
    user(app).await.password_hash
}

/// Made by libxcrypt, OpenSSL and the reference implementation of Argon2; all of `password`, but
/// for the one of a hundred a's and an X.
fn brought() -> Vec<(String, &'static str)> {
    let password = || "password".to_owned();
    vec![
        (
            password(),
            "$2a$10$abcdefghijklmnopqrstuu5Lo0g67CiD3M4RpN1BmBb4Crp5w7dbK",
        ),
        (
            password(),
            "$2b$04$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdm",
        ),
        (
            password(),
            "$2y$10$abcdefghijklmnopqrstuu5Lo0g67CiD3M4RpN1BmBb4Crp5w7dbK",
        ),
        (
            "a".repeat(100) + "X",
            "$2b$04$abcdefghijklmnopqrstuuBzzIgyKkz7xMWYSzkIjUSnxEQFQ0WNe",
        ),
        (
            password(),
            "$scrypt$ln=14,r=8,p=1$c2l4dGVlbiBvY3RldHMhIQ$/ny6sTkJC2KWzMEU11BZ5OBTmglx9YW5llCrSahmoIs",
        ),
        (
            password(),
            "$pbkdf2-sha256$i=29000,l=32$c2l4dGVlbiBvY3RldHMhIQ$ico3ksOFVGnAhyo3PTCC8nN/ualAzYcxzS0vOSPBwkI",
        ),
        (
            password(),
            "$pbkdf2-sha512$i=25000,l=64$c2l4dGVlbiBvY3RldHMhIQ$LqiUOgcJrpkL3/6GZMs995TL7gy3sKleYZST3yEsP84raZoZsBX8Ch7myNof5zs1EjLDglsYhhGgftl/ZSt6Lw",
        ),
        (
            password(),
            "$argon2id$v=19$m=4096,t=1,p=2$c2l4dGVlbiBvY3RldHMhIQ$ajs0ynnSyc+YKJkYMLPSyOByU1MDWVxcZtRjumJmZJY",
        ),
        (
            password(),
            "$argon2i$v=19$m=4096,t=3,p=1$c2l4dGVlbiBvY3RldHMhIQ$5yMBR+DEkGz/WWZ3/IN2emaVupKnzi2JGiFip3yN5h8",
        ),
        (
            password(),
            "$argon2d$v=19$m=19456,t=2,p=1$c2l4dGVlbiBvY3RldHMhIQ$OAEv2p29bfPvcuohWg5FdF6cRTmm6jtUslnqLJZXkA0",
        ),
    ]
}

async fn s10_hashes_brought_from_elsewhere_are_replaced_at_the_next_sign_in(backend: &Backend) {
    let app = backend.start().await;
    app.sign_up_and_confirm(EMAIL).await;
    for (password, hash) in brought() {
        let hash = PasswordHash::new(hash);
        import(&app, &hash).await;

        let wrong = app.log_in(EMAIL, "passwore").await;
        assert_eq!(wrong.problem(401), "invalid_credentials");
        assert_eq!(kept(&app).await, hash, "a wrong password changes nothing");

        app.log_in(EMAIL, &password).await.expect(200);
        let replaced = kept(&app).await;
        assert!(replaced.expose().starts_with(TODAY), "{}", hash.expose());

        // The new hash is of the whole password, also where the old one saw a part of it.
        app.log_in(EMAIL, &password).await.expect(200);
        let longer = format!("{password}Y");
        assert_eq!(
            app.log_in(EMAIL, &longer).await.problem(401),
            "invalid_credentials"
        );
        assert_eq!(kept(&app).await, replaced, "it is replaced once");
    }
}

async fn s10_a_hash_that_costs_too_much_is_refused_and_stays(backend: &Backend) {
    let app = backend.start().await;
    app.sign_up_and_confirm(EMAIL).await;
    let unknown = app.log_in("nobody@example.com", "password").await;
    for hash in [
        "$2b$31$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdm",
        "$scrypt$ln=30,r=8,p=1$c2l4dGVlbiBvY3RldHMhIQ$/ny6sTkJC2KWzMEU11BZ5OBTmglx9YW5llCrSahmoIs",
        "$pbkdf2-sha256$i=4294967295$c2l4dGVlbiBvY3RldHMhIQ$ico3ksOFVGnAhyo3PTCC8nN/ualAzYcxzS0vOSPBwkI",
        "$argon2id$v=19$m=4194304,t=2,p=1$c2l4dGVlbiBvY3RldHMhIQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "5f4dcc3b5aa765d61d8327deb882cf99",
        "password",
    ] {
        let hash = PasswordHash::new(hash);
        import(&app, &hash).await;
        let begun = Instant::now();
        let refused = app.log_in(EMAIL, "password").await;
        // Computed, the least of them would take minutes.
        assert!(
            begun.elapsed() < Duration::from_secs(5),
            "{}",
            hash.expose()
        );
        assert_eq!(refused.problem(401), "invalid_credentials");
        assert_eq!(refused.json()["detail"], unknown.json()["detail"]);
        assert_eq!(kept(&app).await, hash);
    }
}

async fn s11_a_long_password_is_not_cut(backend: &Backend) {
    let app = backend.start().await;
    app.sign_up_and_confirm(EMAIL).await;
    // No such password can be chosen: its first hundred characters are too weak.
    let long = "a".repeat(100);
    let chosen = NewPassword::parse(&format!("{long}X")).unwrap();
    let hash = app.adapters().hasher.hash(&chosen).await.unwrap();
    import(&app, &hash).await;
    for other in [format!("{long}Y"), long.clone(), format!("{long}XY")] {
        let answer = app.log_in(EMAIL, &other).await;
        assert_eq!(answer.problem(401), "invalid_credentials");
    }
    app.log_in(EMAIL, &format!("{long}X")).await.expect(200);

    // The longest that can be chosen, 128 characters, to the last of them.
    let longest = "Correct horse battery staple, and so on. ".repeat(4);
    let longest: String = longest.chars().take(127).collect();
    let body = |password: &str, email: &str| json!({ "name": "Bob", "email": email, "password": password });
    let too_long = body(&format!("{longest}XY"), "bob@example.com");
    assert_eq!(
        app.post("/auth/signup", too_long).await.problem(400),
        "validation_failed"
    );
    let signup = app
        .post(
            "/auth/signup",
            body(&format!("{longest}X"), "bob@example.com"),
        )
        .await
        .expect(201)["sessionId"]
        .as_str()
        .unwrap()
        .to_owned();
    app.choose_workspace(&signup, "of-bob").await;
    let code = app.send_code(&signup, "bob@example.com").await;
    app.confirm(&signup, &code).await;
    let other = app.log_in("bob@example.com", &format!("{longest}Y")).await;
    assert_eq!(other.problem(401), "invalid_credentials");
    app.log_in("bob@example.com", &format!("{longest}X"))
        .await
        .expect(200);
}

async fn s11_spaces_and_any_script_count(backend: &Backend) {
    let app = backend.start().await;
    // Cyrillic, Han, an emoji and a letter that can be written in two ways, between spaces.
    let chosen =
        " \u{43f}\u{430}\u{440}\u{43e}\u{43b}\u{44c} \u{6f22}\u{5b57} \u{1f511} caf\u{e9} ";
    let body = json!({ "name": "Ada", "email": EMAIL, "password": chosen });
    let signup = app.post("/auth/signup", body).await.expect(201);
    let signup = signup["sessionId"].as_str().unwrap();
    app.choose_workspace(signup, "engines").await;
    let code = app.send_code(signup, EMAIL).await;
    app.confirm(signup, &code).await;

    for same in [chosen.to_owned(), chosen.replace('\u{e9}', "e\u{301}")] {
        app.log_in(EMAIL, &same).await.expect(200);
    }
    for other in [
        chosen.trim().to_owned(),
        chosen.trim_start().to_owned(),
        chosen.trim_end().to_owned(),
        chosen.replace(' ', ""),
        chosen.replacen("\u{6f22}", " \u{6f22}", 1),
        chosen.replace(' ', "\u{a0}"),
        chosen.replace('\u{e9}', "e"),
        chosen.replace('\u{e9}', "\u{c9}"),
        // Alike to the eye only: compatibility is no equality.
        chosen.replace('\u{5b57}', "\u{ff3a}"),
    ] {
        let answer = app.log_in(EMAIL, &other).await;
        assert_eq!(answer.problem(401), "invalid_credentials", "{other:?}");
    }
}

async fn a_password_about_the_person_is_too_weak(backend: &Backend) {
    let app = backend.start().await;
    let password = "zyqvorthaBramwiczk";
    let sign_up = async |name: &str, email: &str| {
        let body = json!({ "name": name, "email": email, "password": password });
        app.post("/auth/signup", body).await
    };
    let weak = sign_up("Zyqvortha Smith", "ada@bramwiczk.example").await;
    assert_eq!(weak.problem(400), "validation_failed");
    assert_eq!(weak.json()["errors"][0]["code"], "WEAK_PASSWORD");
    sign_up("Ada Lovelace", EMAIL).await.expect(201);
}
