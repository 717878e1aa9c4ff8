//! The first and the last address of every block, and their neighbours outside of it.

use super::*;

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// First and last address of a block that is not global.
const LOCAL: [(&str, &str); 33] = [
    ("0.0.0.0", "0.255.255.255"),
    ("10.0.0.0", "10.255.255.255"),
    ("100.64.0.0", "100.127.255.255"),
    ("127.0.0.0", "127.255.255.255"),
    ("169.254.0.0", "169.254.255.255"),
    ("172.16.0.0", "172.31.255.255"),
    ("192.0.0.0", "192.0.0.8"),
    ("192.0.0.11", "192.0.0.255"),
    ("192.0.2.0", "192.0.2.255"),
    ("192.88.99.0", "192.88.99.255"),
    ("192.168.0.0", "192.168.255.255"),
    ("198.18.0.0", "198.19.255.255"),
    ("198.51.100.0", "198.51.100.255"),
    ("203.0.113.0", "203.0.113.255"),
    ("224.0.0.0", "255.255.255.255"),
    ("::", "::1"),
    ("::8.8.8.8", "64:ff9a:ffff::"),
    ("64:ff9b::a00:1", "64:ff9b::aff:ffff"),
    ("64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff"),
    ("100::", "100:0:0:1:ffff:ffff:ffff:ffff"),
    ("1fff:ffff::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2001::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2001:1::", "2001:1::"),
    ("2001:2::", "2001:2:0:ffff:ffff:ffff:ffff:ffff"),
    ("2001:10::", "2001:1f:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2001:40::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("4000::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("fe80::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
];

/// Addresses just outside of those blocks, and the exceptions inside of them.
const GLOBAL: [&str; 50] = [
    "1.0.0.0",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "191.255.255.255",
    "192.0.0.9",
    "192.0.0.10",
    "192.0.1.0",
    "192.0.3.0",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.98.255",
    "192.88.100.0",
    "192.167.255.255",
    "192.169.0.0",
    "192.175.48.1",
    "198.17.255.255",
    "198.20.0.0",
    "198.51.99.255",
    "198.51.101.0",
    "203.0.112.255",
    "203.0.114.0",
    "223.255.255.255",
    "64:ff9b::808:808",
    "2000::",
    "2001:1::1",
    "2001:1::2",
    "2001:1::3",
    "2001:3::1",
    "2001:4:112::1",
    "2001:20::1",
    "2001:30::1",
    "2001:200::",
    "2001:db7:ffff::",
    "2001:db9::",
    "2001:4860:4860::8888",
    "2003::",
    "2620:4f:8000::1",
    "2a02:8108::1",
    "3ffe:ffff::",
    "3fff:1000::",
    "3fff:ffff::",
    "::ffff:8.8.8.8",
];

#[test]
fn blocks_that_are_not_global_are_refused_to_their_ends() {
    for (first, last) in LOCAL {
        assert!(!is_global(address(first)), "{first}");
        assert!(!is_global(address(last)), "{last}");
    }
}

#[test]
fn what_is_beside_them_is_global() {
    for text in GLOBAL {
        assert!(is_global(address(text)), "{text}");
    }
}

#[test]
fn an_address_that_stands_for_an_ipv4_one_is_judged_and_looked_up_as_that() {
    for (text, stands_for) in [
        ("::ffff:8.8.8.8", Some("8.8.8.8")),
        ("64:ff9b::8.8.8.8", Some("8.8.8.8")),
        ("::ffff:10.0.0.1", None),
        ("::ffff:127.0.0.1", None),
        ("64:ff9b::192.168.0.1", None),
        ("2002:808:808::1", None),
        ("8.8.8.8", Some("8.8.8.8")),
        ("2a02:8108::1", Some("2a02:8108::1")),
    ] {
        let expected = stands_for.map(address);
        assert_eq!(global_address(address(text)), expected, "{text}");
    }
}
