//! A run: everything that was asked for is measured, shown, kept, compared and published.

use std::time::Duration;

use super::bed::Bed;
use super::contest::{self, Contest, WARM_UP};
use super::flood;
use super::machine::Machine;
use super::programs::Programs;
use super::progress::Progress;
use super::race::Race;
use super::report::{Bound, Report};
use super::request::Request;
use super::row::Row;
use super::stop::Stop;
use super::{binary, comparison, page, pgbench, starts, table};
use crate::failure::{Failure, Outcome};

/// What an authenticated request without the database may take of the processor, in milliseconds.
const MOST_CPU_MILLIS: f64 = 0.10;

/// Measures what was asked for, and does with the figures what was asked for.
pub(super) fn run(request: &Request) -> Outcome {
    // What cannot be read should not be found out after minutes.
    let then = request.compare.as_deref().map(Report::read).transpose()?;
    if let Some(other) = then.as_ref().filter(|then| then.stores != request.stores) {
        let stores = other.stores.told();
        return Err(Failure::usage(format!("the other run was with {stores}")));
    }
    let programs = Programs::find(request.built)?;
    let stop = Stop::watch()?;
    let report = measure(request, &programs, &stop)?;

    println!("{}\n", report.machine.told());
    print!("{}", table::render(&report));
    for note in table::notes(&report) {
        println!("{note}");
    }
    if let Some(path) = &request.json {
        report.write(path)?;
    }
    let mut regressions = Vec::new();
    if let Some(then) = &then {
        let comparison = comparison::of(&report, then);
        print!("\n{}", comparison.table);
        regressions = comparison.regressions;
    }
    if request.page {
        page::write(&report)?;
    }
    verdict(&report.short(), &regressions, request.strict)
}

/// What is said at the end; with `strict` it is a failure.
fn verdict(short: &[&str], regressions: &[String], strict: bool) -> Outcome {
    let mut faults = Vec::new();
    if !short.is_empty() {
        faults.push(format!("short: {}", short.join(", ")));
    }
    if !regressions.is_empty() {
        faults.push(format!("regressions: {}", regressions.join(", ")));
    }
    if strict && !faults.is_empty() {
        return Err(Failure::new(faults.join("; ")));
    }
    for fault in faults {
        println!("\n{fault}");
    }
    Ok(())
}

/// Measures the rows: those with a bound first, since some of them want a server that is fresh.
fn measure(request: &Request, programs: &Programs, stop: &Stop) -> Result<Report, Failure> {
    let wants = |row: Row| request.rows.contains(&row);
    let bed = Bed::prepare(request.stores, programs)?;
    let (database, cache) = bed
        .shared
        .as_ref()
        .map(|shared| shared.told.clone())
        .unzip();
    let machine = Machine::read(database, cache)?;
    let mut progress = Progress::new(takes(request));
    let mut bounds = Vec::new();

    if wants(Row::Binary) {
        bounds.push(binary::measure(&programs.server, &bed.folder)?);
    }
    if wants(Row::Start) {
        bounds.push(starts::run(&bed, &mut progress, stop)?);
    }
    let mut idle_mib = 0.0;
    if wants(Row::Idle) || wants(Row::FloodMemory) {
        let idle = starts::idle(&bed, &mut progress, stop)?;
        idle_mib = idle.value;
        bounds.push(idle);
    }
    let contests: Vec<Row> = Row::ALL
        .into_iter()
        .filter(|row| races(request, *row))
        .collect();
    let floods = wants(Row::Flood) || wants(Row::FloodMemory);
    let mut races = Vec::new();
    if floods || !contests.is_empty() {
        progress.part("sessions", "written into the database", Duration::ZERO);
        let mut sessions = bed.seed(contest::refreshes(request))?;
        if floods {
            let how_long = (request.measured, request.rounds);
            let (latency, memory) = flood::run(&bed, how_long, &sessions, &mut progress, stop)?;
            bounds.push(latency);
            bounds.push(memory.bound(idle_mib)?);
        }
        if !contests.is_empty() {
            let mut contest = Contest::start(request, &bed, stop, &mut sessions, &mut progress)?;
            for row in contests {
                races.push(contest.run(row)?);
            }
        }
    }
    if let (Some(shared), Some(race)) = (&bed.shared, of(&mut races, Row::Refresh)) {
        stop.check()?;
        progress.part("pgbench", "refreshes", request.measured);
        race.beside = Some(pgbench::run(shared, &bed.folder, request.measured)?);
    }
    if let Some(race) = of(&mut races, Row::Activity) {
        bounds.extend(processor(race));
    }
    bounds.retain(|bound| request.rows.iter().any(|row| row.key() == bound.key));
    races.retain(|race| request.rows.iter().any(|row| row.key() == race.key));
    bounds.sort_by_key(|bound| Row::ALL.iter().position(|row| row.key() == bound.key));
    Ok(Report {
        machine,
        stores: request.stores,
        rounds: request.rounds,
        seconds: request.measured.as_secs(),
        races,
        bounds,
    })
}

fn of(races: &mut [Race], row: Row) -> Option<&mut Race> {
    races.iter_mut().find(|race| race.key == row.key())
}

/// Whether a row with a ceiling is to be measured, for itself or for another one.
fn races(request: &Request, row: Row) -> bool {
    let wanted = request.rows.contains(&row);
    let for_another = row == Row::Activity && request.rows.contains(&Row::Processor);
    row.ceiling(request.stores).is_some() && (wanted || for_another)
}

/// About how long it takes, for the progress.
fn takes(request: &Request) -> Duration {
    let wants = |row: Row| request.rows.contains(&row);
    let turn = request.measured.saturating_add(WARM_UP);
    let turns = Row::ALL.into_iter().filter(|row| races(request, *row));
    let mut takes: Duration = turns
        .map(|_| turn.saturating_mul(request.rounds.saturating_mul(2)))
        .sum();
    if wants(Row::Start) {
        takes = takes.saturating_add(starts::TAKE);
    }
    if wants(Row::Flood) || wants(Row::FloodMemory) {
        let floods = flood::count(request.rounds);
        takes = takes.saturating_add(flood::takes(request.measured).saturating_mul(floods));
    }
    takes
}

/// The processor time of the server's authenticated requests.
fn processor(race: &Race) -> Option<Bound> {
    let values: Vec<f64> = race
        .rounds
        .iter()
        .filter_map(|round| round.server.cpu_millis)
        .collect();
    Some(Bound {
        key: Row::Processor.key().to_owned(),
        work: Row::Processor.work().to_owned(),
        values,
        value: race.median(|turn| turn.cpu_millis)?,
        most: MOST_CPU_MILLIS,
        unit: "ms".to_owned(),
        note: None,
        latency: None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::request;
    use super::super::sample;
    use super::*;

    fn asked(text: &str) -> Request {
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        request::read(&words).unwrap()
    }

    #[test]
    fn a_row_that_another_one_needs_is_measured_for_it() {
        assert!(races(&asked("--rows cpu"), Row::Activity));
        assert!(!races(&asked("--rows cpu"), Row::Live));
        assert!(!races(&asked("--rows idle"), Row::Activity));
        assert!(!races(&asked(""), Row::Processor));
    }

    #[test]
    fn the_processor_time_is_the_median_of_the_rounds() {
        let mut race = sample::race("activity", &[(1.0, 1.0), (1.0, 1.0), (1.0, 1.0)]);
        race.rounds[0].server.cpu_millis = Some(0.2);
        race.rounds[1].server.cpu_millis = Some(0.04);
        let bound = processor(&race).unwrap();
        assert!((bound.value - 0.0625).abs() < 1e-9);
        assert!(bound.is_kept());
        assert_eq!(bound.values, [0.2, 0.04, 0.0625]);
    }

    #[test]
    fn only_who_is_strict_fails() {
        let worse = ["live".to_owned()];
        assert!(verdict(&["refresh"], &worse, false).is_ok());
        assert!(verdict(&[], &[], true).is_ok());
        let said = verdict(&["refresh", "start"], &worse, true).unwrap_err();
        assert_eq!(said.to_string(), "short: refresh, start; regressions: live");
    }

    #[test]
    fn the_time_is_that_of_all_turns() {
        assert_eq!(
            takes(&asked("--rows live --seconds 2 --rounds 3")).as_secs(),
            18
        );
        assert_eq!(takes(&asked("--rows binary")), Duration::ZERO);
        assert_eq!(takes(&asked("--rows flood --rounds 1")).as_secs(), 13);
    }
}
