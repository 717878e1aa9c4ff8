//! The figures of the database: its queries, its connections, what it holds.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kogents_domain::health::{DatabaseInspector, QueryStatistics, StorageFigures, TableRows};
use prometheus::core::{Collector, Desc};
use prometheus::proto::MetricFamily;
use prometheus::{
    Gauge, HistogramOpts, HistogramVec, IntCounter, IntGauge, IntGaugeVec, Opts, Registry,
};

use crate::observed::QueryObserver;

/// Upper bounds of the histogram's buckets, in seconds; statements are given up after some two.
const BUCKETS: [f64; 10] = [
    0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 2.5,
];

/// Times every query by its name and whether it failed.
///
/// Growth: bounded by the queries there are, times two.
#[derive(Debug)]
pub(crate) struct QueryDurations(HistogramVec);

impl QueryDurations {
    /// Registers the figures.
    pub(crate) fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let durations = HistogramVec::new(
            HistogramOpts::new(
                "kogents_db_query_duration_seconds",
                "Time that a query of the database took; unit.begin and unit.read are the wait for \
                 a connection and, where the transaction does not begin with its first \
                 statement, its beginning.",
            )
            .buckets(BUCKETS.to_vec()),
            &["query", "outcome"],
        )?;
        registry.register(Box::new(durations.clone()))?;
        Ok(Self(durations))
    }
}

impl QueryObserver for QueryDurations {
    fn observe(&self, query: &'static str, took: Duration, failed: bool) {
        let outcome = if failed { "failed" } else { "ok" };
        self.0
            .with_label_values(&[query, outcome])
            .observe(took.as_secs_f64());
    }
}

/// The database's connections, looked up when they are asked for, and what it said last of what it
/// holds; what it does not have, or did not say, is absent. Clones are the same figures.
///
/// Growth: bounded by the tables there are.
#[derive(Clone)]
pub(crate) struct DatabaseFigures(Arc<Inner>);

struct Inner {
    inspector: Arc<dyn DatabaseInspector>,
    statistics: Arc<dyn QueryStatistics>,
    connections: IntGaugeVec,
    most: IntGauge,
    waiting: IntGauge,
    timeouts: IntCounter,
    slow: IntCounter,
    size: IntGauge,
    hit_ratio: Gauge,
    deadlocks: IntCounter,
    rows: IntGaugeVec,
    /// What the database said last. Held while figures are given, too, so that two who ask at once
    /// do not both add what a counter is behind.
    said: Mutex<Said>,
}

#[derive(Default)]
struct Said {
    storage: Option<StorageFigures>,
}

impl DatabaseFigures {
    /// Registers the figures.
    pub(crate) fn new(
        registry: &Registry,
        inspector: Arc<dyn DatabaseInspector>,
        statistics: Arc<dyn QueryStatistics>,
    ) -> Result<Self, prometheus::Error> {
        let figures = Self(Arc::new(Inner {
            inspector,
            statistics,
            connections: IntGaugeVec::new(
                Opts::new(
                    "kogents_db_pool_connections",
                    "Connections to the database that are open, or threads that own one, by \
                     whether somebody holds them.",
                ),
                &["state"],
            )?,
            most: IntGauge::new(
                "kogents_db_pool_max_connections",
                "The most connections to the database that this process opens.",
            )?,
            waiting: IntGauge::new(
                "kogents_db_pool_waiting",
                "Who waits for a connection to the database.",
            )?,
            timeouts: IntCounter::new(
                "kogents_db_pool_timeouts_total",
                "Waits for a connection to the database that were in vain.",
            )?,
            slow: IntCounter::new(
                "kogents_db_slow_queries_total",
                "Queries that took SLOW_QUERY_MS or longer.",
            )?,
            size: IntGauge::new("kogents_db_size_bytes", "What the database takes.")?,
            hit_ratio: Gauge::new(
                "kogents_db_cache_hit_ratio",
                "The part of the pages asked for that the database found in its cache, since it \
                 began to count. PostgreSQL only.",
            )?,
            deadlocks: IntCounter::new(
                "kogents_db_deadlocks_total",
                "Deadlocks that the database has ended, of all its clients. PostgreSQL only.",
            )?,
            rows: IntGaugeVec::new(
                Opts::new(
                    "kogents_db_table_rows",
                    "Rows of a table, about: what PostgreSQL estimates, over all partitions; \
                     counted up to 100,000 in SQLite.",
                ),
                &["table"],
            )?,
            said: Mutex::default(),
        }));
        registry.register(Box::new(figures.clone()))?;
        Ok(figures)
    }

    /// What the database holds; None when it did not say.
    pub(crate) fn holds(&self, storage: Option<StorageFigures>) {
        self.said().storage = storage;
    }

    /// The rows of its tables; None when it did not say.
    pub(crate) fn has_rows(&self, tables: Option<&[TableRows]>) {
        let _said = self.said();
        self.0.rows.reset();
        for table in tables.unwrap_or_default() {
            let rows = whole(table.rows);
            self.0.rows.with_label_values(&[&table.table]).set(rows);
        }
    }

    fn said(&self) -> MutexGuard<'_, Said> {
        // It is whole after every step, so what a panicking thread left is as good.
        self.0.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Collector for DatabaseFigures {
    fn desc(&self) -> Vec<&Desc> {
        let figures = &self.0;
        let all: [&dyn Collector; 9] = [
            &figures.connections,
            &figures.most,
            &figures.waiting,
            &figures.timeouts,
            &figures.slow,
            &figures.size,
            &figures.hit_ratio,
            &figures.deadlocks,
            &figures.rows,
        ];
        all.into_iter().flat_map(Collector::desc).collect()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let figures = &self.0;
        let said = self.said();
        let pool = figures.inspector.pool();
        for (state, count) in [("active", pool.active), ("idle", pool.idle)] {
            let connections = figures.connections.with_label_values(&[state]);
            connections.set(i64::from(count));
        }
        figures.most.set(i64::from(pool.max));
        figures.waiting.set(i64::from(pool.waiting));
        raise(&figures.timeouts, pool.timeouts_total);
        raise(&figures.slow, figures.statistics.figures().slow_total);
        let mut families = vec![
            figures.connections.collect(),
            figures.most.collect(),
            figures.waiting.collect(),
            figures.timeouts.collect(),
            figures.slow.collect(),
            figures.rows.collect(),
        ];
        if let Some(storage) = said.storage {
            figures.size.set(whole(storage.size_bytes));
            families.push(figures.size.collect());
            if let Some(ratio) = storage.cache_hit_ratio {
                figures.hit_ratio.set(ratio);
                families.push(figures.hit_ratio.collect());
            }
            if let Some(deadlocks) = storage.deadlocks {
                raise(&figures.deadlocks, deadlocks);
                families.push(figures.deadlocks.collect());
            }
        }
        families.into_iter().flatten().collect()
    }
}

/// Brings a counter to what was counted elsewhere; a count that began anew begins anew.
fn raise(counter: &IntCounter, total: u64) {
    if total < counter.get() {
        counter.reset();
    }
    counter.inc_by(total.saturating_sub(counter.get()));
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use kogents_domain::health::{MockDatabaseInspector, MockQueryStatistics, PoolFigures};
    use prometheus::TextEncoder;

    use super::*;

    fn text(registry: &Registry) -> String {
        TextEncoder::new()
            .encode_to_string(&registry.gather())
            .unwrap()
    }

    #[test]
    fn queries_are_timed_by_name_and_outcome() {
        let registry = Registry::new();
        let figures = QueryDurations::new(&registry).unwrap();
        figures.observe("users.find", Duration::from_millis(3), false);
        figures.observe("users.find", Duration::from_secs(2), true);
        let text = text(&registry);
        for line in [
            "kogents_db_query_duration_seconds_bucket{outcome=\"ok\",query=\"users.find\",le=\"0.005\"} 1",
            "kogents_db_query_duration_seconds_count{outcome=\"failed\",query=\"users.find\"} 1",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
    }

    #[test]
    fn connections_are_those_of_the_moment_and_what_is_not_known_is_absent() {
        let registry = Registry::new();
        let mut inspector = MockDatabaseInspector::new();
        let pool = |active, timeouts_total| PoolFigures {
            total: 3,
            active,
            idle: 3 - active,
            waiting: 4,
            max: 10,
            timeouts_total,
        };
        let mut pools = vec![pool(1, 7), pool(2, 5)];
        inspector
            .expect_pool()
            .returning(move || pools.pop().unwrap());
        let mut statistics = MockQueryStatistics::new();
        statistics
            .expect_figures()
            .returning(|| kogents_domain::health::QueryFigures {
                total: 9,
                errors: 0,
                p50: None,
                p95: None,
                p99: None,
                per_second: 0.0,
                slow_threshold: Duration::from_millis(200),
                slow_total: 6,
                recent: Vec::new(),
            });
        let figures =
            DatabaseFigures::new(&registry, Arc::new(inspector), Arc::new(statistics)).unwrap();

        let first = text(&registry);
        for line in [
            "kogents_db_pool_connections{state=\"active\"} 2\n",
            "kogents_db_pool_connections{state=\"idle\"} 1\n",
            "kogents_db_pool_max_connections 10\n",
            "kogents_db_pool_waiting 4\n",
            "kogents_db_pool_timeouts_total 5\n",
            "kogents_db_slow_queries_total 6\n",
        ] {
            assert!(first.contains(line), "{line} in {first}");
        }
        for absent in ["size_bytes", "hit_ratio", "deadlocks", "table_rows"] {
            assert!(!first.contains(absent), "{absent} in {first}");
        }

        figures.holds(Some(StorageFigures {
            size_bytes: 8_192,
            cache_hit_ratio: Some(0.75),
            deadlocks: None,
        }));
        figures.has_rows(Some(&[TableRows {
            table: "users".to_owned(),
            rows: 12,
        }]));
        let second = text(&registry);
        for line in [
            "kogents_db_pool_connections{state=\"active\"} 1\n",
            "kogents_db_pool_timeouts_total 7\n",
            "kogents_db_slow_queries_total 6\n",
            "kogents_db_size_bytes 8192\n",
            "kogents_db_cache_hit_ratio 0.75\n",
            "kogents_db_table_rows{table=\"users\"} 12\n",
        ] {
            assert!(second.contains(line), "{line} in {second}");
        }
        assert!(!second.contains("deadlocks"), "{second}");
    }
}
