//! What must hold, one test or more for each requirement, named by its number. Where a test runs
//! with a limit in its way raised, it says so.

mod anonymity;
mod browser;
mod codes;
mod contract_walk;
mod hostile_input;
mod limits;
mod logs;
mod secrets;
mod steps;
mod token_kinds;
mod tokens;
mod values;
