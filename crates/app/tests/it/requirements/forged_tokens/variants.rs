//! The forgeries: everything about a token that somebody may try to change.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use ring::hmac;
use serde_json::{Value, json};

use super::forge::Forge;

/// A token that is not genuine, and why.
pub(super) struct Forged {
    pub(super) what: String,
    pub(super) token: Vec<u8>,
}

impl Forged {
    pub(super) fn text(what: impl Into<String>, token: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            token: token.into().into_bytes(),
        }
    }
}

/// Forged access tokens, made from a genuine one with the right secret where it says nothing else.
pub(super) fn access(genuine: &Forge, now: u64, other_secret: &str) -> Vec<Forged> {
    let mut all = common(genuine, now, 900, other_secret, "refresh+jwt");
    for (what, name, value) in [
        ("no workspace", "wid", Value::Null),
        ("another workspace", "wid", json!(OTHER_ID)),
        ("another session", "sid", json!(OTHER_ID)),
        ("another person", "sub", json!(OTHER_ID)),
        ("a role", "role", json!("admin")),
        ("a scope", "scope", json!("admin")),
        ("a time before which it is not good", "nbf", json!(1)),
    ] {
        all.push(Forged::text(what, genuine.claim(name, value).token()));
    }
    all
}

/// Forged refresh tokens. Who is who and which generation is proven by the identifier.
pub(super) fn refresh(genuine: &Forge, now: u64, other_secret: &str) -> Vec<Forged> {
    let mut all = common(genuine, now, 604_800, other_secret, "at+jwt");
    for (what, name, value) in [
        ("another session", "sid", json!(OTHER_ID)),
        ("the next generation", "gen", json!(1)),
        ("a far generation", "gen", json!(u32::MAX)),
        (
            "too far a generation",
            "gen",
            json!(u64::from(u32::MAX) + 1),
        ),
        ("an empty identifier", "jti", json!("")),
        ("an identifier of zeros", "jti", json!("A".repeat(43))),
        ("a workspace", "wid", Value::Null),
    ] {
        all.push(Forged::text(what, genuine.claim(name, value).token()));
    }
    all
}

const OTHER_ID: &str = "0192f3c0-1111-7abc-8def-0123456789ab";

fn common(
    genuine: &Forge,
    now: u64,
    lifetime: u64,
    other_secret: &str,
    other_kind: &str,
) -> Vec<Forged> {
    let mut all = headers(genuine, other_kind);
    all.extend(claims(genuine));
    all.extend(times(genuine, now, lifetime));
    all.extend(signatures(genuine, other_secret));
    all.extend(forms(genuine));
    all
}

fn headers(genuine: &Forge, other_kind: &str) -> Vec<Forged> {
    let kind = genuine.kind();
    let with = |more: &str| format!(r#"{{"alg":"HS256","typ":"{kind}",{more}}}"#);
    let by = |algorithm: &str| format!(r#"{{"alg":{algorithm},"typ":"{kind}"}}"#);
    let of = |typ: &str| format!(r#"{{"alg":"HS256","typ":{typ}}}"#);
    let mut all: Vec<Forged> = [
        by("\"none\""),
        by("\"None\""),
        by("\"nOnE\""),
        by("\"\""),
        by("null"),
        by("[\"HS256\"]"),
        by("\"hs256\""),
        by("\"HS256 \""),
        by("\"RS256\""),
        by("\"PS256\""),
        by("\"ES256\""),
        by("\"EdDSA\""),
        of(&format!("\"{other_kind}\"")),
        of("\"JWT\""),
        of("\"\""),
        of("null"),
        of(&format!("\"{}\"", kind.to_uppercase())),
        of(&format!("\"application/{kind}\"")),
        format!(r#"{{"typ":"{kind}"}}"#),
        r#"{"alg":"HS256"}"#.to_owned(),
        with(r#""kid":"1""#),
        with(r#""kid":"../../../../dev/null""#),
        with(r#""kid":"x' UNION SELECT 'a""#),
        with(r#""jku":"https://evil.example/jwks.json""#),
        with(r#""jwk":{"kty":"oct","k":"AAAA"}"#),
        with(r#""x5u":"https://evil.example/cert.pem""#),
        with(r#""x5c":["AAAA"]"#),
        with(r#""x5t":"AAAA""#),
        with(r#""crit":["exp"]"#),
        with(r#""crit":[]"#),
        with(r#""b64":false,"crit":["b64"]"#),
        with(r#""cty":"JWT""#),
        with(r#""zip":"DEF""#),
        with(r#""enc":"A256GCM""#),
        with(r#""alg":"HS256""#),
        with(r#""alg":"none""#),
        with(&format!(r#""typ":"{kind}""#)),
        format!(r#"{{"alg":"none","alg":"HS256","typ":"{kind}"}}"#),
        format!(r#"["HS256","{kind}"]"#),
        "null".to_owned(),
        "{}".to_owned(),
        String::new(),
    ]
    .into_iter()
    .map(|header| Forged::text(format!("header {header}"), genuine.header(&header).token()))
    .collect();
    for (name, algorithm) in [("HS384", hmac::HMAC_SHA384), ("HS512", hmac::HMAC_SHA512)] {
        let signed = genuine
            .header(by(&format!("\"{name}\"")))
            .signed_by(algorithm);
        all.push(Forged::text(format!("signed as {name}"), signed.token()));
        let unsaid = genuine.signed_by(algorithm).token();
        all.push(Forged::text(format!("signed as {name}, unsaid"), unsaid));
    }
    let unsigned = genuine.header(by("\"none\"")).message();
    all.push(Forged::text("unsigned", format!("{unsigned}.")));
    all.push(Forged::text("unsigned, two parts", unsigned));
    let header = [br#"{"alg":"HS256","typ":""#, &b"\xff\xfe"[..], br#""}"#].concat();
    all.push(Forged::text(
        "a header that is no UTF-8",
        genuine.header(header).token(),
    ));
    all
}

fn claims(genuine: &Forge) -> Vec<Forged> {
    let mut all = Vec::new();
    let members = genuine.members();
    let text = String::from_utf8(genuine.claims.clone()).unwrap();
    for (name, value) in &members {
        all.push(Forged::text(
            format!("without {name}"),
            genuine.without(name).token(),
        ));
        let null = (name != "wid").then_some(Value::Null);
        let wrong = [
            json!(true),
            json!(-1),
            json!(1.5),
            json!(""),
            json!("\u{0}"),
            json!([]),
            json!([value]),
            json!({}),
            json!({ name: value }),
            json!(format!(" {}", value.as_str().unwrap_or("1"))),
            json!(format!("{}\u{e9}", value.as_str().unwrap_or("1"))),
        ];
        for wrong in null.into_iter().chain(wrong) {
            let what = format!("{name}: {wrong}");
            all.push(Forged::text(what, genuine.claim(name, wrong).token()));
        }
        if let Some(number) = value.as_u64() {
            for wrong in [json!(number.to_string()), json!(format!("{number}.0"))] {
                let what = format!("{name}: {wrong}");
                all.push(Forged::text(what, genuine.claim(name, wrong).token()));
            }
            for wrong in [
                format!("{number}.0"),
                format!("{number}e0"),
                "1e400".to_owned(),
            ] {
                let member = format!("\"{name}\":{number}");
                let changed = text.replacen(&member, &format!("\"{name}\":{wrong}"), 1);
                assert_ne!(changed, text);
                let what = format!("{name}: {wrong}");
                all.push(Forged::text(what, genuine.claims(changed).token()));
            }
        }
        // Twice, the genuine one first or last.
        let twice = text.replacen('{', &format!("{{\"{name}\":{value},"), 1);
        all.push(Forged::text(
            format!("{name} twice"),
            genuine.claims(twice).token(),
        ));
        let twice = text.replacen('{', &format!("{{\"{name}\":null,"), 1);
        all.push(Forged::text(
            format!("{name} and none"),
            genuine.claims(twice).token(),
        ));
    }
    for (what, name, value) in [
        ("another issuer", "iss", json!("https://evil.example")),
        ("another audience", "aud", json!("another")),
        ("several audiences", "aud", json!(["kogents", "another"])),
        ("a further claim", "admin", json!(true)),
    ] {
        all.push(Forged::text(what, genuine.claim(name, value).token()));
    }
    for other in ["", "null", "[]", "{}", "{", "\"\"", "1e400"] {
        all.push(Forged::text(
            format!("claims {other}"),
            genuine.claims(other).token(),
        ));
    }
    for (what, other) in [
        ("claims behind claims", format!("{text}{text}")),
        ("claims in a list", format!("[{text}]")),
        ("deep claims", "[".repeat(1_000)),
        ("a token in a token", genuine.token()),
    ] {
        all.push(Forged::text(what, genuine.claims(other).token()));
    }
    let not_text = [text.trim_end_matches('}').as_bytes(), b",\"x\":\"\xff\"}"].concat();
    all.push(Forged::text(
        "claims that are no UTF-8",
        genuine.claims(not_text).token(),
    ));
    all
}

fn times(genuine: &Forge, now: u64, lifetime: u64) -> Vec<Forged> {
    [
        ("from the future", now + 600, now + 600 + lifetime),
        ("from tomorrow", now + 86_400, now + 86_400 + lifetime),
        ("good for a second too long", now, now + lifetime + 1),
        ("good for ever", now, u64::MAX),
        ("made at the beginning of time", 0, now + lifetime),
        ("over for half a minute", now - 60, now - 30),
        (
            "over for long",
            now - 86_400,
            now - 86_400 + lifetime.min(900),
        ),
        ("over at once", now, now),
        ("over before it begins", now, now - 1),
        ("over at zero", now, 0),
        ("without an end to time", u64::MAX, u64::MAX),
    ]
    .into_iter()
    .map(|(what, iat, exp)| {
        let forged = genuine.claim("iat", json!(iat)).claim("exp", json!(exp));
        Forged::text(what, forged.token())
    })
    .collect()
}

fn signatures(genuine: &Forge, other_secret: &str) -> Vec<Forged> {
    let message = genuine.message();
    let signature = genuine.sign(&message);
    let encoded = URL_SAFE_NO_PAD.encode(&signature);
    let with = |signature: &str| format!("{message}.{signature}");
    let mut flipped = signature.clone();
    flipped[0] ^= 1;
    // The last character has two bits that mean nothing; a strict reader wants them zero.
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let last = encoded.chars().last().unwrap();
    let next = alphabet.chars().skip_while(|c| *c != last).nth(1).unwrap();
    let loose = format!("{}{next}", &encoded[..encoded.len() - 1]);
    vec![
        Forged::text(
            "the other kind's secret",
            genuine.secret(other_secret).token(),
        ),
        Forged::text("a guessed secret", genuine.secret("secret").token()),
        Forged::text("an empty secret", genuine.secret("").token()),
        Forged::text("another's signature", {
            with(&URL_SAFE_NO_PAD.encode(genuine.sign("another.message")))
        }),
        Forged::text("no signature", with("")),
        Forged::text(
            "a signature of zeros",
            with(&URL_SAFE_NO_PAD.encode([0; 32])),
        ),
        Forged::text(
            "half a signature",
            with(&URL_SAFE_NO_PAD.encode(&signature[..16])),
        ),
        Forged::text(
            "a longer signature",
            with(&URL_SAFE_NO_PAD.encode([&signature[..], &[0]].concat())),
        ),
        Forged::text("a flipped bit", with(&URL_SAFE_NO_PAD.encode(flipped))),
        Forged::text("a signature in hexadecimal", {
            with(
                &signature
                    .iter()
                    .map(|b| format!("{b:02x}"))
                    .collect::<String>(),
            )
        }),
        Forged::text("bits that mean nothing", with(&loose)),
        Forged::text("a cut signature", with(&encoded[..encoded.len() - 1])),
        Forged::text("a padded signature", with(&format!("{encoded}="))),
    ]
}

fn forms(genuine: &Forge) -> Vec<Forged> {
    let token = genuine.token();
    let message = genuine.message();
    let (header, claims) = message.split_once('.').unwrap();
    // Claims whose length asks for padding, good without it.
    let mut padded = genuine.clone();
    while padded.claims.len() % 3 != 1 {
        padded.claims.push(b' ');
    }
    let encoded_by = |engine: &base64::engine::GeneralPurpose| {
        let message = format!(
            "{}.{}",
            engine.encode(&padded.header),
            engine.encode(&padded.claims)
        );
        format!("{message}.{}", engine.encode(padded.sign(&message)))
    };
    let mut all = vec![
        Forged::text("padded", encoded_by(&URL_SAFE)),
        Forged::text("in standard base64", encoded_by(&STANDARD)),
        Forged::text("one part", header),
        Forged::text("two parts", message.clone()),
        Forged::text("four parts", format!("{token}.{claims}")),
        Forged::text("a dot behind", format!("{token}.")),
        Forged::text("a dot before", format!(".{token}")),
        Forged::text("two dots between", message.replacen('.', "..", 1)),
        Forged::text("parts in another order", format!("{claims}.{header}")),
        Forged::text("nothing but dots", ".."),
        Forged::text("a great many dots", ".".repeat(5_000)),
        Forged::text("a word", "undefined"),
        Forged::text("twice", format!("{token}{token}")),
        Forged::text("in lower case", token.to_lowercase()),
        Forged::text("percent-encoded", token.replace('.', "%2E")),
        Forged::text("wide dots", token.replace('.', "\u{ff0e}")),
        Forged::text("an invisible character", format!("{token}\u{200b}")),
        Forged::text(
            "a word of another script",
            "\u{442}\u{43e}\u{43a}\u{435}\u{43d}",
        ),
        Forged::text("huge claims", {
            let spaces = " ".repeat(15_000);
            let text = String::from_utf8(genuine.claims.clone()).unwrap();
            genuine.claims(format!("{text}{spaces}")).token()
        }),
        Forged::text("huge and nothing", "A".repeat(20_000)),
    ];
    all.push(Forged {
        what: "no UTF-8".to_owned(),
        token: [token.as_bytes(), b"\xff\xfe"].concat(),
    });
    all
}
