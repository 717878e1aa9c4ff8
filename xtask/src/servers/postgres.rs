//! A private PostgreSQL: a cluster of its own, for tests quick and with nothing to lose.

use std::process::Command;

use super::durability::Durability;
use super::private::Place;
use crate::failure::{Failure, Outcome};

/// What makes it wide enough for many tests at once.
const WIDE: &[&str] = &["max_connections=300"];

/// What makes it quick besides, and careless.
const QUICK: &[&str] = &[
    "max_connections=300",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
];

/// What it is told that is not as it is by itself.
pub(super) const fn settings(durability: Durability) -> &'static [&'static str] {
    match durability {
        Durability::Quick => QUICK,
        Durability::Durable => WIDE,
    }
}

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
        // Without one the length of the folder's name does not matter.
        .args(["-c", "unix_socket_directories="]);
    for setting in settings(place.durability) {
        command.args(["-c", setting]);
    }
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tests_risk_what_they_keep() {
        let quick = settings(Durability::Quick);
        for setting in [
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
        ] {
            assert!(quick.contains(&setting));
        }
        assert_eq!(settings(Durability::Durable), ["max_connections=300"]);
    }
}
