//! The whole product: a server inside the test's process, and the built program in a folder of
//! its own.
#![cfg(test)]

mod api_tokens;
mod audit;
mod commands;
mod crashes;
mod credentials;
mod doctor;
mod effective_config;
mod faults;
mod figures;
mod geography;
mod health;
mod health_command;
mod instances;
mod mail;
mod mail_commands;
mod mailed_links;
mod main_job;
mod moving;
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
mod sweep_command;
mod traces;
mod upgrades;
mod user_commands;
mod workspaces;
