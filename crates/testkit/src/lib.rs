//! What the tests of the other crates are made of: builders, fakes, and the contract suites that
//! every store and every cache must pass. A dev-dependency only.
//!
//! - [`builders`]: entities with sensible defaults and unique values.
//! - [`fakes`]: the ports that a use case needs beside its store.
//! - [`fake_store`]: a store that lends mocks and records what became of each unit of work.
//! - [`fault_proxy`]: stands in front of a server and makes the network between fail.
//! - [`parsers`]: what must hold for whatever bytes a parser is given, and [`property::holds`],
//!   which tries it on the committed [`corpus`] and on generated input.
//! - [`store_contract!`], [`store_contract_persons_and_sessions!`],
//!   [`pending_signups_contract!`], [`session_states_contract!`], [`session_counters_contract!`],
//!   [`rate_limiter_contract!`]: the suites.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "test support: a failure here is a failed test, and says so loudly"
)]

pub mod builders;
pub mod corpus;
pub mod database_inspector_contract;
pub mod fake_store;
pub mod fakes;
pub mod fault_proxy;
pub mod mutate;
pub mod parallel;
pub mod parsers;
pub mod pending_signups_contract;
pub mod property;
pub mod rate_limiter_contract;
pub mod session_counters_contract;
pub mod session_states_contract;
pub mod store_contract;
pub mod subject;
