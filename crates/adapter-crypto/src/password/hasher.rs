//! The hasher: the ports on passwords over the worker threads.

use std::num::NonZeroUsize;

use async_trait::async_trait;
use kogents_domain::auth::{
    EnteredPassword, HashError, HashingPlace, NewPassword, PasswordHash, PasswordHasher,
    PasswordStrength, Verdict,
};

use super::standing::HashingStanding;
use super::stored::Stored;
use super::workers::Workers;
use super::{argon, strength};
use crate::random::SystemRandom;

/// Argon2id (RFC 9106) with 19,456 KiB, two passes and one lane, and zxcvbn, on threads of their
/// own: as many as hashes may be made at once, with a queue of 64 before them.
///
/// Memory: 19 MiB a thread, kept; up to 128 MiB for a moment while a stored hash of a greater cost
/// is compared, one at a time.
///
/// Hashes of bcrypt, scrypt, PBKDF2 and weaker ones of Argon2 that were made elsewhere are compared
/// as well, within bounds of cost. What has no hash, or one that cannot be read or costs more than
/// is allowed, does the work of one of ours and is a mismatch.
#[derive(Clone)]
pub struct Argon2Hasher {
    workers: Workers,
    random: SystemRandom,
}

impl Argon2Hasher {
    /// Starts as many threads as hashes may be made at once (`PASSWORD_HASH_CONCURRENCY`).
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn new(concurrency: NonZeroUsize) -> std::io::Result<Self> {
        Ok(Self {
            workers: Workers::start(concurrency)?,
            random: SystemRandom::new(),
        })
    }

    /// How its threads and their queue stand at this moment.
    #[must_use]
    pub fn standing(&self) -> HashingStanding {
        self.workers.standing()
    }
}

impl std::fmt::Debug for Argon2Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Argon2Hasher(…)")
    }
}

#[async_trait]
impl PasswordHasher for Argon2Hasher {
    async fn hash(&self, password: &NewPassword) -> Result<PasswordHash, HashError> {
        let password = password.secret().clone();
        let salt = self.random.array();
        self.workers
            .run(move |memory| argon::hash(memory, password.expose().as_bytes(), salt))
            .await?
    }

    async fn verify(
        &self,
        password: &EnteredPassword,
        hash: Option<PasswordHash>,
    ) -> Result<Verdict, HashError> {
        let password = password.secret().clone();
        // Read here, where the log still knows which request it is about.
        let stored = hash.and_then(|hash| {
            Stored::parse(&hash)
                .inspect_err(|error| tracing::warn!(%error, "a stored hash is taken for no match"))
                .ok()
        });
        self.workers
            .run(move |memory| {
                let password = password.expose().as_bytes();
                match stored {
                    Some(stored) => stored.compare(memory, password),
                    None => argon::pretend(memory, password).map(|()| Verdict::Mismatch),
                }
            })
            .await?
    }

    fn is_busy(&self) -> bool {
        self.workers.are_busy()
    }

    async fn enter(&self) -> Result<HashingPlace, HashError> {
        self.workers.enter().await.map(HashingPlace::held_by)
    }
}

#[async_trait]
impl PasswordStrength for Argon2Hasher {
    async fn is_strong(
        &self,
        password: &NewPassword,
        context: Vec<String>,
    ) -> Result<bool, HashError> {
        let password = password.secret().clone();
        self.workers
            .run(move |_| strength::is_strong(password.expose(), &context))
            .await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, mpsc};
    use std::time::{Duration, Instant};

    use super::super::workers::QUEUE_LEN;
    use super::*;

    fn hasher(threads: usize) -> Argon2Hasher {
        Argon2Hasher::new(NonZeroUsize::new(threads).unwrap()).unwrap()
    }

    fn chosen(text: &str) -> NewPassword {
        NewPassword::parse(text).unwrap()
    }

    fn entered(text: &str) -> EnteredPassword {
        EnteredPassword::parse(text).unwrap()
    }

    #[tokio::test]
    async fn s10_a_password_matches_its_hash_and_salts_differ() {
        let hasher = hasher(2);
        let first = hasher.hash(&chosen("two of a kind")).await.unwrap();
        let second = hasher.hash(&chosen("two of a kind")).await.unwrap();
        assert_ne!(first, second);
        assert_eq!(
            hasher.verify(&entered("two of a kind"), Some(first)).await,
            Ok(Verdict::Match)
        );
        assert_eq!(
            hasher.verify(&entered("two of a kinD"), Some(second)).await,
            Ok(Verdict::Mismatch)
        );
    }

    #[tokio::test]
    async fn s11_a_hundred_characters_and_one_more_count() {
        let hasher = hasher(1);
        let long = "a".repeat(100);
        let hash = hasher.hash(&chosen(&format!("{long}X"))).await.unwrap();
        assert_eq!(
            hasher
                .verify(&entered(&format!("{long}Y")), Some(hash.clone()))
                .await,
            Ok(Verdict::Mismatch)
        );
        assert_eq!(
            hasher
                .verify(&entered(&format!("{long}X")), Some(hash))
                .await,
            Ok(Verdict::Match)
        );
    }

    #[tokio::test]
    async fn s6_an_unknown_address_and_a_hash_that_is_refused_cost_a_real_hash() {
        let hasher = hasher(1);
        let hash = hasher.hash(&chosen("some password")).await.unwrap();
        let refused = "$2b$31$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdm";
        let refused = PasswordHash::new(refused);
        let mut known = Vec::new();
        let mut unknown = Vec::new();
        let mut unusable = Vec::new();
        for _ in 0..15 {
            let start = Instant::now();
            hasher
                .verify(&entered("a wrong password"), Some(hash.clone()))
                .await
                .unwrap();
            known.push(start.elapsed());
            let start = Instant::now();
            assert_eq!(
                hasher.verify(&entered("a wrong password"), None).await,
                Ok(Verdict::Mismatch)
            );
            unknown.push(start.elapsed());
            let start = Instant::now();
            assert_eq!(
                hasher
                    .verify(&entered("a wrong password"), Some(refused.clone()))
                    .await,
                Ok(Verdict::Mismatch)
            );
            unusable.push(start.elapsed());
        }
        known.sort_unstable();
        // Medians on a machine that may be busy: within a half, where a short cut would be a
        // thousandth, and a hash of that cost many minutes.
        for mut other in [unknown, unusable] {
            other.sort_unstable();
            assert!(other[7] * 2 > known[7], "{other:?} {known:?}");
            assert!(known[7] * 2 > other[7], "{other:?} {known:?}");
        }
    }

    #[tokio::test]
    async fn strength_is_judged_with_the_context() {
        let hasher = hasher(1);
        let strong = |password: &'static str, context: &'static [&'static str]| {
            let hasher = hasher.clone();
            async move {
                let context = context.iter().map(ToString::to_string).collect();
                hasher.is_strong(&chosen(password), context).await
            }
        };
        assert_eq!(strong("SecurePassword123!", &["Ada"]).await, Ok(true));
        assert_eq!(strong("Password123!", &[]).await, Ok(false));
        assert_eq!(strong("Abcdef1!", &[]).await, Ok(false));
    }

    /// Keeps every worker of a hasher busy until the sender is dropped.
    async fn occupy(hasher: &Argon2Hasher, threads: usize) -> Vec<mpsc::Sender<()>> {
        let (began, mut begun) = tokio::sync::mpsc::unbounded_channel();
        let mut holds = Vec::new();
        for _ in 0..threads {
            let (hold, held) = mpsc::channel::<()>();
            let began = began.clone();
            let workers = hasher.workers.clone();
            tokio::spawn(async move {
                workers
                    .run(move |_| {
                        began.send(()).unwrap();
                        let _ = held.recv();
                    })
                    .await
            });
            holds.push(hold);
        }
        for _ in 0..threads {
            begun.recv().await.unwrap();
        }
        holds
    }

    #[tokio::test]
    async fn s12_no_more_enter_than_can_be_served_and_all_but_the_next_wait_for_their_turn() {
        let hasher = hasher(2);
        let (told, mut turns) = tokio::sync::mpsc::unbounded_channel();
        for number in 0..QUEUE_LEN + 2 {
            assert!(!hasher.is_busy());
            let (hasher, told) = (hasher.clone(), told.clone());
            tokio::spawn(async move { told.send((number, hasher.enter().await)) });
            tokio::task::yield_now().await;
        }
        assert!(hasher.is_busy());
        assert_eq!(hasher.enter().await.unwrap_err(), HashError::Busy);
        assert_eq!(hasher.standing().waiting, QUEUE_LEN - 4);

        // Two that are hashed and four that are next.
        let mut places = std::collections::VecDeque::new();
        for expected in 0..QUEUE_LEN + 2 {
            if places.len() == 6 {
                tokio::task::yield_now().await;
                assert!(turns.try_recv().is_err());
                drop(places.pop_front());
            }
            let (number, place) = turns.recv().await.unwrap();
            assert_eq!(number, expected);
            places.push_back(place.unwrap());
        }
        assert_eq!(hasher.standing().waiting, 0);
        drop(places);
        assert!(!hasher.is_busy());
        assert!(hasher.enter().await.is_ok());
    }

    #[tokio::test]
    async fn s12_while_no_turn_ends_nobody_waits_for_one_for_long() {
        let hasher = hasher(1);
        let mut places = Vec::new();
        for _ in 0..3 {
            places.push(hasher.enter().await.unwrap());
        }
        let started = Instant::now();
        places.push(hasher.enter().await.unwrap());
        assert!(started.elapsed() >= Duration::from_millis(200));
    }

    #[tokio::test]
    async fn s12_while_turns_end_one_is_waited_for() {
        let hasher = hasher(1);
        let mut places = Vec::new();
        for _ in 0..3 {
            places.push(hasher.enter().await.unwrap());
        }
        let waits: Vec<_> = (0..3)
            .map(|_| {
                let hasher = hasher.clone();
                tokio::spawn(async move { hasher.enter().await.unwrap() })
            })
            .collect();
        // Each of them waits for longer than anybody does while no turn ends.
        for place in places {
            tokio::time::sleep(Duration::from_millis(150)).await;
            assert!(!waits[2].is_finished());
            drop(place);
        }
        for wait in waits {
            drop(wait.await.unwrap());
        }
        assert_eq!(hasher.standing().waiting, 0);
    }

    #[tokio::test]
    async fn s12_who_goes_away_before_their_turn_leaves_their_place() {
        let hasher = hasher(1);
        let mut first = Vec::new();
        for _ in 0..3 {
            first.push(hasher.enter().await.unwrap());
        }
        let waits = tokio::time::timeout(Duration::from_millis(5), hasher.enter());
        assert!(waits.await.is_err());
        assert_eq!(hasher.standing().waiting, 0);
        drop(first);
        let places = hasher.workers.places();
        for _ in 0..places {
            assert!(hasher.enter().await.is_ok());
        }
    }

    #[tokio::test]
    async fn s12_a_full_queue_is_busy_at_once_and_serves_again_later() {
        let hasher = hasher(1);
        let hold = occupy(&hasher, 1).await;
        let waiting: Vec<_> = (0..QUEUE_LEN)
            .map(|_| {
                let hasher = hasher.clone();
                tokio::spawn(async move { hasher.workers.run(|_| ()).await })
            })
            .collect();
        // The runtime lets some sixty tasks run between two turns of this one.
        for _ in 0..QUEUE_LEN {
            tokio::task::yield_now().await;
        }
        assert!(hasher.is_busy());
        let full = HashingStanding {
            threads: 1,
            running: 1,
            waiting: QUEUE_LEN,
            places: QUEUE_LEN,
        };
        assert_eq!(hasher.standing(), full);
        let refused = hasher.verify(&entered("password"), None).await;
        assert_eq!(refused, Err(HashError::Busy));
        drop(hold);
        for job in waiting {
            assert_eq!(job.await.unwrap(), Ok(()));
        }
        assert!(!hasher.is_busy());
        assert_eq!(
            hasher.verify(&entered("password"), None).await,
            Ok(Verdict::Mismatch)
        );
        assert_eq!(hasher.standing().waiting, 0);
    }

    #[tokio::test]
    async fn s12_who_hangs_up_frees_no_worker_and_jobs_not_begun_are_skipped() {
        let hasher = hasher(1);
        let hold = occupy(&hasher, 1).await;
        let ran = Arc::new(AtomicUsize::new(0));
        // Twenty callers that give up while they wait.
        for _ in 0..20 {
            let ran = Arc::clone(&ran);
            let job = hasher
                .workers
                .run(move |_| ran.fetch_add(1, Ordering::SeqCst));
            assert!(
                tokio::time::timeout(Duration::from_millis(1), job)
                    .await
                    .is_err()
            );
        }
        assert_eq!(ran.load(Ordering::SeqCst), 0);
        drop(hold);
        hasher.workers.run(|_| ()).await.unwrap();
        assert_eq!(ran.load(Ordering::SeqCst), 0);
    }

    #[tokio::test]
    async fn s12_a_job_that_was_begun_keeps_its_worker_when_its_caller_is_gone() {
        let hasher = hasher(1);
        let (hold, held) = mpsc::channel::<()>();
        let (began, begun) = tokio::sync::oneshot::channel();
        let workers = hasher.workers.clone();
        let caller = tokio::spawn(async move {
            workers
                .run(move |_| {
                    began.send(()).unwrap();
                    let _ = held.recv();
                })
                .await
        });
        begun.await.unwrap();
        caller.abort();
        let next = hasher.workers.run(|_| ());
        tokio::pin!(next);
        assert!(
            tokio::time::timeout(Duration::from_millis(20), &mut next)
                .await
                .is_err()
        );
        drop(hold);
        assert_eq!(next.await, Ok(()));
    }

    #[tokio::test]
    async fn s12_as_many_as_agreed_run_at_once_and_not_one_more() {
        let hasher = hasher(3);
        // Returns when all three have begun: they do run at once.
        let mut holds = occupy(&hasher, 3).await;
        let fourth = hasher.workers.run(|_| ());
        tokio::pin!(fourth);
        assert!(
            tokio::time::timeout(Duration::from_millis(20), &mut fourth)
                .await
                .is_err()
        );
        holds.pop();
        assert_eq!(fourth.await, Ok(()));
    }

    #[tokio::test]
    async fn a_job_that_panics_fails_alone() {
        let hasher = hasher(1);
        let failed = hasher
            .workers
            .run(|_| {
                if std::hint::black_box(true) {
                    std::panic::resume_unwind(Box::new("the job's own fault"));
                }
            })
            .await;
        assert!(matches!(failed, Err(HashError::Failed(_))));
        assert_eq!(hasher.workers.run(|_| 7).await, Ok(7));
    }
}
