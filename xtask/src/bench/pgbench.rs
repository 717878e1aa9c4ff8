//! What pgbench, PostgreSQL's own load tool, makes of the unit of work that a refresh is.
//!
//! It sends the statements that the server sends, in as many round trips, over as many connections
//! as the server's pool has. What no server of ours can be faster than: it does nothing else.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use ::postgres::Client;

use super::race::Beside;
use super::shared::Shared;
use crate::failure::{Failure, Outcome};
use crate::folder::Folder;
use crate::servers::program;
use crate::shell;

/// As many connections as the server has by itself.
const CLIENTS: u64 = 10;

/// How many sessions each of them may refresh in a second.
const ROWS_A_SECOND: u64 = 600;

/// What the server tells the planner for its connections.
const PLANNER: &str = "-c enable_seqscan=off -c enable_bitmapscan=off -c enable_hashjoin=off \
                       -c enable_mergejoin=off -c enable_material=off \
                       -c max_parallel_workers_per_gather=0 -c jit=off";

/// Rows that look as if this session had been opened many times: their ids differ in the last
/// twelve digits, which pgbench can count.
const ROWS: &str = include_str!("pgbench/rows.sql");

/// The unit of work.
const SCRIPT: &str = include_str!("pgbench/refresh.sql");

/// Lets pgbench refresh for so long, sessions that nobody else has.
pub(super) fn run(shared: &Shared, folder: &Folder, time: Duration) -> Result<Beside, Failure> {
    let Some(pgbench) = program("pgbench") else {
        return Ok(beside(None));
    };
    let mut client = shared.connect()?;
    let seconds = time.as_secs().max(1);
    let each = seconds.saturating_mul(ROWS_A_SECOND);
    let (prefix, user) = add_rows(&mut client, each)?;
    let script = folder.path("refresh.sql");
    std::fs::write(&script, filled(&prefix, &user))
        .map_err(|error| Failure::new(format!("{}: {error}", script.display())))?;
    let told = ask(&pgbench, &script, &shared.places.database, seconds)?;
    judge(&mut client, &prefix, &told)?;
    per_second(&told)
        .map(|figure| beside(Some(figure)))
        .ok_or_else(|| Failure::new(format!("pgbench said something else:\n{told}")))
}

fn beside(per_second: Option<f64>) -> Beside {
    Beside {
        program: "pgbench".to_owned(),
        per_second,
    }
}

/// Adds rows for each client; gives what their ids begin with, and whose they are.
fn add_rows(client: &mut Client, each: u64) -> Result<(String, String), Failure> {
    let rows = ROWS
        .replace(":clients", &CLIENTS.to_string())
        .replace(":each", &each.to_string());
    client.batch_execute(&rows).map_err(failed)?;
    let row = client
        .query_one("SELECT prefix, user_id FROM bench_refresh", &[])
        .map_err(failed)?;
    let column = |index| row.try_get::<usize, String>(index).map_err(failed);
    Ok((column(0)?, column(1)?))
}

fn filled(prefix: &str, user: &str) -> String {
    SCRIPT.replace("{prefix}", prefix).replace("{user}", user)
}

fn ask(pgbench: &Path, script: &Path, url: &str, seconds: u64) -> Result<String, Failure> {
    let mut command = Command::new(pgbench);
    command
        .args(["--no-vacuum", "--protocol=prepared", "--define=turn=-1"])
        .arg(format!("--client={CLIENTS}"))
        .arg(format!("--time={seconds}"))
        .arg("--file")
        .arg(script)
        .arg(url)
        .env("PGOPTIONS", PLANNER)
        .stderr(Stdio::null());
    shell::output(&mut command, "pgbench")
}

/// Every transaction must have refreshed a session.
fn judge(client: &mut Client, prefix: &str, told: &str) -> Outcome {
    let count =
        "SELECT count(*) FROM sessions WHERE id::text LIKE $1 || '%' AND refresh_generation = 1";
    let row = client.query_one(count, &[&prefix]).map_err(failed)?;
    let refreshed: i64 = row.try_get(0).map_err(failed)?;
    let processed = transactions(told);
    if processed == Some(refreshed) {
        return Ok(());
    }
    Err(Failure::new(format!(
        "pgbench refreshed {refreshed} sessions in {processed:?} transactions"
    )))
}

/// `number of transactions actually processed: 1234`.
fn transactions(told: &str) -> Option<i64> {
    let line = told
        .lines()
        .find(|line| line.contains("actually processed:"))?;
    let (_, count) = line.rsplit_once(':')?;
    count.split('/').next()?.trim().parse().ok()
}

/// `tps = 1234.567 (without initial connection time)`.
fn per_second(told: &str) -> Option<f64> {
    let line = told.lines().find_map(|line| line.strip_prefix("tps = "))?;
    line.split(' ').next()?.parse().ok()
}

fn failed(error: ::postgres::Error) -> Failure {
    let said = error.as_db_error().map(|told| told.message().to_owned());
    Failure::new(format!(
        "pgbench's rows: {}",
        said.unwrap_or_else(|| error.to_string())
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLD: &str = "transaction type: refresh.sql\nnumber of clients: 10\n\
                        number of transactions actually processed: 6172\n\
                        number of failed transactions: 0 (0.000%)\nlatency average = 8.1 ms\n\
                        tps = 1234.567891 (without initial connection time)\n";

    #[test]
    fn what_pgbench_tells_is_understood() {
        assert_eq!(transactions(TOLD), Some(6_172));
        assert_eq!(per_second(TOLD), Some(1_234.567_891));
        assert_eq!(per_second("pgbench: error"), None);
    }

    #[test]
    fn nothing_is_left_open_in_the_script() {
        let script = filled(
            "01999999-0000-7000-8000-",
            "01999999-0000-7000-8000-000000000001",
        );
        assert!(!script.contains('{'), "{script}");
        assert!(script.contains("'01999999-0000-7000-8000-'"), "{script}");
        assert!(script.trim_end().ends_with("COMMIT;"));
    }
}
