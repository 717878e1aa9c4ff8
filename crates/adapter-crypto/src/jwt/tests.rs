//! Forged and malformed tokens: every one is refused, by both kinds.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kogents_domain::auth::{AccessClaims, AccessTokens, RefreshClaims, RefreshTokens, TokenError};
use kogents_domain::digest::Digester as _;
use kogents_domain::ids::{SessionId, UserId, WorkspaceId};
use kogents_domain::secret::SecretText;
use kogents_domain::time::{Span, Timestamp};
use proptest::prelude::*;
use ring::hmac;

use super::{JwtAccessTokens, JwtRefreshTokens, JwtSecrets};
use crate::digester::HmacDigester;
use crate::ids::SystemIds;
use crate::keys::Keys;
use crate::keys::tests::material;

pub(super) const SECRET: &str = "one secret of the tests, of more than 32 bytes";
const ISSUER: &str = "https://id.example";
const ID: &str = "0192f3c0-1111-7abc-8def-0123456789ab";
const ACCESS_HEADER: &str = r#"{"alg":"HS256","typ":"at+jwt"}"#;
const REFRESH_HEADER: &str = r#"{"alg":"HS256","typ":"refresh+jwt"}"#;

pub(super) fn at(secs: i64) -> Timestamp {
    Timestamp::from_millis(secs * 1_000)
}

pub(super) fn user() -> UserId {
    UserId::parse("0192f3c0-0001-7abc-8def-0123456789ab").unwrap()
}

pub(super) fn session() -> SessionId {
    SessionId::parse("0192f3c0-0002-7abc-8def-0123456789ab").unwrap()
}

pub(super) fn workspace() -> WorkspaceId {
    WorkspaceId::parse("0192f3c0-0003-7abc-8def-0123456789ab").unwrap()
}

/// Both kinds under one secret, so that only `typ` and the claims tell them apart.
fn access() -> JwtAccessTokens {
    JwtAccessTokens::new(
        ISSUER,
        &JwtSecrets::new(&SecretText::new(SECRET), None),
        Span::from_secs(900),
        Arc::new(SystemIds::default()),
    )
}

fn digester() -> HmacDigester {
    HmacDigester::new(&Keys::derive(&material()))
}

fn refresh() -> JwtRefreshTokens {
    JwtRefreshTokens::new(
        ISSUER,
        &JwtSecrets::new(&SecretText::new(SECRET), None),
        Span::from_secs(900),
        Arc::new(digester()),
    )
}

fn jti(generation: u32) -> String {
    let session = SessionId::parse(ID).unwrap();
    URL_SAFE_NO_PAD.encode(digester().refresh_token_id(session, generation).as_bytes())
}

fn access_payload() -> String {
    format!(
        r#"{{"iss":"{ISSUER}","aud":"kogents","sub":"{ID}","jti":"{ID}","iat":1000,"exp":1900,"sid":"{ID}","wid":null}}"#
    )
}

fn refresh_payload() -> String {
    format!(
        r#"{{"iss":"{ISSUER}","aud":"kogents","sub":"{ID}","sid":"{ID}","jti":"{}","gen":3,"iat":1000,"exp":1900}}"#,
        jti(3)
    )
}

fn signed_with(secret: &str, header: &str, payload: &str) -> String {
    let message = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(payload)
    );
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(hmac::sign(&key, message.as_bytes()));
    format!("{message}.{signature}")
}

/// Signed with the right secret: only what it says is wrong.
fn signed(header: &str, payload: &str) -> String {
    signed_with(SECRET, header, payload)
}

fn read_access(token: &str) -> Result<AccessClaims, TokenError> {
    access().read(token, at(1_000))
}

fn read_refresh(token: &str) -> Result<RefreshClaims, TokenError> {
    refresh().read(token, at(1_000))
}

#[test]
fn the_patterns_that_the_forgeries_are_made_from_are_genuine() {
    assert!(read_access(&signed(ACCESS_HEADER, &access_payload())).is_ok());
    assert!(read_refresh(&signed(REFRESH_HEADER, &refresh_payload())).is_ok());
}

#[test]
fn s14_no_other_header_is_taken() {
    for header in [
        r#"{"alg":"none","typ":"at+jwt"}"#,
        r#"{"alg":"None","typ":"at+jwt"}"#,
        r#"{"alg":"","typ":"at+jwt"}"#,
        r#"{"alg":null,"typ":"at+jwt"}"#,
        r#"{"alg":["HS256"],"typ":"at+jwt"}"#,
        r#"{"alg":"hs256","typ":"at+jwt"}"#,
        r#"{"alg":"HS384","typ":"at+jwt"}"#,
        r#"{"alg":"HS512","typ":"at+jwt"}"#,
        r#"{"alg":"RS256","typ":"at+jwt"}"#,
        r#"{"alg":"ES256","typ":"at+jwt"}"#,
        r#"{"alg":"EdDSA","typ":"at+jwt"}"#,
        r#"{"alg":"HS256"}"#,
        r#"{"typ":"at+jwt"}"#,
        r#"{"alg":"HS256","typ":"JWT"}"#,
        r#"{"alg":"HS256","typ":"AT+JWT"}"#,
        r#"{"alg":"HS256","typ":"application/at+jwt"}"#,
        r#"{"alg":"HS256","typ":"at+jwt","kid":"1"}"#,
        r#"{"alg":"HS256","typ":"at+jwt","kid":"../../dev/null"}"#,
        r#"{"alg":"HS256","typ":"at+jwt","jku":"https://evil.example/keys"}"#,
        r#"{"alg":"HS256","typ":"at+jwt","jwk":{"kty":"oct","k":"AA"}}"#,
        r#"{"alg":"HS256","typ":"at+jwt","x5u":"https://evil.example/cert"}"#,
        r#"{"alg":"HS256","typ":"at+jwt","x5c":["AA"]}"#,
        r#"{"alg":"HS256","typ":"at+jwt","crit":["exp"]}"#,
        r#"{"alg":"HS256","typ":"at+jwt","crit":[]}"#,
        r#"{"alg":"HS256","typ":"at+jwt","b64":false}"#,
        r#"{"alg":"HS256","typ":"at+jwt","cty":"JWT"}"#,
        r#"{"alg":"HS256","typ":"at+jwt","zip":"DEF"}"#,
        r#"{"alg":"none","alg":"HS256","typ":"at+jwt"}"#,
        r#"{"alg":"HS256","typ":"refresh+jwt","typ":"at+jwt"}"#,
        r#"["HS256","at+jwt"]"#,
        r#""HS256""#,
        "null",
        "{}",
        "",
        "\u{0}",
        r#"{"alg":"HS256","typ":"at+jwt"} x"#,
    ] {
        assert_eq!(
            read_access(&signed(header, &access_payload())),
            Err(TokenError::Invalid),
            "{header}"
        );
    }
}

#[test]
fn s14_every_claim_is_required_and_strictly_typed() {
    let genuine = access_payload();
    let other = "0192f3c0-1111-4abc-8def-0123456789ab";
    let replacements = [
        // Members that are missing.
        (format!(r#""iss":"{ISSUER}","#), String::new()),
        (r#""aud":"kogents","#.to_owned(), String::new()),
        (format!(r#""sub":"{ID}","#), String::new()),
        (format!(r#""jti":"{ID}","#), String::new()),
        (r#""iat":1000,"#.to_owned(), String::new()),
        (r#""exp":1900,"#.to_owned(), String::new()),
        (format!(r#""sid":"{ID}","#), String::new()),
        (r#","wid":null"#.to_owned(), String::new()),
        // Times that are not whole numbers of this range.
        (r#""exp":1900"#.to_owned(), r#""exp":1900.0"#.to_owned()),
        (r#""exp":1900"#.to_owned(), r#""exp":1.9e3"#.to_owned()),
        (r#""exp":1900"#.to_owned(), r#""exp":"1900""#.to_owned()),
        (r#""exp":1900"#.to_owned(), r#""exp":-1"#.to_owned()),
        (r#""exp":1900"#.to_owned(), r#""exp":null"#.to_owned()),
        (r#""exp":1900"#.to_owned(), r#""exp":1e400"#.to_owned()),
        (
            r#""exp":1900"#.to_owned(),
            r#""exp":18446744073709551615"#.to_owned(),
        ),
        (
            r#""exp":1900"#.to_owned(),
            r#""exp":99999999999999999999"#.to_owned(),
        ),
        (r#""iat":1000"#.to_owned(), r#""iat":1000.5"#.to_owned()),
        (r#""iat":1000"#.to_owned(), r#""iat":true"#.to_owned()),
        (
            r#""iat":1000,"exp":1900"#.to_owned(),
            r#""iat":18446744073709551615,"exp":18446744073709551615"#.to_owned(),
        ),
        // Times that may not be: from the future, too long, ending before it begins.
        (
            r#""iat":1000,"exp":1900"#.to_owned(),
            r#""iat":1006,"exp":1900"#.to_owned(),
        ),
        (r#""exp":1900"#.to_owned(), r#""exp":1901"#.to_owned()),
        (r#""exp":1900"#.to_owned(), r#""exp":1000"#.to_owned()),
        (r#""exp":1900"#.to_owned(), r#""exp":0"#.to_owned()),
        // Another issuer or audience, also among several.
        (ISSUER.to_owned(), "https://evil.example".to_owned()),
        (ISSUER.to_owned(), format!("{ISSUER}/")),
        (format!(r#""{ISSUER}""#), format!(r#"["{ISSUER}"]"#)),
        (r#""kogents""#.to_owned(), r#""other""#.to_owned()),
        (r#""kogents""#.to_owned(), r#"["kogents"]"#.to_owned()),
        (
            r#""kogents""#.to_owned(),
            r#"["kogents","other"]"#.to_owned(),
        ),
        // Ids that are none.
        (format!(r#""sub":"{ID}""#), r#""sub":"""#.to_owned()),
        (format!(r#""sub":"{ID}""#), r#""sub":7"#.to_owned()),
        (format!(r#""sub":"{ID}""#), format!(r#""sub":"{other}""#)),
        (format!(r#""jti":"{ID}""#), format!(r#""jti":"{other}""#)),
        (format!(r#""sid":"{ID}""#), format!(r#""sid":"{{{ID}}}""#)),
        (format!(r#""sid":"{ID}""#), r#""sid":null"#.to_owned()),
        (r#""wid":null"#.to_owned(), r#""wid":"""#.to_owned()),
        (r#""wid":null"#.to_owned(), r#""wid":0"#.to_owned()),
        // Members that are too many.
        (
            r#""wid":null"#.to_owned(),
            r#""wid":null,"wid":null"#.to_owned(),
        ),
        (
            r#""exp":1900"#.to_owned(),
            r#""exp":1,"exp":1900"#.to_owned(),
        ),
        (
            r#""wid":null"#.to_owned(),
            r#""wid":null,"nbf":1"#.to_owned(),
        ),
        (
            r#""wid":null"#.to_owned(),
            r#""wid":null,"role":"admin""#.to_owned(),
        ),
        ("}".to_owned(), "} ".to_owned() + "{}"),
    ];
    for (from, to) in replacements {
        assert!(genuine.contains(&from), "{from}");
        let payload = genuine.replacen(&from, &to, 1);
        assert_eq!(
            read_access(&signed(ACCESS_HEADER, &payload)),
            Err(TokenError::Invalid),
            "{payload}"
        );
    }
    for payload in ["", "null", "{}", "[]", "\"\"", "\u{0}", "{", "1e400"] {
        assert_eq!(
            read_access(&signed(ACCESS_HEADER, payload)),
            Err(TokenError::Invalid),
            "{payload:?}"
        );
    }
}

#[test]
fn s14_refresh_claims_are_as_strict() {
    let genuine = refresh_payload();
    for (from, to) in [
        (r#""gen":3,"#.to_owned(), String::new()),
        (r#""gen":3"#.to_owned(), r#""gen":4"#.to_owned()),
        (r#""gen":3"#.to_owned(), r#""gen":3.0"#.to_owned()),
        (r#""gen":3"#.to_owned(), r#""gen":-3"#.to_owned()),
        (r#""gen":3"#.to_owned(), r#""gen":4294967299"#.to_owned()),
        (jti(3), jti(4)),
        (jti(3), String::new()),
        (jti(3), jti(3) + "A"),
        (jti(3), jti(3) + "="),
        (
            format!(r#""sid":"{ID}""#),
            format!(r#""sid":"{}""#, session()),
        ),
        (r#""exp":1900"#.to_owned(), r#""exp":1901"#.to_owned()),
        (
            r#""exp":1900"#.to_owned(),
            r#""exp":1900,"wid":null"#.to_owned(),
        ),
    ] {
        assert!(genuine.contains(&from), "{from}");
        let payload = genuine.replacen(&from, &to, 1);
        assert_eq!(
            read_refresh(&signed(REFRESH_HEADER, &payload)),
            Err(TokenError::Invalid),
            "{payload}"
        );
    }
}

#[test]
fn s15_no_kind_is_taken_for_another() {
    for (header, payload) in [
        (REFRESH_HEADER, access_payload()),
        (REFRESH_HEADER, refresh_payload()),
        (ACCESS_HEADER, refresh_payload()),
    ] {
        assert_eq!(
            read_access(&signed(header, &payload)),
            Err(TokenError::Invalid)
        );
    }
    for (header, payload) in [
        (ACCESS_HEADER, access_payload()),
        (ACCESS_HEADER, refresh_payload()),
        (REFRESH_HEADER, access_payload()),
    ] {
        assert_eq!(
            read_refresh(&signed(header, &payload)),
            Err(TokenError::Invalid)
        );
    }
    let opaque = "sgn_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    assert_eq!(read_access(opaque), Err(TokenError::Invalid));
    assert_eq!(read_refresh(opaque), Err(TokenError::Invalid));
}

#[test]
fn s14_malformed_texts_are_refused() {
    let genuine = signed(ACCESS_HEADER, &access_payload());
    let (message, signature) = genuine.rsplit_once('.').unwrap();
    let (header, payload) = message.split_once('.').unwrap();
    for token in [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "...".to_owned(),
        "\u{0}".to_owned(),
        "a.b.c".to_owned(),
        "é.é.é".to_owned(),
        message.to_owned(),
        format!("{message}."),
        format!("{message}.{signature}."),
        format!("{message}.{signature}.{signature}"),
        format!(".{genuine}"),
        format!(" {genuine}"),
        format!("{genuine} "),
        format!("{genuine}\n"),
        format!("{genuine}="),
        format!("{genuine}\u{0}"),
        format!("{message}.{}", signature.to_lowercase()),
        format!("{message}.{}", &signature[..42]),
        format!("{message}.{}", URL_SAFE_NO_PAD.encode([0; 32])),
        format!("{header}.{payload}A.{signature}"),
        format!("Bearer {genuine}"),
        format!("{message}.{}", "A".repeat(1_000_000)),
        "A".repeat(1_000_000),
        ".".repeat(100_000),
        signed(
            ACCESS_HEADER,
            &format!("{}{}", access_payload(), " ".repeat(5_000)),
        ),
        signed_with("another secret", ACCESS_HEADER, &access_payload()),
        signed_with("", ACCESS_HEADER, &access_payload()),
    ] {
        assert_eq!(
            read_access(&token),
            Err(TokenError::Invalid),
            "{:.80}",
            token
        );
    }
}

#[test]
fn s14_every_flipped_bit_is_refused() {
    let access_token = access().mint(&AccessClaims {
        user_id: user(),
        session_id: session(),
        workspace_id: Some(workspace()),
        issued_at: at(1_000),
        expires_at: at(1_900),
    });
    assert!(read_access(access_token.expose()).is_ok());
    let genuine = access_token.expose().as_bytes();
    for at in 0..genuine.len() {
        for bit in 0..7 {
            let mut flipped = genuine.to_vec();
            flipped[at] ^= 1 << bit;
            let flipped = String::from_utf8(flipped).unwrap();
            assert_eq!(
                read_access(&flipped),
                Err(TokenError::Invalid),
                "octet {at}, bit {bit}"
            );
        }
    }
}

#[test]
fn s14_an_expired_token_that_is_forged_is_only_invalid() {
    let genuine = signed(ACCESS_HEADER, &access_payload());
    assert_eq!(access().read(&genuine, at(9_000)), Err(TokenError::Expired));
    let forged = signed_with("another secret", ACCESS_HEADER, &access_payload());
    assert_eq!(access().read(&forged, at(9_000)), Err(TokenError::Invalid));
}

proptest! {
    #[test]
    fn s14_arbitrary_texts_are_refused(text: String, header: String, payload: String) {
        prop_assert_eq!(read_access(&text), Err(TokenError::Invalid));
        let forged = signed(&header, &payload);
        prop_assert_eq!(read_access(&forged), Err(TokenError::Invalid));
        let forged = signed(REFRESH_HEADER, &payload);
        prop_assert_eq!(read_refresh(&forged), Err(TokenError::Invalid));
    }
}
