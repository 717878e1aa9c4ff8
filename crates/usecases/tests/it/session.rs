//! Tests of a person's sessions: opening and ending them, looking at them, and what becomes of
//! them.

mod activity_book;
mod admission;
mod capture;
mod check_upkeep;
mod count_action;
mod drop_devices;
mod drop_sessions;
mod end_other_sessions;
mod end_session;
mod fill_session;
mod flush_activity;
mod list_sessions;
mod make_partitions;
mod minimise_sessions;
mod new_device_notice;
mod open_session;
mod report_activity;
mod session_gate;
mod session_opener;
mod sweep_sessions;
mod upkeep_lease;
