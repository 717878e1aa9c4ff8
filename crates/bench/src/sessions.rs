//! `kogents-bench sessions`: persons with live sessions, written as the product writes them, and
//! what their clients hold.

mod batch;
mod copying;
mod line;
mod maker;
mod person;
mod place;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use kogents::config::Database;
use kogents_domain::store::Store;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use crate::environment::Environment;
use crate::failure::{Failure, Outcome};
use crate::output;
use copying::Copier;
use maker::Maker;

/// How many persons a workspace has.
const MEMBERS: u32 = 100;

/// How many sessions to write, and where to tell of them.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How many sessions, each of a person of its own
    #[arg(long)]
    count: NonZeroU32,
    /// The file to write: a line of JSON for each session
    #[arg(long)]
    out: PathBuf,
    /// How many workspaces at a time, on PostgreSQL
    #[arg(long, default_value = "3")]
    writers: NonZeroUsize,
}

/// What writers share.
struct Shared {
    store: Arc<dyn Store>,
    maker: Maker,
    /// How many persons are still to be made.
    left: Mutex<u32>,
    file: Mutex<BufWriter<File>>,
}

/// Writes them.
pub(crate) async fn run(arguments: Arguments) -> Outcome {
    let started = Instant::now();
    let environment = Environment::read()?;
    let shared = Arc::new(Shared {
        store: environment.open_store().await?,
        maker: Maker::new(&environment).await?,
        left: Mutex::new(arguments.count.get()),
        file: Mutex::new(BufWriter::new(File::create(&arguments.out)?)),
    });
    let mut writers: JoinSet<Outcome> = JoinSet::new();
    match &environment.config.stores.database {
        Database::Postgres(postgres) => {
            for _ in 0..arguments.writers.get() {
                let copier = Copier::connect(postgres.url.expose()).await?;
                writers.spawn(shared.clone().write(Some(copier)));
            }
        }
        Database::Sqlite { .. } => {
            writers.spawn(shared.clone().write(None));
        }
    }
    while let Some(done) = writers.join_next().await {
        done??;
    }
    shared.file.lock().await.flush()?;
    let (count, seconds) = (arguments.count, started.elapsed().as_secs_f64());
    output::remark(&format!("{count} sessions in {seconds:.1} s"));
    Ok(())
}

impl Shared {
    /// Writes workspace after workspace, until all persons are made.
    async fn write(self: Arc<Self>, mut copier: Option<Copier>) -> Outcome {
        while let Some(others) = self.next().await {
            let batch = self.maker.batch(others)?;
            batch.write(self.store.as_ref(), copier.as_mut()).await?;
            self.tell(&batch.lines()?).await?;
        }
        Ok(())
    }

    async fn next(&self) -> Option<u32> {
        take(&mut *self.left.lock().await)
    }

    async fn tell(&self, lines: &[u8]) -> Result<(), Failure> {
        self.file.lock().await.write_all(lines)?;
        Ok(())
    }
}

/// How many members the next workspace gets beside its first one; nothing when all are made.
fn take(left: &mut u32) -> Option<u32> {
    let size = MEMBERS.min(*left);
    *left -= size;
    size.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_person_is_in_one_workspace() {
        let mut left = 250;
        let sizes: Vec<u32> = std::iter::from_fn(|| take(&mut left)).collect();
        assert_eq!(sizes, [99, 99, 49]);
        assert_eq!((take(&mut 1), take(&mut 0)), (Some(0), None));
    }
}
