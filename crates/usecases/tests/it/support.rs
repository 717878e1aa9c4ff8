//! What the tests of several use cases share.

mod bench;
mod cached;
mod clients;
mod founded;
mod journal;
mod journal_ports;
mod journal_store;
mod meddled;
mod opening;
mod people;
mod slot;
mod tenants;
mod told;

pub(crate) use bench::{Bench, POLICY, SESSION_LIMIT, Units, claimed, fenced_once, random};
pub(crate) use cached::{cache, finds_with_activity, held, puts, snapshot, touched};
pub(crate) use clients::{client, detector, device, locator, place};
pub(crate) use founded::Founded;
pub(crate) use journal::Journal;
pub(crate) use journal_ports::Noted;
pub(crate) use meddled::Meddled;
pub(crate) use opening::{lists_open, opens, opens_after, opens_at_once, prepares, prepares_for};
pub(crate) use people::{
    GRACE, LIFETIMES, PASSWORD, T0, WRONG_PASSWORD, activity, ada, ada_id, address, away, bob_id,
    caller, client_ip, idle_record, language, lost, name, password_hash, record, secs, session_id,
    standing, workspace, workspace_id,
};
pub(crate) use slot::Slot;
pub(crate) use tenants::Tenants;
pub(crate) use told::{By, Heard, hears, without_ids};
