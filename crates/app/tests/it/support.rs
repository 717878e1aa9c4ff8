//! What the tests stand on: servers to talk to, answers to look at.

mod answer;
mod arrived_mail;
mod backend;
mod client;
mod database;
mod email_change;
mod flow;
mod old_postgres;
mod private;
mod program;
mod shifted_clock;
mod slow;
mod smtp_server;
mod team;
mod tenant_rows;
mod test_app;
mod watch;

pub(crate) use answer::Answer;
pub(crate) use arrived_mail::link_in;
pub(crate) use backend::{Backend, on_both};
pub(crate) use client::Client;
pub(crate) use database::connect;
pub(crate) use email_change::asks_for_address;
pub(crate) use flow::{Account, PASSWORD};
pub(crate) use old_postgres::OldPostgres;
pub(crate) use private::Private;
pub(crate) use program::{Folder, Program, Start, kogents};
pub(crate) use slow::is_slow;
pub(crate) use smtp_server::{Mood, SmtpServer};
pub(crate) use team::Seat;
pub(crate) use tenant_rows::tenant_rows;
pub(crate) use test_app::TestApp;
pub(crate) use watch::EVERYTHING;
