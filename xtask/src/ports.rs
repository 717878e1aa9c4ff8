//! Ports of the loopback interface that nothing listens at.

use std::net::TcpListener;

use crate::failure::Failure;

/// As many free ports, all different.
pub(crate) fn free<const COUNT: usize>() -> Result<[u16; COUNT], Failure> {
    let mut ports = [0; COUNT];
    // All are held until the last is found, so that none is given twice.
    let mut held = Vec::new();
    for port in &mut ports {
        let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(none)?;
        *port = listener.local_addr().map_err(none)?.port();
        held.push(listener);
    }
    Ok(ports)
}

fn none(error: std::io::Error) -> Failure {
    Failure::new(format!("no port is free on 127.0.0.1: {error}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ports_are_different_and_free() {
        let ports: [u16; 8] = free().unwrap();
        assert_eq!(BTreeSet::from(ports).len(), ports.len());
        for port in ports {
            assert!(TcpListener::bind(("127.0.0.1", port)).is_ok());
        }
    }
}
