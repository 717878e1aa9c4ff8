//! The figures of the threads that passwords are hashed on.

use std::time::Instant;

use kogents_adapter_crypto::HashingStanding;
use kogents_domain::auth::HashError;
use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntGauge, IntGaugeVec, Opts, Registry,
};

use super::sampled::Sampled;
use super::{count, registered};

/// Upper bounds of the histogram's buckets, in seconds: from one hash on a free thread to a queue
/// that is full.
const BUCKETS: [f64; 9] = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];

/// What is done with passwords, and how much waits.
///
/// Growth: bounded by three kinds of job, times two outcomes.
#[derive(Debug, Clone)]
pub(crate) struct PasswordFigures {
    jobs: HistogramVec,
    refused: IntCounter,
}

/// Times one kind of job.
#[derive(Debug, Clone)]
pub(crate) struct TimedJob {
    ok: Histogram,
    failed: Histogram,
    refused: IntCounter,
}

impl PasswordFigures {
    /// Registers the figures, with those that tell how the threads stand.
    pub(crate) fn new(
        registry: &Registry,
        standing: impl Fn() -> HashingStanding + Send + Sync + 'static,
    ) -> Result<Self, prometheus::Error> {
        let options = HistogramOpts::new(
            "kogents_password_job_duration_seconds",
            "Time that a password took to be hashed, compared (verify) or judged (strength), with \
             its wait for a thread; not with that of a sign-in for its turn.",
        );
        let jobs = HistogramVec::new(options.buckets(BUCKETS.to_vec()), &["job", "outcome"]);
        let refused = IntCounter::new(
            "kogents_password_refusals_total",
            "Passwords that were refused because as many wait, or are about to, as may; the request \
             is answered 503.",
        );
        register_standing(registry, standing)?;
        Ok(Self {
            jobs: registered(registry, jobs)?,
            refused: registered(registry, refused)?,
        })
    }

    /// The figures of a kind of job.
    pub(crate) fn job(&self, kind: &'static str) -> TimedJob {
        let of = |outcome| self.jobs.with_label_values(&[kind, outcome]);
        TimedJob {
            ok: of("ok"),
            failed: of("failed"),
            refused: self.refused.clone(),
        }
    }

    /// One was refused before it was handed over.
    pub(crate) fn refused(&self) {
        self.refused.inc();
    }
}

impl TimedJob {
    /// Waits for a job and times it; one that was refused took no time.
    pub(crate) async fn time<T>(
        &self,
        job: impl Future<Output = Result<T, HashError>>,
    ) -> Result<T, HashError> {
        let began = Instant::now();
        let result = job.await;
        let took = began.elapsed().as_secs_f64();
        match &result {
            Ok(_) => self.ok.observe(took),
            Err(HashError::Failed(_)) => self.failed.observe(took),
            Err(HashError::Busy) => self.refused.inc(),
        }
        result
    }
}

fn register_standing(
    registry: &Registry,
    standing: impl Fn() -> HashingStanding + Send + Sync + 'static,
) -> Result<(), prometheus::Error> {
    let jobs = IntGaugeVec::new(
        Opts::new(
            "kogents_password_jobs",
            "Passwords that are being worked on (running) and that wait for a thread, those included \
             who have not brought theirs (waiting).",
        ),
        &["state"],
    )?;
    let threads = IntGauge::new(
        "kogents_password_threads",
        "How many passwords are worked on at once.",
    )?;
    let places = IntGauge::new(
        "kogents_password_queue_places",
        "How many passwords may wait; the next one is refused.",
    )?;
    let [running, waiting] = ["running", "waiting"].map(|state| jobs.with_label_values(&[state]));
    Sampled::register(
        registry,
        vec![
            Box::new(jobs),
            Box::new(threads.clone()),
            Box::new(places.clone()),
        ],
        move || {
            let now = standing();
            running.set(count(now.running));
            waiting.set(count(now.waiting));
            threads.set(count(now.threads));
            places.set(count(now.places));
        },
    )
}

#[cfg(test)]
mod tests {
    use prometheus::TextEncoder;

    use super::*;

    #[tokio::test]
    async fn jobs_are_timed_by_kind_and_refusals_counted() {
        let registry = Registry::new();
        let standing = || HashingStanding {
            threads: 2,
            running: 1,
            waiting: 3,
            places: 64,
        };
        let figures = PasswordFigures::new(&registry, standing).unwrap();
        let hash = figures.job("hash");
        let verify = figures.job("verify");
        assert_eq!(hash.time(async { Ok(7) }).await, Ok(7));
        let busy = verify.time(async { Err::<(), _>(HashError::Busy) }).await;
        assert_eq!(busy, Err(HashError::Busy));
        figures.refused();
        let failure = HashError::Failed("no worker is left".to_owned());
        let failed = verify.time(async { Err::<(), _>(failure.clone()) }).await;
        assert_eq!(failed, Err(failure));
        let text = TextEncoder::new()
            .encode_to_string(&registry.gather())
            .unwrap();
        for line in [
            "kogents_password_job_duration_seconds_count{job=\"hash\",outcome=\"ok\"} 1",
            "kogents_password_job_duration_seconds_count{job=\"verify\",outcome=\"ok\"} 0",
            "kogents_password_job_duration_seconds_count{job=\"verify\",outcome=\"failed\"} 1",
            "kogents_password_refusals_total 2",
            "kogents_password_jobs{state=\"running\"} 1",
            "kogents_password_jobs{state=\"waiting\"} 3",
            "kogents_password_threads 2",
            "kogents_password_queue_places 64",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
    }
}
