//! The sockets to listen at, bound before anything heavy begins.

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpListener};

use crate::failure::Failure;

/// A socket that listens, and where it really does: port 0 lets the system choose one.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) listener: TcpListener,
    pub(crate) address: SocketAddr,
}

/// Binds a port at an address. `variable` is the setting that the port came from.
pub(crate) fn bind(host: IpAddr, port: u16, variable: &'static str) -> Result<Bound, Failure> {
    let address = SocketAddr::new(host, port);
    let bound = TcpListener::bind(address).and_then(|listener| {
        let address = listener.local_addr()?;
        Ok(Bound { listener, address })
    });
    bound.map_err(|reason| {
        if reason.kind() == ErrorKind::AddrInUse {
            Failure::PortInUse { address, variable }
        } else {
            Failure::CannotListen {
                address,
                variable,
                reason,
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[test]
    fn a_port_in_use_is_one_clear_line() {
        let first = bind(HERE, 0, "PORT").unwrap();
        let port = first.address.port();
        assert_ne!(port, 0);
        let failure = bind(HERE, port, "PORT").unwrap_err();
        let expected = format!(
            "127.0.0.1:{port} is in use by another program: stop it, or set PORT to another port"
        );
        assert_eq!(failure.to_string(), expected);
        assert_eq!(failure.exit_code(), 1);
    }

    #[test]
    fn an_address_of_another_computer_is_refused() {
        let elsewhere = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
        let failure = bind(elsewhere, 0, "PORT").unwrap_err();
        assert!(matches!(failure, Failure::CannotListen { .. }));
        assert!(
            failure
                .to_string()
                .starts_with("cannot listen at 192.0.2.1:0, see")
        );
    }
}
