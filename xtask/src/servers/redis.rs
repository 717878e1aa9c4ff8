//! A private Redis: in memory alone.

use std::process::Command;

use super::private::Place;
use crate::failure::Failure;

/// What keeps it from writing anything down.
pub(super) const SETTINGS: &[&str] = &["--save", "", "--appendonly", "no"];

/// The command that serves.
pub(super) fn command(place: &Place<'_>, port: u16) -> Result<Command, Failure> {
    let mut command = place.command(place.programs.server)?;
    command
        .args(["--port", &port.to_string()])
        .args(["--bind", "127.0.0.1"])
        .args(["--daemonize", "no"])
        .arg("--dir")
        .arg(place.folder.root())
        .args(SETTINGS);
    Ok(command)
}
