//! The rows with a ceiling: server and ceiling take turns.

use std::process::Stdio;
use std::time::Duration;

use serde::Deserialize;

use super::asks::{self, Asks, Side};
use super::bed::Bed;
use super::driver::{Driver, Way};
use super::machine::cores;
use super::progress::Progress;
use super::race::{Race, Round, Turn};
use super::report::Latency;
use super::request::Request;
use super::row::Row;
use super::session::Sessions;
use super::started::Started;
use super::stop::Stop;
use crate::failure::Failure;
use crate::load::summary::Summary;
use crate::numbers::{mebibytes, real};
use crate::{shell, usage};

/// Over how many connections each row is asked.
const CONNECTIONS: u32 = 32;

/// How long answers are not counted at the beginning of a turn.
pub(super) const WARM_UP: Duration = Duration::from_secs(1);

/// The same where each request is sent once only, and the most that are wanted a second.
const SHORT_WARM_UP: Duration = Duration::from_millis(300);
const REFRESHES_A_SECOND: u64 = 1_500;

/// No core hashes as many passwords a second.
const HASHES_A_SECOND: u64 = 60;

/// Server and ceiling, running side by side, and what they are asked for.
pub(super) struct Contest<'a> {
    pub(super) request: &'a Request,
    pub(super) bed: &'a Bed,
    pub(super) stop: &'a Stop,
    pub(super) sessions: &'a mut Sessions,
    pub(super) progress: &'a mut Progress,
    server: Started,
    bare: Started,
    /// How many have signed up.
    signed_up: u64,
}

/// What `kogents-bench hash` says.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Hashed {
    hashes_per_second: f64,
}

/// How many sessions are refreshed in a run.
pub(super) fn refreshes(request: &Request) -> usize {
    if !request.rows.contains(&Row::Refresh) {
        return 0;
    }
    let turns = u64::from(request.rounds).saturating_mul(2);
    usize::try_from(turns.saturating_mul(refreshes_of_a_turn(request))).unwrap_or(usize::MAX)
}

fn refreshes_of_a_turn(request: &Request) -> u64 {
    let seconds = request.measured.as_secs().saturating_add(1);
    seconds.saturating_mul(REFRESHES_A_SECOND)
}

impl<'a> Contest<'a> {
    /// Starts both.
    pub(super) fn start(
        request: &'a Request,
        bed: &'a Bed,
        stop: &'a Stop,
        sessions: &'a mut Sessions,
        progress: &'a mut Progress,
    ) -> Result<Self, Failure> {
        let (server, _) = bed.server.start()?;
        let (bare, _) = bed.bare.start()?;
        Ok(Self {
            request,
            bed,
            stop,
            sessions,
            progress,
            server,
            bare,
            signed_up: 0,
        })
    }

    /// Runs a row: in every other round the ceiling begins.
    pub(super) fn run(&mut self, row: Row) -> Result<Race, Failure> {
        let mut rounds = Vec::new();
        for number in 0..self.request.rounds {
            let (server, ceiling) = if number.is_multiple_of(2) {
                let server = self.turn(row, Side::Server, number)?;
                (server, self.turn(row, Side::Ceiling, number)?)
            } else {
                let ceiling = self.turn(row, Side::Ceiling, number)?;
                (self.turn(row, Side::Server, number)?, ceiling)
            };
            let ceiling = Some(ceiling);
            rounds.push(Round { server, ceiling });
        }
        let stores = self.bed.stores;
        Ok(Race {
            key: row.key().to_owned(),
            work: row.work().to_owned(),
            ceiling: row.ceiling(stores).unwrap_or_default().to_owned(),
            least: row.least(stores),
            rounds,
            beside: None,
        })
    }

    fn turn(&mut self, row: Row, side: Side, number: u32) -> Result<Turn, Failure> {
        self.stop.check()?;
        let hashes = matches!(row, Row::Login | Row::Signup);
        let whose = match side {
            Side::Server => "server",
            Side::Ceiling => "ceiling",
        };
        let (round, rounds) = (number.saturating_add(1), self.request.rounds);
        let what = format!("round {round} of {rounds}, {whose}");
        let takes = WARM_UP.saturating_add(self.request.measured);
        self.progress.part(row.work(), &what, takes);
        if hashes && side == Side::Ceiling {
            return self.hash();
        }
        let asks = self.asks(row, side)?;
        let target = match side {
            Side::Server => &self.server,
            Side::Ceiling => &self.bare,
        };
        usage::forget_peak(target.process())?;
        let way = Way {
            connections: CONNECTIONS,
            rate: None,
            measured: self.request.measured,
            warm_up: if row == Row::Refresh {
                SHORT_WARM_UP
            } else {
                WARM_UP
            },
            expected: vec![asks.expected],
            once: asks.once,
            heeds_retry_after: false,
        };
        let place = (self.bed.folder.root(), "requests");
        let what = format!("{}, {what}", row.work());
        let summary = Driver::start(place, &what, &asks.requests, way, target)?
            .finish()
            .or_else(|failure| self.stop.check().and(Err(failure)))?;
        Ok(Turn {
            per_second: summary.per_second(),
            latency: Some(latency(&summary)),
            cpu_millis: summary.processor_millis_each(),
            peak_mib: Some(mebibytes(usage::peak(target.process())?)),
        })
    }

    /// What a turn asks; of what is asked once only, what was not asked yet.
    fn asks(&mut self, row: Row, side: Side) -> Result<Asks, Failure> {
        let stores = self.bed.stores;
        Ok(match row {
            Row::Signup => {
                let seconds = self.request.measured.saturating_add(WARM_UP).as_secs();
                let each = u64::try_from(cores())
                    .unwrap_or(1)
                    .saturating_mul(HASHES_A_SECOND);
                let count = seconds.saturating_mul(each).saturating_add(100);
                let from = self.signed_up;
                self.signed_up = from.saturating_add(count);
                asks::signups(from, count)
            }
            Row::Refresh => {
                let count = usize::try_from(refreshes_of_a_turn(self.request)).unwrap_or(0);
                let sessions: Vec<_> = self.sessions.spent.by_ref().take(count).collect();
                if sessions.is_empty() {
                    return Err(Failure::new("there is no session left to refresh"));
                }
                asks::of(row, stores, side, &sessions)
            }
            Row::Login => asks::of(row, stores, side, &self.sessions.signing_in),
            Row::Live
            | Row::Activity
            | Row::Profile
            | Row::Processor
            | Row::Flood
            | Row::Idle
            | Row::FloodMemory
            | Row::Start
            | Row::Binary => asks::of(row, stores, side, &self.sessions.steady),
        })
    }

    /// The ceiling of what hashes: hashing, and nothing else.
    fn hash(&self) -> Result<Turn, Failure> {
        let seconds = self.request.measured.as_secs().to_string();
        let mut command = self.bed.of_bench(&["hash", "--seconds", &seconds]);
        command.stdin(Stdio::null());
        let told = shell::output(&mut command, "kogents-bench hash")?;
        let hashed: Hashed = serde_json::from_str(told.trim())
            .map_err(|error| Failure::new(format!("kogents-bench hash: {error}")))?;
        Ok(Turn {
            per_second: hashed.hashes_per_second,
            latency: None,
            cpu_millis: None,
            peak_mib: None,
        })
    }
}

/// The latencies of a summary, in milliseconds.
pub(super) fn latency(summary: &Summary) -> Latency {
    let millis = |micros: u64| real(micros) / 1_000.0;
    Latency {
        p50: millis(summary.p50_micros),
        p95: millis(summary.p95_micros),
        p99: millis(summary.p99_micros),
        max: millis(summary.max_micros),
    }
}
