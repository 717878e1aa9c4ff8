//! `X-Forwarded-For`, as far as it is believed.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use super::text;

/// The proxies that the property takes for trusted, as the setting spells them.
pub const TRUSTED: [&str; 2] = ["10.0.0.0/8", "::1/128"];

/// The result is the peer, or an address that stands in the header with nothing but trusted
/// addresses to its right; when it is trusted itself, nothing readable stands to its left; and
/// what a client writes in front changes nothing.
///
/// The input is lines: the peer, then the header's values. `resolve` gives the client's address
/// for a peer and values, with [`TRUSTED`] proxies.
///
/// # Panics
/// When that does not hold.
pub fn forwarded_header(input: &[u8], resolve: impl Fn(IpAddr, &[&[u8]]) -> IpAddr) {
    let mut lines = input.split(|octet| *octet == b'\n');
    let peer = lines
        .next()
        .and_then(|line| read(&text(line)))
        .unwrap_or(IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1)));
    // Only what may stand in a header's value at all.
    let values: Vec<&[u8]> = lines
        .filter(|line| line.iter().all(|octet| *octet >= b' ' && *octet != 0x7F))
        .collect();
    let found = resolve(peer, &values);
    assert_eq!(found, found.to_canonical(), "one address has one spelling");
    assert_eq!(resolve(peer, &[]), peer);

    let entries: Vec<Option<IpAddr>> = values.iter().flat_map(|value| entries(value)).collect();
    let chain: Vec<IpAddr> = std::iter::once(peer)
        .chain(entries.iter().rev().map_while(|entry| *entry))
        .collect();
    let trusted = chain
        .iter()
        .take_while(|address| is_trusted(**address))
        .count();
    // The first that is not trusted, else the last that can be read.
    let expected = chain.get(trusted).or(chain.last());
    assert_eq!(Some(&found), expected, "{:?}", text(input));

    if !is_trusted(found) {
        let mut forged: Vec<&[u8]> = vec![b"198.51.100.99, 10.9.9.9", b"nonsense"];
        forged.extend(&values);
        assert_eq!(resolve(peer, &forged), found, "{:?}", text(input));
    }
}

/// The entries of one value; those of one that is no text cannot be read.
fn entries(value: &[u8]) -> Vec<Option<IpAddr>> {
    if value.iter().all(|octet| (b' '..=b'~').contains(octet)) {
        text(value).split(',').map(read).collect()
    } else {
        vec![None]
    }
}

fn read(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim();
    let address = entry.parse().ok();
    let socket = || entry.parse().ok().map(|socket: SocketAddr| socket.ip());
    let bracketed = || entry.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let read: Option<IpAddr> = address.or_else(socket).or_else(bracketed);
    read.map(|address| address.to_canonical())
}

fn is_trusted(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.octets()[0] == 10,
        IpAddr::V6(address) => address.is_loopback(),
    }
}
