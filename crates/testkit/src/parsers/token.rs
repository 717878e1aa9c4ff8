//! Access and refresh tokens.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kogents_domain::auth::{AccessClaims, AccessTokens, RefreshClaims, RefreshTokens, TokenError};
use kogents_domain::time::Timestamp;

use super::text;

/// No text but a genuine token is read: not the input, not the input in any of the three segments,
/// not a genuine token with an alteration that the input says. `sign` signs a header and a payload
/// with the right secret; what is read of that says what a token may say.
///
/// # Panics
/// When that does not hold.
pub fn access_token(
    input: &[u8],
    tokens: &dyn AccessTokens,
    claims: &AccessClaims,
    sign: impl Fn(&[u8], &[u8]) -> String,
) {
    let now = claims.issued_at;
    let genuine = tokens.mint(claims);
    assert_eq!(tokens.read(genuine.expose(), now), Ok(*claims));
    refuse_forgeries(input, genuine.expose(), |token| {
        tokens.read(token, now).is_err()
    });
    refuse_headers(input, genuine.expose(), &sign, |token| {
        tokens.read(token, now)
    });
    let (header, _, _) = segments(genuine.expose());
    if let Ok(read) = tokens.read(&sign(&decoded(header), input), now) {
        check_times(read.issued_at, read.expires_at, now);
        let again = tokens.mint(&read);
        assert_eq!(tokens.read(again.expose(), now), Ok(read));
    }
}

/// The same of refresh tokens.
///
/// # Panics
/// When that does not hold.
pub fn refresh_token(
    input: &[u8],
    tokens: &dyn RefreshTokens,
    claims: &RefreshClaims,
    sign: impl Fn(&[u8], &[u8]) -> String,
) {
    let now = claims.issued_at;
    let genuine = tokens.mint(claims);
    assert_eq!(tokens.read(genuine.expose(), now), Ok(*claims));
    refuse_forgeries(input, genuine.expose(), |token| {
        tokens.read(token, now).is_err()
    });
    refuse_headers(input, genuine.expose(), &sign, |token| {
        tokens.read(token, now)
    });
    let (header, _, _) = segments(genuine.expose());
    if let Ok(read) = tokens.read(&sign(&decoded(header), input), now) {
        check_times(read.issued_at, read.expires_at, now);
        // Whatever order its members came in, it is minted again as the same token.
        assert_eq!(tokens.mint(&read), tokens.mint(&read));
        assert_eq!(tokens.read(tokens.mint(&read).expose(), now), Ok(read));
    }
}

/// Texts that nobody signed.
fn refuse_forgeries(input: &[u8], genuine: &str, is_refused: impl Fn(&str) -> bool) {
    let text = text(input);
    let (header, payload, signature) = segments(genuine);
    let encoded = URL_SAFE_NO_PAD.encode(input);
    for forged in [
        text.to_string(),
        format!("{text}{genuine}"),
        format!("{genuine}{text}"),
        format!("{encoded}.{payload}.{signature}"),
        format!("{header}.{encoded}.{signature}"),
        format!("{header}.{payload}.{encoded}"),
        format!("{header}.{payload}.{text}"),
        altered(genuine, input),
    ] {
        assert!(forged == genuine || is_refused(&forged), "{forged:?}");
    }
}

/// No header but the one of the kind is taken, however well it is signed. One that says the same
/// in other words is as good.
fn refuse_headers<C: std::fmt::Debug>(
    input: &[u8],
    genuine: &str,
    sign: &impl Fn(&[u8], &[u8]) -> String,
    read: impl Fn(&str) -> Result<C, TokenError>,
) {
    let (header, payload, _) = segments(genuine);
    if read(&sign(input, &decoded(payload))).is_ok() {
        let letters = |json: &[u8]| {
            let mut letters: Vec<u8> = json
                .iter()
                .copied()
                .filter(u8::is_ascii_alphanumeric)
                .collect();
            letters.sort_unstable();
            letters
        };
        let escaped = input.contains(&b'\\');
        assert!(
            escaped || letters(input) == letters(&decoded(header)),
            "the header {:?} is taken",
            text(input)
        );
    }
}

/// A genuine token with octets replaced: pairs of the input say where and by what.
fn altered(genuine: &str, input: &[u8]) -> String {
    let mut octets = genuine.as_bytes().to_vec();
    for pair in input.chunks(2).take(8) {
        let (at, by) = match pair {
            [at, by] => (*at, *by),
            [at] => (*at, b'A'),
            _ => continue,
        };
        let place = usize::from(at) * 2 % octets.len();
        if let Some(octet) = octets.get_mut(place) {
            *octet = by & 0x7F;
        }
    }
    String::from_utf8(octets).expect("ASCII stays ASCII")
}

fn check_times(issued: Timestamp, expires: Timestamp, now: Timestamp) {
    // A token read at its making: neither from the future, beyond what clocks differ, nor over.
    assert!(issued.as_unix_secs() <= now.as_unix_secs() + 30);
    assert!(expires.as_unix_secs() + 30 > now.as_unix_secs());
    assert!(expires > issued);
}

fn segments(token: &str) -> (&str, &str, &str) {
    let (header, rest) = token.split_once('.').expect("a token has segments");
    let (payload, signature) = rest.split_once('.').expect("a token has three segments");
    (header, payload, signature)
}

fn decoded(segment: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD
        .decode(segment)
        .expect("a segment is base64url")
}
