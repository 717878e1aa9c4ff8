//! What an operator asks of the store.

use std::sync::Arc;
use std::time::Duration;

use kogents_domain::health::{
    DatabaseDescription, MigrationCount, MockDatabaseInspector, MockQueryStatistics, PoolFigures,
    QueryFigures, SlowQuery, StorageFigures,
};
use kogents_domain::store::StoreError;
use kogents_testkit::fakes::FixedClock;
use kogents_usecases::health::{
    DatabaseReport, InspectDatabase, ReadDatabasePerformance, ReadDatabasePerformanceError,
    ReadDatabasePool, Shared,
};

use crate::support::T0;

fn description(pending: u32) -> DatabaseDescription {
    DatabaseDescription {
        version: "SQLite 3.50.0".to_owned(),
        migrations: MigrationCount {
            applied: 5,
            pending,
        },
        now: None,
    }
}

fn away() -> StoreError {
    StoreError::Unavailable("it is away".to_owned())
}

const STORAGE: StorageFigures = StorageFigures {
    size_bytes: 8_192,
    cache_hit_ratio: Some(0.75),
    deadlocks: None,
};

fn queries() -> QueryFigures {
    let slow = SlowQuery {
        name: "sessions.rotate",
        took: Duration::from_millis(412),
        at: T0,
    };
    QueryFigures {
        total: 9,
        errors: 1,
        p50: Some(Duration::from_micros(300)),
        p95: None,
        p99: None,
        per_second: 0.5,
        slow_threshold: Duration::from_millis(200),
        slow_total: 1,
        recent: vec![slow],
    }
}

fn inspect(answer: Result<DatabaseDescription, StoreError>) -> InspectDatabase {
    let mut inspector = MockDatabaseInspector::new();
    inspector
        .expect_describe()
        .times(1)
        .return_once(move || answer);
    InspectDatabase {
        inspector: Arc::new(inspector),
        clock: Arc::new(FixedClock::at(T0)),
        last: Shared::default(),
    }
}

#[tokio::test]
async fn a_store_is_healthy_when_it_answers_and_lacks_no_table() {
    for (answer, healthy) in [
        (Ok(description(0)), true),
        (Ok(description(1)), false),
        (Err(away()), false),
    ] {
        let inspect = inspect(answer.clone());
        let report = inspect.run().await;
        assert_eq!(report.is_healthy(), healthy, "{answer:?}");
        let expected = DatabaseReport {
            at: T0,
            latency_ms: 0,
            description: answer.ok(),
        };
        assert_eq!(report, expected);
        // Once is enough for a second, whatever was said.
        assert_eq!(inspect.run().await, report);
    }
}

fn performance(answer: Result<StorageFigures, StoreError>) -> ReadDatabasePerformance {
    let mut inspector = MockDatabaseInspector::new();
    inspector
        .expect_storage()
        .times(1)
        .return_once(move || answer);
    let mut statistics = MockQueryStatistics::new();
    statistics.expect_figures().returning(queries);
    ReadDatabasePerformance {
        inspector: Arc::new(inspector),
        statistics: Arc::new(statistics),
        clock: Arc::new(FixedClock::at(T0)),
        last: Shared::default(),
    }
}

#[tokio::test]
async fn performance_is_the_processs_queries_and_what_the_store_says() {
    let performance = performance(Ok(STORAGE));
    for _ in 0..3 {
        let read = performance.run().await.unwrap();
        assert_eq!((read.at, read.storage), (T0, STORAGE));
        assert_eq!(read.queries, queries());
    }
}

#[tokio::test]
async fn that_a_store_says_nothing_is_shared_too() {
    let performance = performance(Err(away()));
    for _ in 0..3 {
        let failed = performance.run().await;
        assert_eq!(failed, Err(ReadDatabasePerformanceError::Store(away())));
    }
}

#[test]
fn the_pool_is_told_without_asking_the_store() {
    let figures = PoolFigures {
        total: 2,
        active: 2,
        idle: 0,
        waiting: 7,
        max: 2,
        timeouts_total: 3,
    };
    let mut inspector = MockDatabaseInspector::new();
    inspector.expect_pool().return_const(figures);
    let read = ReadDatabasePool {
        inspector: Arc::new(inspector),
        clock: Arc::new(FixedClock::at(T0)),
    };
    let told = read.run();
    assert_eq!((told.at, told.figures), (T0, figures));
}
