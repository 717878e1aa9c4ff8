//! The refresh token's way to and from the client: the cookie, or the body for native clients.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::{self, HeaderMap, HeaderName};
use actix_web::{HttpRequest, HttpResponse};
use kogents_domain::secret::SecretText;

use crate::problem::{Code, Problem};
use crate::settings::HttpSettings;
use crate::state::Http;

/// The cookie's name.
pub(crate) const REFRESH_COOKIE: &str = "refreshToken";
/// The only paths it is sent to.
const COOKIE_PATH: &str = "/auth";
const CLIENT_TYPE: HeaderName = HeaderName::from_static("x-client-type");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether the client says that it cannot hold cookies: then the refresh token travels in bodies,
/// and cookies are ignored.
pub(crate) fn is_native(request: &HttpRequest) -> bool {
    request
        .headers()
        .get(CLIENT_TYPE)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"native"))
}

/// The refresh token in the request's cookie. With several of the name the first counts, which
/// browsers make the one with the longest path.
pub(crate) fn refresh_cookie(headers: &HeaderMap) -> Option<SecretText> {
    headers
        .get_all(header::COOKIE)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == REFRESH_COOKIE)
        .map(|(_, value)| SecretText::new(value.trim_matches('"')))
}

/// The cookie that hands a refresh token over for the rest of its life.
pub(crate) fn refresh_token_cookie(
    settings: &HttpSettings,
    token: &SecretText,
    expires_in_secs: u64,
) -> Cookie<'static> {
    let max_age = i64::try_from(expires_in_secs).unwrap_or(i64::MAX);
    base(settings, token.expose().to_owned())
        .max_age(Duration::seconds(max_age))
        .finish()
}

/// The cookie that takes it away.
pub(crate) fn cleared_cookie(settings: &HttpSettings) -> Cookie<'static> {
    base(settings, String::new())
        .max_age(Duration::ZERO)
        .finish()
}

/// Answers with a problem; a refresh token that is good no more leaves the browser with it.
///
/// # Errors
/// The problem itself, where no cookie is to be cleared.
pub(crate) fn refuse_cookie(
    http: &Http,
    problem: Problem,
    native: bool,
) -> Result<HttpResponse, Problem> {
    if native || !problem.code.spends_refresh_token() {
        return Err(problem);
    }
    let mut answer = HttpResponse::from_error(problem);
    answer
        .add_cookie(&cleared_cookie(&http.settings))
        .map_err(|error| Problem::new(Code::Internal).cause(error))?;
    Ok(answer)
}

fn base(settings: &HttpSettings, value: String) -> actix_web::cookie::CookieBuilder<'static> {
    Cookie::build(REFRESH_COOKIE, value)
        .path(COOKIE_PATH)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(settings.is_https())
}

/// Keeps other sites' pages from the routes that read the cookie: a foreign `Origin`, or
/// `Sec-Fetch-Site: cross-site` where there is no `Origin`, is refused. With neither header the
/// request is allowed: no browser sends a cross-site request without them.
///
/// # Errors
/// `origin_not_allowed`.
pub(crate) fn check_origin(settings: &HttpSettings, request: &HttpRequest) -> Result<(), Problem> {
    let headers = request.headers();
    let mut origins = headers.get_all(header::ORIGIN).peekable();
    let allowed = if origins.peek().is_some() {
        origins.all(|origin| {
            origin
                .to_str()
                .is_ok_and(|origin| settings.allows_cookies_from(origin))
        })
    } else {
        headers
            .get(SEC_FETCH_SITE)
            .is_none_or(|site| site.as_bytes() != b"cross-site")
    };
    if allowed {
        Ok(())
    } else {
        Err(Problem::new(Code::OriginNotAllowed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::fixture;
    use actix_web::test::TestRequest;

    fn cookie_of(header: &str) -> Option<String> {
        let request = TestRequest::default()
            .insert_header(("cookie", header))
            .to_http_request();
        refresh_cookie(request.headers()).map(|token| token.expose().to_owned())
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        assert_eq!(
            cookie_of("a=1; refreshToken=x.y.z; b=2"),
            Some("x.y.z".into())
        );
        assert_eq!(
            cookie_of("refreshToken=one; refreshToken=two"),
            Some("one".into())
        );
        assert_eq!(
            cookie_of("xrefreshToken=1; refreshtoken=2; refreshToken"),
            None
        );
    }

    #[test]
    fn the_cookie_has_its_attributes() {
        let mut settings = fixture::settings();
        let token = SecretText::new("x.y.z");
        assert_eq!(
            refresh_token_cookie(&settings, &token, 60).to_string(),
            "refreshToken=x.y.z; HttpOnly; SameSite=Strict; Path=/auth; Max-Age=60"
        );
        assert_eq!(
            cleared_cookie(&settings).to_string(),
            "refreshToken=; HttpOnly; SameSite=Strict; Path=/auth; Max-Age=0"
        );
        settings.public_url = "https://api.example.com".parse().unwrap();
        assert_eq!(
            refresh_token_cookie(&settings, &token, 60).to_string(),
            "refreshToken=x.y.z; HttpOnly; SameSite=Strict; Secure; Path=/auth; Max-Age=60"
        );
        assert_eq!(
            cleared_cookie(&settings).to_string(),
            "refreshToken=; HttpOnly; SameSite=Strict; Secure; Path=/auth; Max-Age=0"
        );
    }

    #[test]
    fn foreign_pages_are_refused_and_programs_are_not() {
        let settings = fixture::settings();
        for (name, value, allowed) in [
            ("origin", "http://localhost:3000", true),
            ("origin", "https://app.example.com", true),
            ("origin", "https://evil.example", false),
            ("origin", "null", false),
            ("sec-fetch-site", "cross-site", false),
            ("sec-fetch-site", "same-site", true),
            ("sec-fetch-site", "none", true),
            ("user-agent", "curl/8", true),
        ] {
            let request = TestRequest::default()
                .insert_header((name, value))
                .to_http_request();
            assert_eq!(
                check_origin(&settings, &request).is_ok(),
                allowed,
                "{name}: {value}"
            );
        }
        let both = TestRequest::default()
            .insert_header(("origin", "https://app.example.com"))
            .append_header(("origin", "https://evil.example"))
            .to_http_request();
        assert!(check_origin(&settings, &both).is_err());
    }

    #[test]
    fn an_allowed_origin_counts_before_fetch_metadata() {
        let request = TestRequest::default()
            .insert_header(("origin", "https://app.example.com"))
            .insert_header(("sec-fetch-site", "cross-site"))
            .to_http_request();
        assert!(check_origin(&fixture::settings(), &request).is_ok());
    }

    #[test]
    fn the_header_makes_a_client_native() {
        let request = |value: &str| {
            TestRequest::default()
                .insert_header(("x-client-type", value))
                .to_http_request()
        };
        assert!(is_native(&request("native")));
        assert!(is_native(&request("Native")));
        assert!(!is_native(&request("web")));
        assert!(!is_native(&TestRequest::default().to_http_request()));
    }
}
