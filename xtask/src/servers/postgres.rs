//! A private PostgreSQL: a cluster of its own, quick and with nothing to lose.

use std::process::Command;

use super::private::Place;
use crate::failure::{Failure, Outcome};

/// What makes it quick, and wide enough for many tests at once. Without a Unix socket the length
/// of the folder's name does not matter.
pub(super) const SETTINGS: &[&str] = &[
    "max_connections=300",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
];

/// Makes the cluster; whoever reaches the loopback interface is its superuser.
pub(super) fn prepare(place: &Place<'_>) -> Outcome {
    let mut command = place.command("initdb")?;
    command.arg("-D").arg(place.folder.path("data")).args([
        "-U",
        "postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--no-locale",
        "--no-sync",
    ]);
    place.run(&mut command, "initdb")
}

/// The command that serves the cluster.
pub(super) fn command(place: &Place<'_>, port: u16) -> Result<Command, Failure> {
    let mut command = place.command(place.programs.server)?;
    command
        .arg("-D")
        .arg(place.folder.path("data"))
        .args(["-p", &port.to_string()])
        .args(["-c", "listen_addresses=127.0.0.1"])
        .args(["-c", "unix_socket_directories="]);
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    Ok(command)
}
