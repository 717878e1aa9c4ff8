//! The figures of the cache: what is asked of it, and how it stands.

use std::sync::Arc;
use std::time::Instant;

use kogents_domain::cache::{CacheError, CacheWatch, ConnectionStanding};
use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntGauge, IntGaugeVec, Opts, Registry,
};

use super::sampled::Sampled;
use super::{count, registered};

/// Upper bounds of the histogram's buckets, in seconds; what is asked of a server is given up after
/// half a second.
const BUCKETS: [f64; 9] = [
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.025, 0.1, 0.5,
];

/// Times what is asked of the cache, whichever it is.
///
/// Growth: bounded by the operations there are, times three outcomes.
#[derive(Debug, Clone)]
pub(crate) struct CacheFigures(HistogramVec);

/// Times one operation: what is asked many times a second finds its histograms without a search.
#[derive(Debug, Clone)]
pub(crate) struct TimedOperation {
    ok: Histogram,
    away: Histogram,
    full: Histogram,
}

impl CacheFigures {
    /// Registers the figures, with those that tell how a cache stands.
    pub(crate) fn new(
        registry: &Registry,
        watch: Arc<dyn CacheWatch>,
    ) -> Result<Self, prometheus::Error> {
        let options = HistogramOpts::new(
            "kogents_cache_operation_duration_seconds",
            "Time that an operation of the cache took, with the wait for its connection.",
        );
        let labels = ["operation", "outcome"];
        let operations = HistogramVec::new(options.buckets(BUCKETS.to_vec()), &labels);
        let operations = registered(registry, operations)?;
        register_standing(registry, watch.clone())?;
        if let Some(connections) = watch.standing().connections {
            register_connections(registry, watch, connections)?;
        }
        Ok(Self(operations))
    }

    /// The histograms of an operation: its port and what is asked of it, `rate_limiter.take`.
    pub(crate) fn operation(&self, name: &'static str) -> TimedOperation {
        let of = |outcome| self.0.with_label_values(&[name, outcome]);
        TimedOperation {
            ok: of("ok"),
            away: of("away"),
            full: of("full"),
        }
    }
}

impl TimedOperation {
    /// Waits for an answer and times it.
    pub(crate) async fn time<T>(
        &self,
        asked: impl Future<Output = Result<T, CacheError>>,
    ) -> Result<T, CacheError> {
        let began = Instant::now();
        let answer = asked.await;
        let histogram = match &answer {
            Ok(_) => &self.ok,
            Err(CacheError::Unavailable(_)) => &self.away,
            Err(CacheError::Full) => &self.full,
        };
        histogram.observe(began.elapsed().as_secs_f64());
        answer
    }
}

fn register_standing(
    registry: &Registry,
    watch: Arc<dyn CacheWatch>,
) -> Result<(), prometheus::Error> {
    let up = IntGauge::new(
        "kogents_cache_up",
        "Whether the cache is used: 1, or 0 from a failure on until it was brought back.",
    )?;
    let losses = IntCounter::new(
        "kogents_cache_losses_total",
        "How often this process took the cache for away after it had been there.",
    )?;
    Sampled::register(
        registry,
        vec![Box::new(up.clone()), Box::new(losses.clone())],
        move || {
            let standing = watch.standing();
            up.set(i64::from(standing.is_up));
            losses.inc_by(standing.losses.saturating_sub(losses.get()));
        },
    )
}

fn register_connections(
    registry: &Registry,
    watch: Arc<dyn CacheWatch>,
    first: ConnectionStanding,
) -> Result<(), prometheus::Error> {
    let connections = IntGaugeVec::new(
        Opts::new(
            "kogents_cache_pool_connections",
            "Open connections to the cache; a step has one for itself (active) only while it is put \
             on it, and shares it then (idle).",
        ),
        &["state"],
    )?;
    let most = IntGauge::new(
        "kogents_cache_pool_max_connections",
        "The most connections to the cache that this process opens.",
    )?;
    let waiting = IntGauge::new(
        "kogents_cache_pool_waiting",
        "How many callers wait for a connection to the cache.",
    )?;
    most.set(count(first.most));
    let [active, idle] = ["active", "idle"].map(|state| connections.with_label_values(&[state]));
    Sampled::register(
        registry,
        vec![
            Box::new(connections),
            Box::new(most),
            Box::new(waiting.clone()),
        ],
        move || {
            if let Some(now) = watch.standing().connections {
                active.set(count(now.active));
                idle.set(count(now.idle));
                waiting.set(count(now.waiting));
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use kogents_domain::cache::CacheStanding;
    use prometheus::TextEncoder;

    use super::*;

    /// Stands as it is told.
    struct Told(Mutex<CacheStanding>);

    impl CacheWatch for Told {
        fn standing(&self) -> CacheStanding {
            *self.0.lock().unwrap()
        }
    }

    fn standing(is_up: bool, losses: u64, active: usize) -> CacheStanding {
        CacheStanding {
            is_up,
            losses,
            connections: Some(ConnectionStanding {
                active,
                idle: 2,
                most: 16,
                waiting: 0,
            }),
        }
    }

    fn text(registry: &Registry) -> String {
        let encoder = TextEncoder::new();
        encoder.encode_to_string(&registry.gather()).unwrap()
    }

    #[test]
    fn how_the_cache_stands_is_read_when_it_is_asked_for() {
        let registry = Registry::new();
        let watch = Arc::new(Told(Mutex::new(standing(true, 0, 1))));
        CacheFigures::new(&registry, watch.clone()).unwrap();
        let before = text(&registry);
        assert!(before.contains("kogents_cache_up 1"), "{before}");
        assert!(before.contains("kogents_cache_losses_total 0"), "{before}");
        *watch.0.lock().unwrap() = standing(false, 3, 7);
        // Asking twice counts nothing twice.
        text(&registry);
        let after = text(&registry);
        for line in [
            "kogents_cache_up 0",
            "kogents_cache_losses_total 3",
            "kogents_cache_pool_connections{state=\"active\"} 7",
            "kogents_cache_pool_connections{state=\"idle\"} 2",
            "kogents_cache_pool_max_connections 16",
            "kogents_cache_pool_waiting 0",
        ] {
            assert!(after.contains(line), "{line} in {after}");
        }
    }

    #[tokio::test]
    async fn operations_are_timed_by_name_and_outcome() {
        let registry = Registry::new();
        let watch = Told(Mutex::new(CacheStanding {
            is_up: true,
            losses: 0,
            connections: None,
        }));
        let figures = CacheFigures::new(&registry, Arc::new(watch)).unwrap();
        let take = figures.operation("rate_limiter.take");
        let away = CacheError::Unavailable("away".to_owned());
        assert_eq!(take.time(async { Ok(7) }).await, Ok(7));
        assert_eq!(
            take.time(async { Err::<(), _>(away.clone()) }).await,
            Err(away)
        );
        let text = text(&registry);
        let line = |outcome: &str, count: u32| {
            format!(
                "kogents_cache_operation_duration_seconds_count\
                 {{operation=\"rate_limiter.take\",outcome=\"{outcome}\"}} {count}"
            )
        };
        for line in [line("ok", 1), line("away", 1), line("full", 0)] {
            assert!(text.contains(&line), "{line} in {text}");
        }
        // One that needs no connections tells of none.
        assert!(!text.contains("kogents_cache_pool"), "{text}");
    }
}
