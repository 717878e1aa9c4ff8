//! What stays of the traces of a session some time after it ended.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Coordinate, Traces};

impl Traces {
    /// The same traces, coarse: the address cut to its /24 (IPv4) or /48 (IPv6), the point to one
    /// decimal (some ten kilometres), and no query in the addresses of pages.
    #[must_use]
    pub fn minimised(self) -> Self {
        Self {
            session_id: self.session_id,
            ip_address: network(self.ip_address),
            coordinate: self.coordinate.and_then(coarse),
            referrer_url: self.referrer_url.as_deref().map(without_query),
            landing_page: self.landing_page.as_deref().map(without_query),
        }
    }
}

fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => Ipv4Addr::from_bits(address.to_bits() & (u32::MAX << 8)).into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 80)).into(),
    }
}

fn coarse(point: Coordinate) -> Option<Coordinate> {
    let tenth = |degrees: f64| (degrees * 10.0).round() / 10.0;
    Coordinate::new(tenth(point.latitude()), tenth(point.longitude())).ok()
}

fn without_query(url: &str) -> String {
    url.split_once('?').map_or(url, |(page, _)| page).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SessionId;

    fn traces(address: &str, point: (f64, f64)) -> Traces {
        Traces {
            session_id: SessionId::parse("0192f3c0-2222-7abc-8def-0123456789ab").unwrap(),
            ip_address: address.parse().unwrap(),
            coordinate: Coordinate::new(point.0, point.1).ok(),
            referrer_url: Some("https://example.com/a?b=c?d".to_owned()),
            landing_page: Some("https://example.com/a".to_owned()),
        }
    }

    #[test]
    fn addresses_are_cut_to_their_network() {
        for (address, network) in [
            ("203.0.113.77", "203.0.113.0"),
            ("::ffff:203.0.113.77", "203.0.113.0"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
            ("0.0.0.0", "0.0.0.0"),
        ] {
            let minimised = traces(address, (0.0, 0.0)).minimised();
            assert_eq!(minimised.ip_address.to_string(), network);
        }
    }

    #[test]
    fn points_keep_one_decimal_and_pages_no_query() {
        for (point, coarse) in [
            ((52.5163, 13.3777), (52.5, 13.4)),
            ((-33.8568, -179.97), (-33.9, -180.0)),
            ((89.96, 0.04), (90.0, 0.0)),
        ] {
            let minimised = traces("192.0.2.1", point).minimised();
            assert_eq!(
                minimised.coordinate,
                Coordinate::new(coarse.0, coarse.1).ok()
            );
            assert_eq!(
                minimised.referrer_url.as_deref(),
                Some("https://example.com/a")
            );
            assert_eq!(
                minimised.landing_page.as_deref(),
                Some("https://example.com/a")
            );
        }
    }

    #[test]
    fn minimising_twice_changes_nothing_more() {
        let once = traces("203.0.113.77", (52.5163, 13.3777)).minimised();
        assert_eq!(once.clone().minimised(), once);
    }
}
