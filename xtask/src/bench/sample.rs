//! Figures for tests.

use super::machine::Machine;
use super::race::{Beside, Race, Round, Turn};
use super::report::{Bound, Latency, Report};
use super::stores::Stores;

const LATENCY: Latency = Latency {
    p50: 0.5,
    p95: 1.25,
    p99: 2.0,
    max: 40.0,
};

/// A row in which server and ceiling did so much a second in each round.
pub(super) fn race(key: &str, rounds: &[(f64, f64)]) -> Race {
    let turn = |per_second: f64| Turn {
        per_second,
        latency: Some(LATENCY),
        cpu_millis: Some(0.0625),
        peak_mib: Some(48.0),
    };
    Race {
        key: key.to_owned(),
        work: format!("`GET /{key}`"),
        ceiling: "a bare handler".to_owned(),
        least: Some(0.9),
        rounds: rounds
            .iter()
            .map(|&(server, ceiling)| Round {
                server: turn(server),
                ceiling: Some(turn(ceiling)),
            })
            .collect(),
        beside: None,
    }
}

/// A row with a bound.
pub(super) fn bound(key: &str, value: f64, most: f64) -> Bound {
    Bound {
        key: key.to_owned(),
        work: format!("figure <{key}> & more"),
        values: vec![value],
        value,
        most,
        unit: "ms".to_owned(),
        note: None,
        latency: None,
    }
}

/// A run in which nothing falls short.
pub(super) fn report() -> Report {
    let mut refresh = race("refresh", &[(700.0, 1_000.0)]);
    refresh.least = Some(0.65);
    refresh.beside = Some(Beside {
        program: "pgbench".to_owned(),
        per_second: Some(1_100.0),
    });
    Report {
        machine: Machine {
            processor: "Some CPU @ 2.80GHz".to_owned(),
            cores: 2,
            memory_mib: 16_000,
            kernel: "Linux 6.1".to_owned(),
            database: Some("PostgreSQL 17.0".to_owned()),
            cache: Some("Redis 7.2".to_owned()),
            date: "2030-01-02".to_owned(),
            revision: "abc1234".to_owned(),
        },
        stores: Stores::Shared,
        rounds: 5,
        seconds: 5,
        races: vec![
            race("live", &[(18_400.0, 20_000.0), (18_800.0, 20_000.0)]),
            refresh,
        ],
        bounds: vec![bound("start", 120.0, 150.0)],
    }
}
