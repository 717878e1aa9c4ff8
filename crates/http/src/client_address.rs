//! The one place that says which address a request comes from.

use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderMap, HeaderName};
use ipnet::IpNet;

use crate::problem::{Code, Problem};
use crate::state::Http;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const REAL_IP: HeaderName = HeaderName::from_static("x-real-ip");

/// The client's address.
///
/// # Errors
/// A problem without a known peer, which a TCP listener does not give.
pub(crate) fn client_address(http: &Http, request: &HttpRequest) -> Result<IpAddr, Problem> {
    let peer = request
        .peer_addr()
        .ok_or_else(|| Problem::new(Code::Internal).cause("a request without a peer address"))?;
    let trusted = &http.settings.trusted_proxies;
    http.forwarding.consider(peer, request.headers(), trusted);
    Ok(resolve(peer, request.headers(), trusted))
}

/// Says once that somebody forwards addresses and is not believed: either a proxy that
/// `TRUSTED_PROXIES` does not name, and then every limit counts the proxy, or somebody who would
/// like to be another.
#[derive(Debug, Default)]
pub struct ForwardingWarning(AtomicBool);

impl ForwardingWarning {
    /// Whether it has been said.
    #[must_use]
    pub fn is_said(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn consider(&self, peer: SocketAddr, headers: &HeaderMap, trusted: &[IpNet]) {
        let forwarded = [FORWARDED_FOR, header::FORWARDED, REAL_IP];
        if self.is_said()
            || !forwarded.iter().any(|name| headers.contains_key(name))
            || is_trusted(peer.ip().to_canonical(), trusted)
            || self.0.swap(true, Ordering::Relaxed)
        {
            return;
        }
        tracing::warn!(
            peer = %peer.ip().to_canonical(),
            "a peer that TRUSTED_PROXIES does not name forwards addresses; it is taken for the \
             client itself. If it is a proxy of yours, name it there. This is said once."
        );
    }
}

/// The peer, unless it is a trusted proxy: then `X-Forwarded-For` is read from the right to the
/// first address that is not trusted. What cannot be read ends the walk at the last good address:
/// left of it stands what anybody may have written.
fn resolve(peer: SocketAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let mut address = peer.ip().to_canonical();
    let mut entries: Vec<&str> = Vec::new();
    for value in headers.get_all(FORWARDED_FOR) {
        match value.to_str() {
            Ok(text) => entries.extend(text.split(',')),
            // An entry that no text can be read from, where it stands.
            Err(_) => entries.push(""),
        }
    }
    for entry in entries.into_iter().rev() {
        if !is_trusted(address, trusted) {
            break;
        }
        match read(entry) {
            Some(next) => address = next,
            None => break,
        }
    }
    address
}

fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|net| net.contains(&address))
}

/// An address as proxies write it: alone, in brackets, or with a port.
fn read(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim();
    let bare = entry
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(entry);
    bare.parse::<IpAddr>()
        .or_else(|_| entry.parse::<SocketAddr>().map(|socket| socket.ip()))
        .ok()
        .map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn address(peer: &str, forwarded: &[&[u8]], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, HeaderValue::from_bytes(value).unwrap());
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        resolve(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn s25_an_untrusted_peer_is_the_client_whatever_it_says() {
        let forged: &[&[u8]] = &[b"1.2.3.4"];
        assert_eq!(address("203.0.113.9:1", forged, &[]), "203.0.113.9");
        assert_eq!(
            address("203.0.113.9:1", forged, &["10.0.0.0/8"]),
            "203.0.113.9"
        );
    }

    #[test]
    fn s25_forwarding_by_an_untrusted_peer_is_noticed() {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
        let noticed = |peer: &str, name: HeaderName| {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_static("1.2.3.4"));
            let warning = ForwardingWarning::default();
            warning.consider(peer.parse().unwrap(), &headers, &trusted);
            warning.is_said()
        };
        for name in [FORWARDED_FOR, header::FORWARDED, REAL_IP] {
            assert!(noticed("203.0.113.9:1", name.clone()), "{name}");
            assert!(!noticed("10.0.0.1:1", name.clone()), "{name}");
            assert!(!noticed("[::ffff:10.0.0.1]:1", name.clone()), "{name}");
        }
        assert!(!noticed("203.0.113.9:1", header::USER_AGENT));
    }

    #[test]
    fn s25_a_trusted_peer_names_the_first_untrusted_address_from_the_right() {
        let chain: &[&[u8]] = &[b"1.2.3.4, 198.51.100.7 ,10.1.1.1"];
        assert_eq!(
            address("10.0.0.1:1", chain, &["10.0.0.0/8"]),
            "198.51.100.7"
        );
        let split: &[&[u8]] = &[b"1.2.3.4", b"198.51.100.7", b"10.1.1.1"];
        assert_eq!(
            address("10.0.0.1:1", split, &["10.0.0.0/8"]),
            "198.51.100.7"
        );
    }

    #[test]
    fn a_chain_of_trusted_proxies_alone_ends_at_its_left() {
        let chain: &[&[u8]] = &[b"10.2.2.2, 10.1.1.1"];
        assert_eq!(address("10.0.0.1:1", chain, &["10.0.0.0/8"]), "10.2.2.2");
        assert_eq!(address("10.0.0.1:1", &[], &["10.0.0.0/8"]), "10.0.0.1");
    }

    #[test]
    fn s25_what_cannot_be_read_ends_the_walk_at_the_last_good_address() {
        for bad in [
            "unknown",
            "_hidden",
            "",
            "1.2.3",
            "1.2.3.4.5",
            "[::1",
            "::g",
        ] {
            let chain = format!("1.2.3.4, {bad}, 10.1.1.1");
            assert_eq!(
                address("10.0.0.1:1", &[chain.as_bytes()], &["10.0.0.0/8"]),
                "10.1.1.1",
                "{bad}"
            );
        }
        let binary: &[&[u8]] = &[b"1.2.3.4", b"\xff\xfe"];
        assert_eq!(address("10.0.0.1:1", binary, &["10.0.0.0/8"]), "10.0.0.1");
    }

    #[test]
    fn ports_brackets_and_mapped_addresses_are_understood() {
        let trusted = &["10.0.0.0/8", "::1/128"];
        for (entry, expected) in [
            ("198.51.100.7:5555", "198.51.100.7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("[2001:db8::7]:443", "2001:db8::7"),
            ("2001:db8::7", "2001:db8::7"),
            ("::ffff:198.51.100.7", "198.51.100.7"),
        ] {
            assert_eq!(
                address("10.0.0.1:1", &[entry.as_bytes()], trusted),
                expected,
                "{entry}"
            );
        }
        assert_eq!(
            address("[::ffff:203.0.113.9]:80", &[], trusted),
            "203.0.113.9"
        );
        assert_eq!(
            address("[::ffff:10.0.0.1]:80", &[b"198.51.100.7"], trusted),
            "198.51.100.7"
        );
    }
}
