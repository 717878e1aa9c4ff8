//! What the tests stand on: servers to talk to, answers to look at.

mod answer;
mod client;
mod flow;
mod program;
mod shifted_clock;
mod test_app;

pub(crate) use answer::Answer;
pub(crate) use client::Client;
pub(crate) use flow::PASSWORD;
pub(crate) use program::{Folder, Program, kogents};
pub(crate) use test_app::TestApp;
