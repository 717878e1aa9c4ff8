//! The host of the page that led here.

use url::Url;

/// The host of a cleaned referrer (see [`clean_url`](super::clean_url)): in lower case, without a
/// port and otherwise as it is, `www.` included. `android-app://package` gives the package, whose
/// letter case is kept, because it counts.
///
/// None for what has no host, and for a referrer on the landing page's own host (with or without
/// `www.`): a page of the same site led nobody here.
#[must_use]
pub fn referrer_domain(referrer_url: &str, landing_page: Option<&str>) -> Option<String> {
    let domain = host(referrer_url)?;
    let own = landing_page.and_then(host);
    if own.is_some_and(|own| without_www(&own) == without_www(&domain)) {
        return None;
    }
    Some(domain)
}

/// A host without a leading `www.`.
pub(super) fn without_www(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}

fn host(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    // A host may be written with the dot of the root at its end; it is the same host.
    let host = url.host_str()?.trim_end_matches('.');
    (!host.is_empty()).then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::clean_url;

    fn domain(referrer: &str, landing: &str) -> Option<String> {
        let referrer = clean_url(referrer)?;
        referrer_domain(&referrer, clean_url(landing).as_deref())
    }

    #[test]
    fn the_host_is_kept_in_lower_case_without_its_port() {
        for (referrer, expected) in [
            ("https://WWW.Example.COM:8443/a?b=c", "www.example.com"),
            ("http://news.example.org.", "news.example.org"),
            ("https://münchen.example/", "xn--mnchen-3ya.example"),
            ("https://[2001:db8::1]:443/", "[2001:db8::1]"),
        ] {
            assert_eq!(domain(referrer, "").as_deref(), Some(expected));
        }
    }

    #[test]
    fn an_android_app_is_named_by_its_package() {
        for (referrer, expected) in [
            (
                "android-app://com.google.android.gm/",
                "com.google.android.gm",
            ),
            ("android-app://com.Slack/https/x.example/y", "com.Slack"),
        ] {
            assert_eq!(domain(referrer, "").as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_referrer_on_the_own_host_is_none() {
        let landing = "https://app.example.com/welcome?utm_source=x";
        assert_eq!(domain("https://app.example.com/login", landing), None);
        assert_eq!(domain("http://APP.example.com:8080/", landing), None);
        assert_eq!(domain("https://www.app.example.com/", landing), None);
        assert_eq!(
            domain("https://example.com/", landing).as_deref(),
            Some("example.com")
        );
        assert_eq!(
            domain("https://app.example.com.evil.example/", landing).as_deref(),
            Some("app.example.com.evil.example")
        );
    }
}
