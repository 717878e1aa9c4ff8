//! What is told of the database: real figures, on either store.

mod access;
mod exhausted;
mod figures;
mod lock;
mod metrics;
mod sharing;
mod slow_queries;
