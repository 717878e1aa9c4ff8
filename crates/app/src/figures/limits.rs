//! The figures of the rate limits: what each rule decides, and where it was counted.

use std::collections::BTreeMap;

use kogents_domain::limits::{Charge, LimitRule, Taken};
use prometheus::{IntCounter, IntCounterVec, Opts, Registry};

use super::registered;

/// Counts what the rules decide.
///
/// Growth: bounded by the rules there are, times two outcomes and two places.
#[derive(Debug, Clone)]
pub(crate) struct LimitFigures(IntCounterVec);

/// Counts what the rules decide in one place.
#[derive(Debug, Clone)]
pub(crate) struct Decisions(BTreeMap<LimitRule, Counters>);

#[derive(Debug, Clone)]
struct Counters {
    allowed: IntCounter,
    refused: IntCounter,
}

impl LimitFigures {
    /// Registers the figures.
    pub(crate) fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let decisions = IntCounterVec::new(
            Opts::new(
                "kogents_limit_decisions_total",
                "What rate limits decided: allowed, or refused. The place is the cache, or this \
                 process where the cache gave no answer.",
            ),
            &["rule", "outcome", "place"],
        );
        Ok(Self(registered(registry, decisions)?))
    }

    /// Those of the cache that the configuration asks for.
    pub(crate) fn in_cache(&self) -> Decisions {
        self.in_place("cache")
    }

    /// Those of this process, where the cache gives no answer.
    pub(crate) fn in_process(&self) -> Decisions {
        self.in_place("process")
    }

    fn in_place(&self, place: &'static str) -> Decisions {
        let counters = |rule: LimitRule| {
            let of = |outcome| self.0.with_label_values(&[rule.as_str(), outcome, place]);
            let counters = Counters {
                allowed: of("allowed"),
                refused: of("refused"),
            };
            (rule, counters)
        };
        Decisions(LimitRule::ALL.into_iter().map(counters).collect())
    }
}

impl Decisions {
    /// What came of taking: every rule allowed, or some refused, and then nothing was taken.
    pub(crate) fn took(&self, charges: &[Charge], taken: &Taken) {
        if taken.refused_for.is_some() {
            self.refused(charges, taken);
            return;
        }
        for charge in charges {
            if let Some(counters) = self.0.get(&charge.rule) {
                counters.allowed.inc();
            }
        }
    }

    /// What came of a look, which takes nothing: only what it refuses counts.
    pub(crate) fn looked(&self, charges: &[Charge], looked: &Taken) {
        if looked.refused_for.is_some() {
            self.refused(charges, looked);
        }
    }

    /// Counts for the rules that have nothing left; the others had no say.
    fn refused(&self, charges: &[Charge], taken: &Taken) {
        let mut standings = taken.standings.iter();
        for charge in charges {
            let own = standings.by_ref().take(charge.limits.len());
            let used_up = own.filter(|standing| standing.remaining == 0).count();
            if let Some(counters) = self.0.get(&charge.rule).filter(|_| used_up > 0) {
                counters.refused.inc();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use kogents_adapter_memory::MemoryRateLimiter;
    use kogents_domain::limits::{ClientNetwork, Limit, LimitSubject, RateLimiter};
    use kogents_domain::time::{Span, Timestamp};

    use super::*;

    fn charge(rule: LimitRule, quotas: &[u32]) -> Charge {
        let limits = quotas
            .iter()
            .map(|quota| Limit::new(*quota, Span::from_secs(60)));
        Charge {
            rule,
            subject: LimitSubject::Client(ClientNetwork::of(IpAddr::V4(Ipv4Addr::LOCALHOST))),
            limits: limits.collect(),
        }
    }

    #[tokio::test]
    async fn a_refusal_counts_for_the_rule_that_has_nothing_left() {
        let figures = LimitFigures::new(&Registry::new()).unwrap();
        let decisions = figures.in_cache();
        let limiter = MemoryRateLimiter::new(10);
        let now = Timestamp::from_millis(1_800_000_000_000);
        // The second of the first rule's limits is used up first.
        let charges = [
            charge(LimitRule::LoginPair, &[9, 2]),
            charge(LimitRule::LoginAddress, &[9]),
        ];
        for _ in 0..3 {
            let taken = limiter.take(&charges, now).await.unwrap();
            decisions.took(&charges, &taken);
        }
        let looked = limiter.look(&charges, now).await.unwrap();
        decisions.looked(&charges, &looked);
        let free = limiter.look(&charges[1..], now).await.unwrap();
        decisions.looked(&charges[1..], &free);
        let count = |rule: LimitRule, outcome, place| {
            figures
                .0
                .with_label_values(&[rule.as_str(), outcome, place])
                .get()
        };
        assert_eq!(count(LimitRule::LoginPair, "allowed", "cache"), 2);
        assert_eq!(count(LimitRule::LoginPair, "refused", "cache"), 2);
        assert_eq!(count(LimitRule::LoginAddress, "allowed", "cache"), 2);
        assert_eq!(count(LimitRule::LoginAddress, "refused", "cache"), 0);
        assert_eq!(count(LimitRule::LoginPair, "refused", "process"), 0);
    }
}
