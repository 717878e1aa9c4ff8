//! `kogents-bench growth`: what operations on sessions cost in a database that has many, or few.
//!
//! The use cases run as the server has them, on one connection, with a cache in this process: what
//! is measured is the database's part and ours, and no network's. It works on a database that
//! `cargo xtask seed` has filled, and leaves its traces there.

mod database;
mod due;
mod figures;
mod measuring;
mod operation;
mod product;
mod report;
mod subjects;
mod sweeping;

use kogents_adapter_postgres::{PgOptions, PgStore};

use crate::failure::{Failure, Outcome};
use crate::output;
use database::Database;
use operation::Operation;
use report::Report;
use subjects::Subjects;

/// Where to measure, and how much.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A seeded database on PostgreSQL
    #[arg(long)]
    database_url: String,
    /// How many sessions it was seeded with, for the report
    #[arg(long)]
    sessions_label: u64,
    /// How often each operation is measured, each time on another person
    #[arg(long, default_value_t = 300)]
    times: u32,
    /// How often a thousand counters are written
    #[arg(long, default_value_t = 50)]
    flushes: u32,
    /// How many sessions are made due, and swept
    #[arg(long, default_value_t = 100_000)]
    due: u32,
    /// Whether to tell the figures as JSON
    #[arg(long)]
    json: bool,
}

/// Measures, and tells what came of it.
pub(crate) async fn run(arguments: Arguments) -> Outcome {
    let database = Database::connect(&arguments.database_url).await?;
    output::remark("choosing persons, and making sessions of theirs live");
    let subjects = Subjects::choose(&database, arguments.times).await?;
    database.settle().await?;
    let mut report = Report::begin(&database, arguments.sessions_label).await?;
    for operation in Operation::ALL {
        output::remark(operation.name());
        let times = match operation {
            Operation::Flush => arguments.flushes,
            Operation::List
            | Operation::ListAll
            | Operation::Refresh
            | Operation::Open
            | Operation::End => arguments.times,
        };
        let store = connect(&arguments.database_url).await?;
        let measured = measuring::measure(&database, store, operation, &subjects, times).await?;
        report.add(measured);
    }
    output::remark("making sessions due");
    due::make(&database, arguments.due).await?;
    database.settle().await?;
    output::remark("sweeping");
    let store = connect(&arguments.database_url).await?;
    report.swept(sweeping::sweep(&database, store).await?);
    if arguments.json {
        output::tell(&report)
    } else {
        output::write(&report.to_string())
    }
}

/// The store as a server opens it, but for the number of connections: with one of them, what it
/// touches is all there is to count.
async fn connect(url: &str) -> Result<PgStore, Failure> {
    let options = PgOptions {
        migrate: false,
        max_connections: Some(1),
        ..PgOptions::default()
    };
    Ok(PgStore::connect(url, options).await?)
}
