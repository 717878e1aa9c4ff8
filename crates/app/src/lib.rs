//! The app: command line, configuration, wiring, background tasks, life and end of the server.
//!
//! This is the one crate that knows all the others. [`run`] is the program; [`App`] is a server
//! inside this process, which the tests start as well.

mod announcement;
mod app;
mod background;
mod command_line;
mod commands;
pub mod config;
mod data;
mod descriptors;
mod failure;
mod figures;
mod keys;
mod listeners;
pub mod logging;
mod measured;
mod moving;
mod no_probe;
mod observed;
pub mod wiring;

pub use announcement::Facts;
pub use app::App;
pub use command_line::run;
pub use data::DataFolder;
pub use failure::Failure;
