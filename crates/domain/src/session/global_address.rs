//! Which addresses can be somewhere on the earth at all.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Blocks of IPv4 that are not "Globally Reachable" by IANA's IPv4 Special-Purpose Address
/// Registry (RFC 6890, RFC 8190), and multicast. Relays of 6to4 have "N/A" there.
const LOCAL_V4: [(Ipv4Addr, u32); 15] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),       // this network, RFC 791
    (Ipv4Addr::new(10, 0, 0, 0), 8),      // private, RFC 1918
    (Ipv4Addr::new(100, 64, 0, 0), 10),   // shared by carriers (CGNAT), RFC 6598
    (Ipv4Addr::new(127, 0, 0, 0), 8),     // loopback, RFC 1122
    (Ipv4Addr::new(169, 254, 0, 0), 16),  // link-local, RFC 3927
    (Ipv4Addr::new(172, 16, 0, 0), 12),   // private, RFC 1918
    (Ipv4Addr::new(192, 0, 0, 0), 24),    // IETF protocol assignments, RFC 6890
    (Ipv4Addr::new(192, 0, 2, 0), 24),    // documentation, RFC 5737
    (Ipv4Addr::new(192, 88, 99, 0), 24),  // relays of 6to4, deprecated by RFC 7526
    (Ipv4Addr::new(192, 168, 0, 0), 16),  // private, RFC 1918
    (Ipv4Addr::new(198, 18, 0, 0), 15),   // benchmarking, RFC 2544
    (Ipv4Addr::new(198, 51, 100, 0), 24), // documentation, RFC 5737
    (Ipv4Addr::new(203, 0, 113, 0), 24),  // documentation, RFC 5737
    (Ipv4Addr::new(224, 0, 0, 0), 4),     // multicast, RFC 5771
    (Ipv4Addr::new(240, 0, 0, 0), 4),     // reserved and broadcast, RFC 1112, RFC 8190
];

/// What is "Globally Reachable" inside of those blocks.
const GLOBAL_V4: [(Ipv4Addr, u32); 2] = [
    (Ipv4Addr::new(192, 0, 0, 9), 32),  // port control, RFC 7723
    (Ipv4Addr::new(192, 0, 0, 10), 32), // TURN, RFC 8155
];

/// All of IPv6 that IANA assigns as global unicast.
const UNICAST_V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// Blocks of it that are not "Globally Reachable" by IANA's IPv6 registry of the same name.
/// Teredo (2001::/32) and 6to4 have "N/A" there.
const LOCAL_V6: [(Ipv6Addr, u32); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23), // IETF protocol assignments, RFC 2928
    (Ipv6Addr::new(0x2001, 0x0DB8, 0, 0, 0, 0, 0, 0), 32), // documentation, RFC 3849
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16), // 6to4, RFC 3056
    (Ipv6Addr::new(0x3FFF, 0, 0, 0, 0, 0, 0, 0), 20), // documentation, RFC 9637
];

/// What is "Globally Reachable" inside of those blocks.
const GLOBAL_V6: [(Ipv6Addr, u32); 7] = [
    (Ipv6Addr::new(0x2001, 1, 0, 0, 0, 0, 0, 1), 128), // port control, RFC 7723
    (Ipv6Addr::new(0x2001, 1, 0, 0, 0, 0, 0, 2), 128), // TURN, RFC 8155
    (Ipv6Addr::new(0x2001, 1, 0, 0, 0, 0, 0, 3), 128), // DNS-SD, RFC 9665
    (Ipv6Addr::new(0x2001, 3, 0, 0, 0, 0, 0, 0), 32),  // AMT, RFC 7450
    (Ipv6Addr::new(0x2001, 4, 0x0112, 0, 0, 0, 0, 0), 48), // AS112, RFC 7535
    (Ipv6Addr::new(0x2001, 0x20, 0, 0, 0, 0, 0, 0), 28), // ORCHIDv2, RFC 7343
    (Ipv6Addr::new(0x2001, 0x30, 0, 0, 0, 0, 0, 0), 28), // drones, RFC 9374
];

/// IPv4 behind a translator (NAT64), by the well-known prefix of RFC 6052.
const TRANSLATED: (Ipv6Addr, u32) = (Ipv6Addr::new(0x64, 0xFF9B, 0, 0, 0, 0, 0, 0), 96);

/// Whether an address is globally reachable, so that it can be somewhere. All others (private,
/// loopback, link-local, carriers' shared, documentation, benchmarking, unique local, multicast,
/// unspecified, broadcast, reserved) are nowhere, and are not looked up.
///
/// By IANA's special-purpose address registries, where "N/A" counts as no: what comes through
/// 6to4 or Teredo has an address that tells where a relay is, or nothing. An IPv4-mapped address,
/// or one of NAT64's well-known prefix, is as the IPv4 address in it; a prefix that a network
/// chose for its own NAT64 cannot be told from any other.
#[must_use]
pub fn is_global(address: IpAddr) -> bool {
    global_address(address).is_some()
}

/// The address to look up: of a global address (see [`is_global`]) the IPv4 address that it
/// stands for, if it stands for one, else itself.
#[must_use]
pub fn global_address(address: IpAddr) -> Option<IpAddr> {
    let address = untranslated(address);
    let is_global = match address {
        IpAddr::V4(v4) => !any_v4(&LOCAL_V4, v4) || any_v4(&GLOBAL_V4, v4),
        IpAddr::V6(v6) => {
            any_v6(&[UNICAST_V6], v6) && (!any_v6(&LOCAL_V6, v6) || any_v6(&GLOBAL_V6, v6))
        }
    };
    is_global.then_some(address)
}

fn untranslated(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) if any_v6(&[TRANSLATED], v6) => {
            let [.., a, b, c, d] = v6.octets();
            Ipv4Addr::new(a, b, c, d).into()
        }
        address @ (IpAddr::V4(_) | IpAddr::V6(_)) => address,
    }
}

fn any_v4(blocks: &[(Ipv4Addr, u32)], address: Ipv4Addr) -> bool {
    let shared = |block: Ipv4Addr| (block.to_bits() ^ address.to_bits()).leading_zeros();
    blocks.iter().any(|&(block, bits)| shared(block) >= bits)
}

fn any_v6(blocks: &[(Ipv6Addr, u32)], address: Ipv6Addr) -> bool {
    let shared = |block: Ipv6Addr| (block.to_bits() ^ address.to_bits()).leading_zeros();
    blocks.iter().any(|&(block, bits)| shared(block) >= bits)
}

#[cfg(test)]
mod tests;
