//! Short forms that the cases share.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use kogents_domain::limits::{
    Charge, ClientNetwork, Limit, LimitRule, LimitStanding, LimitSubject, RateLimiter, Taken,
};
use kogents_domain::time::{Span, Timestamp};

use crate::builders::{real_now, unique_id};

/// The adapter under test.
pub type LimiterPort = Arc<dyn RateLimiter>;

/// A limiter, and the moment the case began.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) port: LimiterPort,
    pub(crate) start: Timestamp,
}

impl Case {
    pub(crate) fn new(port: LimiterPort) -> Self {
        Self {
            port,
            start: real_now(),
        }
    }

    /// The moment so many milliseconds after the case began.
    pub(crate) fn after(&self, millis: i64) -> Timestamp {
        self.start.plus(Span::from_millis(millis))
    }

    pub(crate) async fn take(&self, charges: &[Charge], now: Timestamp) -> Taken {
        self.port.take(charges, now).await.unwrap()
    }

    /// Takes until it is refused, at one moment; how many were granted.
    pub(crate) async fn drain(&self, charges: &[Charge], now: Timestamp) -> u32 {
        let mut granted = 0;
        while self.take(charges, now).await.refused_for.is_none() {
            granted += 1;
            assert!(granted < 10_000, "nothing is ever refused");
        }
        granted
    }

    pub(crate) async fn give_back(&self, charges: &[Charge], now: Timestamp) -> Vec<LimitStanding> {
        self.port.give_back(charges, &[], now).await.unwrap()
    }
}

/// A client that no other case has.
pub(crate) fn somebody() -> LimitSubject {
    // The lower half of an id is random; the upper half of an address is the network.
    let bits = unique_id().as_u128().rotate_left(64);
    LimitSubject::Client(ClientNetwork::of(IpAddr::V6(Ipv6Addr::from_bits(bits))))
}

/// One counted against these limits of a rule.
pub(crate) fn charge(rule: LimitRule, subject: LimitSubject, limits: &[(u32, i64)]) -> Charge {
    Charge {
        rule,
        subject,
        limits: limits
            .iter()
            .map(|(quota, secs)| Limit::new(*quota, Span::from_secs(*secs)))
            .collect(),
    }
}

/// One counted against one limit, of somebody new.
pub(crate) fn of_somebody(quota: u32, secs: i64) -> Charge {
    charge(LimitRule::LoginAddress, somebody(), &[(quota, secs)])
}

/// How much is left by each.
pub(crate) fn left(standings: &[LimitStanding]) -> Vec<u32> {
    let left = standings.iter().map(|standing| standing.remaining);
    left.collect()
}
