//! What the tests of several use cases share.

mod bench;
mod founded;
mod journal;
mod journal_ports;
mod journal_store;
mod people;
mod slot;

pub(crate) use bench::{Bench, POLICY, Units, claimed, fenced_once, random};
pub(crate) use founded::Founded;
pub(crate) use journal::Journal;
pub(crate) use journal_ports::Noted;
pub(crate) use people::{
    GRACE, LIFETIMES, PASSWORD, T0, WRONG_PASSWORD, ada, ada_id, address, bob_id, caller,
    client_ip, language, lost, name, password_hash, record, secs, session_id, standing, workspace,
    workspace_id,
};
pub(crate) use slot::Slot;
