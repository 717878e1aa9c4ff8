//! `kogents-bench hash`: the ceiling of what signs in or up, hashes and nothing else.

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use kogents_adapter_crypto::Argon2Hasher;
use kogents_domain::auth::{NewPassword, PasswordHasher as _};
use serde::Serialize;
use tokio::task::JoinSet;

use crate::failure::{Failure, Outcome};
use crate::output;

/// How long to hash, and on how many threads.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// For how many seconds
    #[arg(long, default_value_t = 5)]
    seconds: u32,
    /// On how many threads; as many as there are cores unless said otherwise
    #[arg(long)]
    threads: Option<NonZeroUsize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Hashed {
    hashes_per_second: f64,
    threads: NonZeroUsize,
}

/// Hashes with the server's own threads, buffers and cost, and tells how many a second.
pub(crate) async fn run(arguments: &Arguments) -> Outcome {
    let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let threads = arguments.threads.unwrap_or(cores);
    let hasher = Argon2Hasher::new(threads)?;
    let password = NewPassword::parse("nobody signs in with this")?;
    // Touches every buffer once.
    hash(&hasher, &password, threads.get(), Duration::ZERO).await?;
    let started = Instant::now();
    let seconds = Duration::from_secs(u64::from(arguments.seconds));
    // One waits while another is hashed, so that no thread does.
    let done = hash(&hasher, &password, threads.get() * 2, seconds).await?;
    let hashes_per_second = f64::from(done) / started.elapsed().as_secs_f64();
    output::tell(&Hashed {
        hashes_per_second,
        threads,
    })
}

/// So many callers hash until the time is over, each at least once; how many hashes came of it.
async fn hash(
    hasher: &Argon2Hasher,
    password: &NewPassword,
    callers: usize,
    time: Duration,
) -> Result<u32, Failure> {
    let until = Instant::now() + time;
    let mut tasks = JoinSet::new();
    for _ in 0..callers {
        let (hasher, password) = (hasher.clone(), password.clone());
        tasks.spawn(async move {
            let mut done = 0_u32;
            loop {
                hasher.hash(&password).await?;
                done += 1;
                if Instant::now() >= until {
                    return Ok::<u32, Failure>(done);
                }
            }
        });
    }
    let mut done = 0;
    while let Some(finished) = tasks.join_next().await {
        done += finished??;
    }
    Ok(done)
}
