//! The commands of the program, one a file: each reads the configuration it needs, does one thing,
//! and tells it on standard output.

pub(crate) mod config;
pub(crate) mod doctor;
pub(crate) mod export;
pub(crate) mod health;
pub(crate) mod import;
pub(crate) mod mail;
pub(crate) mod migrate;
pub(crate) mod openapi;
mod output;
pub(crate) mod secret_key;
pub(crate) mod serve;
pub(crate) mod sweep;
pub(crate) mod user;

use std::path::Path;

use crate::config::{Config, Source, StoreConfig};
use crate::failure::Failure;
use crate::logging;

/// The whole configuration of this folder and environment; the log of a command is begun as it says.
fn read_config() -> Result<Config, Failure> {
    let config = Config::read(&Source::system(Path::new(".")))?;
    logging::begin_of_command(&config.log)?;
    Ok(config)
}

/// What of the configuration leads to the stores; the log of a command is begun as it says.
fn read_store_config() -> Result<StoreConfig, Failure> {
    let config = StoreConfig::read(&Source::system(Path::new(".")))?;
    logging::begin_of_command(&config.log)?;
    Ok(config)
}

/// A use case's error as what the command failed by.
fn told(error: &dyn std::error::Error) -> Failure {
    Failure::Command(error.to_string())
}
