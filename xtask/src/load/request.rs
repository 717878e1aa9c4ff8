//! The arguments of `xtask load`, read and written.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::arguments::Arguments;
use crate::failure::Failure;

/// What is to be sent, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// To whom.
    pub(crate) address: SocketAddr,
    /// The file of prepared requests.
    pub(crate) requests: PathBuf,
    /// Over how many connections; of an open loop at most so many.
    pub(crate) connections: u32,
    /// How long what comes back is counted.
    pub(crate) measured: Duration,
    /// How long before that.
    pub(crate) warm_up: Duration,
    /// Whether each request is sent once only; when there is none left, it is over.
    pub(crate) once: bool,
    /// How many a second are due in an open loop; nothing is a closed one.
    pub(crate) rate: Option<u32>,
    /// The statuses that answers may have.
    pub(crate) expected: Vec<u16>,
    /// Whether a connection waits as long as a `Retry-After` says.
    pub(crate) heeds_retry_after: bool,
    /// Whose processor time is to be told.
    pub(crate) process: Option<u32>,
}

impl Request {
    /// The arguments by which [`read`] reads this again.
    pub(crate) fn to_arguments(&self) -> Vec<String> {
        let mut arguments: Vec<String> = vec![
            format!("--address={}", self.address),
            format!("--requests={}", self.requests.display()),
            format!("--connections={}", self.connections),
            format!("--millis={}", self.measured.as_millis()),
            format!("--warm-up-millis={}", self.warm_up.as_millis()),
        ];
        let expected = self
            .expected
            .iter()
            .map(|status| format!("--expect={status}"));
        arguments.extend(expected);
        arguments.extend(self.rate.map(|rate| format!("--rate={rate}")));
        arguments.extend(self.process.map(|process| format!("--process={process}")));
        if self.once {
            arguments.push("--once".to_owned());
        }
        if self.heeds_retry_after {
            arguments.push("--heed-retry-after".to_owned());
        }
        arguments
    }
}

/// Reads the arguments.
pub(super) fn read(arguments: &[String]) -> Result<Request, Failure> {
    let mut arguments = Arguments::of("load", arguments);
    let (mut address, mut requests) = (None, None);
    let mut request = Request {
        address: SocketAddr::from(([127, 0, 0, 1], 0)),
        requests: PathBuf::new(),
        connections: 1,
        measured: Duration::from_secs(1),
        warm_up: Duration::ZERO,
        once: false,
        rate: None,
        expected: Vec::new(),
        heeds_retry_after: false,
        process: None,
    };
    while let Some(argument) = arguments.next() {
        match argument.name {
            "--address" => address = Some(arguments.value(argument)?),
            "--requests" => requests = Some(PathBuf::from(arguments.value(argument)?)),
            "--connections" => request.connections = arguments.number(argument, 1..=10_000)?,
            "--millis" => {
                let millis = arguments.number(argument, 1..=3_600_000)?;
                request.measured = Duration::from_millis(millis);
            }
            "--warm-up-millis" => {
                let millis = arguments.number(argument, 0..=60_000)?;
                request.warm_up = Duration::from_millis(millis);
            }
            "--rate" => request.rate = Some(arguments.number(argument, 1..=1_000_000)?),
            "--expect" => request
                .expected
                .push(arguments.number(argument, 100..=599)?),
            "--process" => request.process = Some(arguments.number(argument, 1..=u32::MAX)?),
            "--once" => {
                arguments.flag(argument)?;
                request.once = true;
            }
            "--heed-retry-after" => {
                arguments.flag(argument)?;
                request.heeds_retry_after = true;
            }
            _ => return Err(arguments.unknown(argument)),
        }
    }
    let usage = || Failure::usage("load is told by `cargo xtask bench` what to send");
    request.address = address
        .and_then(|address| address.parse().ok())
        .ok_or_else(usage)?;
    request.requests = requests.ok_or_else(usage)?;
    if request.expected.is_empty() {
        request.expected.push(200);
    }
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let everything = Request {
            address: "127.0.0.1:4000".parse().unwrap(),
            requests: "a b/requests".into(),
            connections: 32,
            measured: Duration::from_millis(5_500),
            warm_up: Duration::from_secs(1),
            once: true,
            rate: Some(500),
            expected: vec![200, 503],
            heeds_retry_after: true,
            process: Some(7),
        };
        assert_eq!(read(&everything.to_arguments()).unwrap(), everything);
        let little = Request {
            rate: None,
            process: None,
            once: false,
            heeds_retry_after: false,
            expected: vec![204],
            ..everything
        };
        assert_eq!(read(&little.to_arguments()).unwrap(), little);
    }

    #[test]
    fn what_makes_no_sense_is_a_usage_error() {
        for wrong in [
            "",
            "--address=127.0.0.1:4000",
            "--requests=a",
            "--address=nowhere --requests=a",
            "--address=127.0.0.1:4000 --requests=a --connections=0",
            "--address=127.0.0.1:4000 --requests=a --once=yes",
            "--address=127.0.0.1:4000 --requests=a --paint",
        ] {
            let words: Vec<String> = wrong.split_whitespace().map(str::to_owned).collect();
            assert_eq!(read(&words).unwrap_err().exit_code(), 2, "{wrong}");
        }
    }
}
