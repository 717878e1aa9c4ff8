//! What Kogents does: one use case a file, one struct with one `run`, one error enum.
//!
//! A use case holds its ports as `Arc<dyn …>` and reads from top to bottom: check, prepare (hash,
//! make ids, read the clock once), begin, load and decide and write, commit, and only then what
//! follows from it. It knows nothing of HTTP, SQL or any other technology.

pub mod access;
pub mod audit;
pub mod auth;
pub mod health;
pub mod limits;
pub mod mail;
pub mod session;
pub mod signup;
pub mod workspace;
