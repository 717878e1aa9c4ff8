//! S9: what rests in the cache is sealed for its own place. What was altered or moved there is
//! refused like what does not exist, and is left where it is.

use kogents_domain::digest::{Digest, SealPurpose};
use kogents_domain::secret::SecretText;
use kogents_domain::signup::{PendingEntry, Replaced};
use serde_json::json;

use crate::support::{Backend, TestApp, on_both};

on_both!(s9_altered_and_moved_signups_are_refused_and_left);

const CONFIRM: &str = "/auth/verify/confirm-for-session";

/// Of the envelope: version, key id, nonce, then the ciphertext, and the tag at the end.
const KEY_ID_AT: usize = 1;
const NONCE_AT: usize = 5;
const CIPHERTEXT_AT: usize = 17;
const TAG_LEN: usize = 16;

/// The name that a signup is kept under.
fn key(app: &TestApp, signup: &str) -> Digest {
    app.adapters()
        .digester
        .random_secret(&SecretText::new(signup))
}

async fn load(app: &TestApp, key: Digest) -> PendingEntry {
    let loaded = app.adapters().pending.load(key, app.now()).await;
    loaded.unwrap().expect("nothing was deleted")
}

/// Puts other bytes in a signup's place, in whichever cache it is.
async fn put(app: &TestApp, key: Digest, sealed: &[u8]) {
    let version = load(app, key).await.version;
    let put = app
        .adapters()
        .pending
        .set_workspace(key, version, sealed.to_vec(), app.now());
    assert!(matches!(put.await.unwrap(), Replaced::Done { .. }));
}

/// Everything that somebody who can write to the cache may try.
fn alterations(own: &[u8], other: &[u8], as_mail: &[u8]) -> Vec<(String, Vec<u8>)> {
    let tag_at = own.len() - TAG_LEN;
    let mut all = vec![
        ("another signup's".to_owned(), other.to_vec()),
        ("sealed for another purpose".to_owned(), as_mail.to_vec()),
        ("nothing".to_owned(), Vec::new()),
        ("text".to_owned(), br#"{"name":"Mallory"}"#.to_vec()),
        ("one octet more".to_owned(), [own, &[0]].concat()),
        ("twice".to_owned(), own.repeat(2)),
        (
            "another's key id and nonce".to_owned(),
            [&other[..CIPHERTEXT_AT], &own[CIPHERTEXT_AT..]].concat(),
        ),
        (
            "another's tag".to_owned(),
            [&own[..tag_at], &other[other.len() - TAG_LEN..]].concat(),
        ),
        (
            "an unknown key id".to_owned(),
            [&own[..KEY_ID_AT], b"none", &own[NONCE_AT..]].concat(),
        ),
        (
            "another purpose's key id".to_owned(),
            [
                &own[..KEY_ID_AT],
                &as_mail[KEY_ID_AT..NONCE_AT],
                &own[NONCE_AT..],
            ]
            .concat(),
        ),
    ];
    for (region, at) in [
        ("version", 0),
        ("key id", KEY_ID_AT),
        ("nonce", NONCE_AT),
        ("nonce's end", CIPHERTEXT_AT - 1),
        ("ciphertext", CIPHERTEXT_AT),
        ("ciphertext's middle", own.len() / 2),
        ("ciphertext's end", tag_at - 1),
        ("tag", tag_at),
        ("tag's end", own.len() - 1),
    ] {
        let mut flipped = own.to_vec();
        flipped[at] ^= 1;
        all.push((format!("a flipped bit in the {region}"), flipped));
    }
    for length in [
        1,
        NONCE_AT,
        CIPHERTEXT_AT,
        CIPHERTEXT_AT + TAG_LEN,
        tag_at,
        own.len() - 1,
    ] {
        all.push((format!("cut at {length}"), own[..length].to_vec()));
    }
    all
}

async fn s9_altered_and_moved_signups_are_refused_and_left(backend: &Backend) {
    let app = backend.start().await;
    let mut signups = Vec::new();
    for (email, slug) in [("ada@example.com", "of-ada"), ("bob@example.com", "of-bob")] {
        let signup = app.sign_up(email).await;
        app.choose_workspace(&signup, slug).await;
        let code = app.send_code(&signup, email).await;
        signups.push((key(&app, &signup), signup, code));
    }
    let [(a_key, a, a_code), (b_key, b, b_code)] = signups.try_into().unwrap();
    let own = load(&app, a_key).await;
    let other = load(&app, b_key).await.sealed;
    let as_mail = app
        .adapters()
        .sealer
        .seal(SealPurpose::Mail, a_key.as_bytes(), b"{}");

    for (what, sealed) in alterations(&own.sealed, &other, &as_mail) {
        put(&app, a_key, &sealed).await;
        let reference = json!({ "sessionId": a });
        for (path, body) in [
            ("/auth/resume", reference.clone()),
            ("/auth/verify/send-for-session", reference),
            (CONFIRM, json!({ "sessionId": a, "code": a_code })),
            (CONFIRM, json!({ "sessionId": a, "code": "000000" })),
            (
                "/workspace",
                json!({ "sessionId": a, "name": "Engines", "slug": "of-mallory" }),
            ),
        ] {
            let answer = app.post(path, body).await;
            let code = answer.json()["code"].clone();
            assert_eq!(
                (answer.status, code.as_str()),
                (404, Some("signup_not_found")),
                "{what}: {path}"
            );
        }
        let left = load(&app, a_key).await;
        assert_eq!(left.sealed, sealed, "{what}: it stays as it is");
        assert_eq!(left.expires_at, own.expires_at, "{what}");
    }

    // With its own bytes back the signup goes on: nothing was used up, and its code is good.
    put(&app, a_key, &own.sealed).await;
    let resumed = app.post("/auth/resume", json!({ "sessionId": a })).await;
    assert_eq!(resumed.expect(200)["workspace"]["slug"], "of-ada");
    let wrong =
        json!({ "sessionId": a, "code": if a_code == "000001" { "000002" } else { "000001" } });
    let answer = app.post(CONFIRM, wrong).await;
    assert_eq!(answer.problem(400), "otp_invalid");
    assert_eq!(answer.json()["attemptsRemaining"], 4);
    assert_eq!(app.confirm(&a, &a_code).await.email, "ada@example.com");
    assert_eq!(app.confirm(&b, &b_code).await.email, "bob@example.com");
}
