//! What must hold, one test or more for each requirement, named by its number. Where a test runs
//! with a limit in its way raised, it says so.

mod anonymity;
mod browser;
mod codes;
mod contract_walk;
mod forged_tokens;
mod hash_flood;
mod hashing;
mod hostile_input;
mod key_rotation;
mod limits;
mod logs;
mod mass_assignment;
mod passwords;
mod sealed_cache;
mod secrets;
mod steps;
mod token_kinds;
mod tokens;
mod values;
