//! Reads and makes the URLs that caches are named by.

use std::time::Duration;

use deadpool_redis::redis::io::tcp::TcpSettings;
use deadpool_redis::redis::io::tcp::socket2::TcpKeepalive;
use deadpool_redis::redis::{
    Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo as _, ProtocolVersion,
    TlsCertificates,
};
use kogents_domain::secret::SecretText;
use url::{Host, Url};

/// After so long without a word the peer is asked whether it is still there.
const KEEPALIVE_AFTER: Duration = Duration::from_secs(15);
/// And again after so long.
const KEEPALIVE_EVERY: Duration = Duration::from_secs(5);

/// Why a URL names no cache. The URL, which may hold a password, is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnusableUrl {
    /// Not a URL of a scheme that is known here.
    #[error("it must be redis://[user:password@]host[:port][/database], or rediss:// with TLS")]
    Malformed,
    /// A fragment; some clients switch certificate checks off by one.
    #[error("it must not have a # part: with TLS the server's certificate is always verified")]
    Fragment,
    /// The host is no name and no address.
    #[error("the host is neither a name nor an address")]
    Host,
    /// Certificates that cannot be read, or that are given for a URL without TLS.
    #[error("the certificates to trust are not readable, or the URL is not rediss://")]
    Certificates,
}

/// Whether a cache may be named so. Reaches nothing.
///
/// # Errors
/// See [`UnusableUrl`].
pub fn check_url(url: &SecretText) -> Result<(), UnusableUrl> {
    read(url, None).map(|_| ())
}

/// The URL of a cache without TLS that is told by its parts, as by `REDIS_HOST`, `REDIS_PORT` and
/// `REDIS_PASSWORD`. An IPv6 address may stand in brackets or not; an empty password is none.
///
/// # Errors
/// [`UnusableUrl::Host`].
pub fn url_of(
    host: &str,
    port: u16,
    password: Option<&SecretText>,
) -> Result<SecretText, UnusableUrl> {
    let bracketed = match host.parse::<std::net::Ipv6Addr>() {
        Ok(address) => format!("[{address}]"),
        Err(_) => host.to_owned(),
    };
    let host = Host::parse(&bracketed).map_err(|_| UnusableUrl::Host)?;
    let mut url = Url::parse(&format!("redis://{host}:{port}/")).map_err(|_| UnusableUrl::Host)?;
    let password = password.map_or("", SecretText::expose);
    if !password.is_empty() {
        // The setter leaves a percent sign as it is, for text that is encoded already.
        url.set_password(Some(&password.replace('%', "%25")))
            .map_err(|()| UnusableUrl::Host)?;
    }
    Ok(SecretText::new(url.as_str()))
}

/// Where and how to connect.
pub(crate) fn read(
    url: &SecretText,
    root_certificates: Option<&[u8]>,
) -> Result<ConnectionInfo, UnusableUrl> {
    let url = Url::parse(url.expose().trim()).map_err(|_| UnusableUrl::Malformed)?;
    if url.fragment().is_some() {
        return Err(UnusableUrl::Fragment);
    }
    let info = url
        .into_connection_info()
        .map_err(|_| UnusableUrl::Malformed)?;
    let info = match root_certificates {
        None => info,
        Some(pem) => trusting(info, pem)?,
    };
    // In the third version of the protocol the end of a connection is told when it happens.
    let redis = info
        .redis_settings()
        .clone()
        .set_protocol(ProtocolVersion::RESP3)
        .set_skip_set_lib_name();
    let keepalive = TcpKeepalive::new()
        .with_time(KEEPALIVE_AFTER)
        .with_interval(KEEPALIVE_EVERY);
    let tcp = TcpSettings::default()
        .set_nodelay(true)
        .set_keepalive(keepalive);
    Ok(info.set_redis_settings(redis).set_tcp_settings(tcp))
}

/// Whether the connection is to be encrypted.
pub(crate) fn is_encrypted(info: &ConnectionInfo) -> bool {
    matches!(info.addr(), ConnectionAddr::TcpTls { .. })
}

fn trusting(info: ConnectionInfo, pem: &[u8]) -> Result<ConnectionInfo, UnusableUrl> {
    let certificates = TlsCertificates {
        client_tls: None,
        root_cert: Some(pem.to_vec()),
    };
    Client::build_with_tls(info, certificates)
        .map(|client| client.get_connection_info().clone())
        .map_err(|_| UnusableUrl::Certificates)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<ConnectionInfo, UnusableUrl> {
        read(&SecretText::new(text), None)
    }

    fn of_parts(host: &str, port: u16, password: Option<&str>) -> Result<String, UnusableUrl> {
        let password = password.map(SecretText::new);
        url_of(host, port, password.as_ref()).map(|url| url.expose().to_owned())
    }

    #[test]
    fn the_parts_make_a_url() {
        assert_eq!(
            of_parts("localhost", 6379, None).unwrap(),
            "redis://localhost:6379/"
        );
        assert_eq!(
            of_parts("cache_1.internal", 7000, Some("")).unwrap(),
            "redis://cache_1.internal:7000/"
        );
        for host in ["::1", "[::1]"] {
            assert_eq!(of_parts(host, 1, None).unwrap(), "redis://[::1]:1/");
        }
    }

    #[test]
    fn any_password_comes_through() {
        for password in [
            "p@ss:w/o?r#d",
            "100%",
            "a%20b",
            "pässwörd",
            " spaces ",
            "\"'<>",
        ] {
            let url = of_parts("localhost", 6379, Some(password)).unwrap();
            let info = read_text(&url).unwrap();
            assert_eq!(info.redis_settings().password(), Some(password));
            assert_eq!(
                *info.addr(),
                ConnectionAddr::Tcp("localhost".to_owned(), 6379)
            );
        }
    }

    #[test]
    fn a_host_is_only_a_host() {
        for host in [
            "",
            "a b",
            "host/1",
            "user@host",
            "host:1",
            "redis://host",
            "a#b",
            "a?b",
        ] {
            assert_eq!(of_parts(host, 6379, None), Err(UnusableUrl::Host), "{host}");
        }
    }

    #[test]
    fn a_url_says_everything() {
        let info = read_text(" redis://ada:s3cret@cache.example:7001/3 ").unwrap();
        assert_eq!(info.redis_settings().username(), Some("ada"));
        assert_eq!(info.redis_settings().password(), Some("s3cret"));
        assert_eq!(info.redis_settings().db(), 3);
        assert!(!is_encrypted(&info));
        assert!(is_encrypted(&read_text("rediss://cache.example").unwrap()));
    }

    #[test]
    fn what_names_no_cache_is_refused() {
        for text in [
            "",
            "localhost:6379",
            "localhost",
            "http://localhost",
            "postgresql://localhost/x",
            "redis://",
            "redis://localhost/db",
            "redis://localhost:99999",
        ] {
            let refused = read_text(text).map(|_| ());
            assert_eq!(refused, Err(UnusableUrl::Malformed), "{text}");
        }
    }

    #[test]
    fn certificates_are_always_verified() {
        let refused = check_url(&SecretText::new("rediss://cache.example/#insecure"));
        assert_eq!(refused, Err(UnusableUrl::Fragment));
        for (url, pem) in [
            ("redis://localhost", "-----BEGIN CERTIFICATE-----"),
            ("rediss://localhost", "-----BEGIN CERTIFICATE-----\n!\n"),
        ] {
            let refused = read(&SecretText::new(url), Some(pem.as_bytes())).map(|_| ());
            assert_eq!(refused, Err(UnusableUrl::Certificates), "{url}");
        }
    }

    #[test]
    fn s30_what_is_wrong_does_not_show_the_url() {
        let url = SecretText::new("http://ada:s3cret@cache.example");
        let told = check_url(&url).unwrap_err().to_string();
        assert!(!told.contains("s3cret") && !told.contains("ada"), "{told}");
    }
}
