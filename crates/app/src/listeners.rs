//! The sockets to listen at, bound before anything heavy begins.

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpListener};

use socket2::{Domain, Protocol, Socket, Type};

use crate::failure::Failure;

/// How many connections the system keeps until they are taken; it may allow fewer itself. Where
/// this is short, a moment in which the server is busy costs a client a second: its connection is
/// dropped and asked for again.
const BACKLOG: i32 = 4_096;

/// A socket that listens, and where it really does: port 0 lets the system choose one.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) listener: TcpListener,
    pub(crate) address: SocketAddr,
}

/// Binds a port at an address. `variable` is the setting that the port came from.
pub(crate) fn bind(host: IpAddr, port: u16, variable: &'static str) -> Result<Bound, Failure> {
    let address = SocketAddr::new(host, port);
    let bound = listen(address).and_then(|listener| {
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

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    // So that a restart need not wait for what the last server's connections leave behind.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpStream};
    use std::time::Duration;

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
    fn r8_connections_wait_until_they_are_taken() {
        let bound = bind(HERE, 0, "PORT").unwrap();
        // More than the 128 of the standard library; nobody takes any of them.
        let waiting: Vec<TcpStream> = (0..300)
            .map(|_| TcpStream::connect_timeout(&bound.address, Duration::from_millis(500)))
            .collect::<Result<_, _>>()
            .unwrap();
        assert_eq!(waiting.len(), 300);
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
