//! The store on PostgreSQL 15 and later.
//!
//! [`PgStore`] begins units of work; each is one transaction on one pooled connection, bound by
//! row-level security to the scope it runs for. One file per port, named like the port's entity.
//! The tables are in `migrations/postgres`; `schema` repeats them for diesel by hand.

mod api_tokens;
mod audit;
mod connector;
mod devices;
mod directory;
mod error;
mod examination;
mod fixed;
mod import;
mod inspector;
mod invitations;
mod leases;
mod member_keys;
mod memberships;
mod migrations;
mod notices;
mod one_time_tokens;
mod open_error;
mod options;
mod outbox;
mod outbox_administration;
mod planning;
mod pool;
mod probe;
mod roles;
mod row_security;
mod rows;
mod schema;
mod scope;
mod session_upkeep;
mod sessions;
mod single_instance;
mod store;
mod timeouts;
mod tls;
mod unit_of_work;
mod url;
mod users;
mod workspace_permissions;
mod workspaces;

pub use examination::{Examination, Pooling, Tables, Walls, examine};
pub use import::{ImportError, PgImport, TableImport};
pub use open_error::OpenError;
pub use options::PgOptions;
pub use row_security::RowSecurity;
pub use single_instance::{ClaimError, SingleInstance};
pub use store::PgStore;
