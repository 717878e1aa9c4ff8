//! The store in a file: SQLite, compiled in, the embedded default.
//!
//! One writer thread and a few reader threads own a connection each and run what they are sent.
//! A unit of work that writes holds the writer from its `BEGIN IMMEDIATE` to its end, one that
//! reads holds a reader and its snapshot; whoever finds all of them taken waits, up to a bound.
//!
//! | module | holds |
//! |---|---|
//! | `store` | [`SqliteStore`]: the ports `Store` and `Probe` |
//! | `inspector` | what an operator may ask of it |
//! | `unit_of_work` | one transaction; the repositories are implemented on it, a file a port |
//! | `engine` | the threads, and who holds them |
//! | `open`, `migrations` | the file, its connections, its schema |
//! | `export` | [`SqliteExport`]: every row, to be moved to another store |
//! | `error`, `columns` | what is the same for every repository: errors, values in and out |

mod api_tokens;
mod audit;
mod columns;
mod devices;
mod directory;
mod engine;
mod error;
mod examination;
mod export;
mod fixed;
mod inspector;
mod invitations;
mod leases;
mod memberships;
mod migrations;
mod notices;
mod one_time_tokens;
mod open;
mod outbox;
mod outbox_administration;
mod roles;
mod schema;
mod session_upkeep;
mod sessions;
mod store;
#[cfg(any(test, feature = "test-support"))]
mod temporary;
#[cfg(test)]
mod tests;
mod unit_of_work;
mod users;
mod workspace_permissions;
mod workspaces;

pub use examination::{Examination, examine};
pub use export::{ExportError, SqliteExport};
pub use migrations::MigrationState;
pub use open::OpenError;
pub use store::{SqliteOptions, SqliteStore};
