//! `kogents health`: asks a running server how it is, for checks of containers without a shell.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::output::print_line;
use crate::config::{ListenConfig, Source};
use crate::failure::Failure;

/// The longest that the whole exchange may take.
const LIMIT: Duration = Duration::from_secs(3);
/// More of an answer is not read: its first line says all.
const MOST_OCTETS: u64 = 1_024;

/// Asks the server at `HOST` and `PORT` whether it lives, or whether it is ready for requests.
pub(crate) async fn check(ready: bool) -> Result<(), Failure> {
    let config = ListenConfig::read(&Source::system(Path::new(".")))?;
    if config.port == 0 {
        let told = "PORT is 0: which port the system chose is not known here; set PORT";
        return Err(Failure::Command(told.to_owned()));
    }
    let address = reachable(config.host, config.port);
    let path = if ready {
        "/health/ready"
    } else {
        "/health/live"
    };
    match ask(address, path).await {
        Ok(200) => print_line(&format!("the server at {address} is well")),
        Ok(status) => Err(Failure::Command(format!(
            "the server at {address} answers {path} with {status}"
        ))),
        Err(reason) => Err(Failure::Command(format!(
            "no server answers at {address}: {reason}; see HOST and PORT"
        ))),
    }
}

/// Where a server that listens at a host is reached from its own machine.
pub(super) fn reachable(host: IpAddr, port: u16) -> SocketAddr {
    let host = match host {
        IpAddr::V4(host) if host.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(host) if host.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        host @ (IpAddr::V4(_) | IpAddr::V6(_)) => host,
    };
    SocketAddr::new(host, port)
}

/// The status of the answer to a GET by HTTP/1.1, or why there was none.
pub(super) async fn ask(address: SocketAddr, path: &str) -> Result<u16, String> {
    let answer = tokio::time::timeout(LIMIT, exchange(address, path));
    let answer = answer
        .await
        .map_err(|_| format!("no answer within {} s", LIMIT.as_secs()))?
        .map_err(|error| error.to_string())?;
    status(&answer).ok_or_else(|| "what answers speaks no HTTP/1.1".to_owned())
}

async fn exchange(address: SocketAddr, path: &str) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(MOST_OCTETS).read_to_end(&mut answer).await?;
    Ok(answer)
}

fn status(answer: &[u8]) -> Option<u16> {
    let line = answer.split(|octet| *octet == b'\r').next()?;
    let line = std::str::from_utf8(line).ok()?;
    let status = line.strip_prefix("HTTP/1.1 ")?.split(' ').next()?;
    status.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_is_in_the_first_line() {
        assert_eq!(status(b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n"), Some(200));
        assert_eq!(status(b"HTTP/1.1 503 \r\n"), Some(503));
        for other in [&b""[..], b"SSH-2.0-x\r\n", b"HTTP/1.1 ok\r\n", b"\xff\r\n"] {
            assert_eq!(status(other), None, "{other:?}");
        }
    }

    #[test]
    fn a_server_everywhere_is_reached_here() {
        let reached = |host: &str| reachable(host.parse().unwrap(), 1).to_string();
        assert_eq!(reached("0.0.0.0"), "127.0.0.1:1");
        assert_eq!(reached("::"), "[::1]:1");
        assert_eq!(reached("192.0.2.7"), "192.0.2.7:1");
    }
}
