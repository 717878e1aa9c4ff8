//! The whole product: a server inside the test's process, and the built program in a folder of
//! its own.
#![cfg(test)]

mod api_tokens;
mod audit;
mod commands;
mod crashes;
mod credentials;
mod geography;
mod instances;
mod mail;
mod mail_commands;
mod mailed_links;
mod main_job;
mod operations;
mod outages;
mod profile;
mod program;
mod refused_servers;
mod refused_starts;
mod requirements;
mod seeded;
mod sessions;
mod support;
mod upgrades;
mod workspaces;
