//! The cache ports on Redis 6.2 and later, or Valkey: for any number of instances.
//!
//! [`RedisCache::connect`] opens the cache; it lends [`RedisPendingSignups`],
//! [`RedisSessionStates`], [`RedisRateLimiter`] and a [`RedisProbe`]. Every method of a port is one script, which is one
//! atomic step and one round trip. The scripts judge by the `now` that callers pass; lifetimes in
//! the server only bound what stays in its memory, and are a little longer.
//!
//! # Names
//!
//! | name | holds | lives |
//! |---|---|---|
//! | `<prefix>signup:{<digest>}` | a pending signup | until its end |
//! | `<prefix>guesses:{<digest>}` | an address's wrong guesses, as the budget with the longest window counts them | until the window ends |
//! | `<prefix>guesses:<window in milliseconds>:{<digest>}` | the same, as a budget with a shorter window counts them | until the window ends |
//! | `<prefix>sessions:{<person>}` | a person's snapshots and fences | [`SessionSnapshot::MAX_AGE`] |
//! | `<prefix>activity:{<session>}` | the counters of a session | [`Unflushed::KEEP_UNFLUSHED`], or [`Unflushed::KEEP_FLUSHED`] once the database has them |
//! | `<prefix>unflushed` | which of them the database has not got | as long as the longest of them |
//! | `<prefix>limit:<rule>:<n>:{<subject>}` | the counter of a rate limit | until it is empty, at most its window |
//! | `<prefix>distrust` | that nobody's snapshots are to be used | [`SessionSnapshot::FENCE`] |
//! | `<prefix>epoch` | the number that every snapshot has to carry | for good |
//!
//! The script that tries a code finds the address's guesses through the signup, every snapshot is
//! judged by the one epoch, one request may meet several limits, and the unflushed lead to the
//! counters: steps touch keys of several tags, so a Redis Cluster is refused at the start. So is a
//! replica.
//!
//! # When the cache was away
//!
//! A change that could not fence a person goes on without the cache, so what the cache knew from
//! before is not to be believed afterwards. Any failure, and any connection that ends by itself,
//! makes this process take the cache for away: every step is answered by
//! [`CacheError::Unavailable`] at once, and in the background the epoch is raised, again and again
//! until it works. Only then is the cache asked again. See [`RedisSessionStates`] for fences that
//! failed. What is pending of signups stays, and their counts with it; so do the counters of
//! sessions, and which of them the database has not got.
//!
//! An emptied cache gives no number out twice: versions, fences, leases, epochs and revisions are
//! drawn from the microseconds of the server's clock, or are one more than the last.
//!
//! [`SessionSnapshot::MAX_AGE`]: kogents_domain::session::SessionSnapshot::MAX_AGE
//! [`Unflushed::KEEP_UNFLUSHED`]: kogents_domain::session::Unflushed::KEEP_UNFLUSHED
//! [`Unflushed::KEEP_FLUSHED`]: kogents_domain::session::Unflushed::KEEP_FLUSHED
//! [`SessionSnapshot::FENCE`]: kogents_domain::session::SessionSnapshot::FENCE
//! [`CacheError::Unavailable`]: kogents_domain::cache::CacheError::Unavailable

mod answer;
mod cache;
mod connections;
mod examination;
mod failure;
mod keeper;
mod keys;
mod link;
mod open_error;
mod pending_signups;
mod probe;
mod rate_limiter;
mod scripts;
mod server;
mod session_counters;
mod session_states;
mod settings;
mod trust;
mod url;

pub use cache::RedisCache;
pub use examination::{Examination, Persistence, examine};
pub use open_error::OpenError;
pub use pending_signups::RedisPendingSignups;
pub use probe::RedisProbe;
pub use rate_limiter::RedisRateLimiter;
pub use session_states::RedisSessionStates;
pub use settings::RedisSettings;
pub use url::{UnusableUrl, check_url, url_of};
