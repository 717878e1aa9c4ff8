//! The ports to listen at: free, or taken by a server that runs already.

use std::net::{IpAddr, SocketAddr};

use super::finding::Finding;
use crate::commands::health;
use crate::failure::Failure;
use crate::listeners;

const CHECK: &str = "ports";

/// What is known of a port.
#[derive(Debug)]
pub(super) enum Probed {
    /// It can be listened at.
    Free,
    /// A server of ours answers there.
    Ours(SocketAddr),
    /// Why it cannot be listened at.
    Refused(Failure),
}

/// Tries to listen, for a moment; where somebody else does, asks who it is.
pub(super) async fn probe(host: IpAddr, port: u16, variable: &'static str) -> Probed {
    match listeners::bind(host, port, variable) {
        Ok(_) => Probed::Free,
        Err(Failure::PortInUse { address, variable }) => {
            let path = match variable {
                "METRICS_PORT" => "/metrics",
                _ => "/health/live",
            };
            match health::ask(health::reachable(host, port), path).await {
                Ok(200) => Probed::Ours(address),
                Ok(_) | Err(_) => Probed::Refused(Failure::PortInUse { address, variable }),
            }
        }
        Err(failure) => Probed::Refused(failure),
    }
}

/// Judges a port.
pub(super) fn judge(port: u16, variable: &'static str, probed: &Probed) -> Finding {
    match probed {
        Probed::Free => Finding::ok(CHECK, format!("{variable} {port} is free")),
        Probed::Ours(address) => {
            let said = format!("a server runs and answers at {address} ({variable})");
            Finding::ok(CHECK, said)
        }
        Probed::Refused(failure) => {
            let fix = format!("free the port, or set {variable} to another one");
            Finding::failure(CHECK, failure.to_string(), fix)
        }
    }
}
