//! Web origins (RFC 6454), compared exactly.

use url::Url;

/// The origin of a web page: scheme, host and port, in the form in which browsers send it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin(String);

/// Text that is not one exact http or https origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an origin: scheme, host and, where it is not the usual one, port, and no more")]
pub struct InvalidOrigin;

impl Origin {
    /// Reads an origin: `https://app.example.com`, `http://localhost:5173`.
    ///
    /// # Errors
    /// [`InvalidOrigin`] for `*`, other schemes, and anything with a path, a query, a fragment or
    /// credentials.
    pub fn parse(text: &str) -> Result<Self, InvalidOrigin> {
        let url = Url::parse(text.trim()).map_err(|_| InvalidOrigin)?;
        let bare = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        let wildcard = url.host_str().is_none_or(|host| host.contains('*'));
        if bare && !wildcard && matches!(url.scheme(), "http" | "https") {
            Ok(Self::of(&url))
        } else {
            Err(InvalidOrigin)
        }
    }

    /// The origin of a URL.
    #[must_use]
    pub fn of(url: &Url) -> Self {
        Self(url.origin().ascii_serialization())
    }

    /// Its text, as it stands in an `Origin` header.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether an `Origin` header names a page that runs on the developer's own machine.
pub(crate) fn is_localhost(origin: &str) -> bool {
    match origin.strip_prefix("http://localhost") {
        Some("") => true,
        Some(rest) => rest.strip_prefix(':').is_some_and(|port| {
            port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok()
        }),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_normalised() {
        let parse = |text| Origin::parse(text).unwrap().as_str().to_owned();
        assert_eq!(parse("https://App.Example.com"), "https://app.example.com");
        assert_eq!(
            parse("https://app.example.com:443/"),
            "https://app.example.com"
        );
        assert_eq!(parse("http://localhost:5173"), "http://localhost:5173");
    }

    #[test]
    fn only_one_exact_origin_is_taken() {
        for bad in [
            "*",
            "",
            "null",
            "app.example.com",
            "https://*.example.com",
            "https://app.example.com/path",
            "https://app.example.com?x",
            "https://user@app.example.com",
            "ftp://app.example.com",
        ] {
            assert_eq!(Origin::parse(bad), Err(InvalidOrigin), "{bad}");
        }
    }

    #[test]
    fn localhost_is_only_localhost() {
        assert!(is_localhost("http://localhost"));
        assert!(is_localhost("http://localhost:1"));
        assert!(is_localhost("http://localhost:65535"));
        for other in [
            "http://localhost:65536",
            "http://localhost:",
            "http://localhost:+80",
            "http://localhost.evil.example",
            "http://localhost:80.evil.example",
            "https://localhost:3000",
            "http://127.0.0.1:3000",
            "null",
        ] {
            assert!(!is_localhost(other), "{other}");
        }
    }
}
