//! Whether a Docker engine answers, asked without the library that talks to one: only where it
//! does is that library built. The `docker` command proves nothing.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::Duration;

use crate::shell;

/// How long the engine may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where an engine listens.
#[derive(Debug, PartialEq, Eq)]
enum Address {
    Socket(PathBuf),
    Tcp(String),
}

/// Asks the engine that the environment names, else the one in the usual places.
pub(super) fn answers() -> bool {
    let named = shell::variable("DOCKER_HOST").and_then(|value| value.into_string().ok());
    let address = match named {
        Some(named) => parse(&named),
        None => usual_sockets()
            .into_iter()
            .find(|path| path.exists())
            .map(Address::Socket),
    };
    address.is_some_and(|address| match address {
        Address::Socket(path) => UnixStream::connect(path)
            .is_ok_and(|stream| stream.set_read_timeout(Some(PATIENCE)).is_ok() && ping(stream)),
        Address::Tcp(address) => connect(&address).is_some_and(ping),
    })
}

/// Reads `DOCKER_HOST`; an engine behind TLS is none for us.
fn parse(host: &str) -> Option<Address> {
    let (scheme, rest) = host.split_once("://")?;
    match scheme {
        "unix" => Some(Address::Socket(rest.into())),
        "tcp" | "http" => {
            let rest = rest.trim_end_matches('/');
            let after_host = rest.rsplit_once(']').map_or(rest, |(_, after)| after);
            let has_port = after_host.contains(':');
            Some(Address::Tcp(if has_port {
                rest.to_owned()
            } else {
                format!("{rest}:2375")
            }))
        }
        _ => None,
    }
}

/// The sockets that testcontainers looks for, in its order.
fn usual_sockets() -> Vec<PathBuf> {
    let below =
        |variable, rest: &str| shell::variable(variable).map(|at| PathBuf::from(at).join(rest));
    [
        Some(PathBuf::from("/var/run/docker.sock")),
        below("XDG_RUNTIME_DIR", ".docker/run/docker.sock"),
        below("HOME", ".docker/run/docker.sock"),
        below("HOME", ".docker/desktop/docker.sock"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn connect(address: &str) -> Option<TcpStream> {
    let address = address.to_socket_addrs().ok()?.next()?;
    let stream = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    Some(stream)
}

/// The question that every engine answers with 200.
fn ping(mut stream: impl Read + Write) -> bool {
    let question = b"GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n";
    let mut head = [0_u8; 12];
    stream.write_all(question).is_ok()
        && stream.read_exact(&mut head).is_ok()
        && head.starts_with(b"HTTP/1.")
        && head.ends_with(b" 200")
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixStream;
    use std::thread;

    use super::*;

    fn pinged(answer: &'static [u8]) -> bool {
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        let engine = thread::spawn(move || {
            let mut question = [0_u8; 10];
            theirs.read_exact(&mut question).unwrap();
            theirs.write_all(answer).unwrap();
            assert_eq!(&question, b"GET /_ping");
        });
        let good = ping(ours);
        engine.join().unwrap();
        good
    }

    #[test]
    fn only_an_engine_that_says_so_is_one() {
        assert!(pinged(b"HTTP/1.1 200 OK\r\nApi-Version: 1.47\r\n\r\nOK"));
        assert!(!pinged(b"HTTP/1.1 503 Service Unavailable\r\n\r\n"));
        assert!(!pinged(b""));
    }

    #[test]
    fn the_named_engine_is_understood() {
        let tcp = |address: &str| Some(Address::Tcp(address.to_owned()));
        assert_eq!(
            parse("unix:///run/user/1000/docker.sock"),
            Some(Address::Socket("/run/user/1000/docker.sock".into()))
        );
        assert_eq!(parse("tcp://engine:2376/"), tcp("engine:2376"));
        assert_eq!(parse("tcp://engine"), tcp("engine:2375"));
        assert_eq!(parse("tcp://[::1]"), tcp("[::1]:2375"));
        assert_eq!(parse("tcp://[::1]:80"), tcp("[::1]:80"));
        assert_eq!(parse("ssh://engine"), None);
        assert_eq!(parse("engine"), None);
    }
}
