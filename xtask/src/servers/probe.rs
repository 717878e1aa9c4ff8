//! Whether a server answers as its kind does: a listening port alone says little, least of all
//! one that a container engine listens on.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use super::kind::Kind;

/// How long one question may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// Asks once. A server that wants a password first is one that answers.
pub(super) fn answers(kind: Kind, host: &str, port: u16) -> bool {
    let (question, good): (_, &[&[u8]]) = match kind {
        Kind::Postgres => (startup_message(), &[b"R"]),
        Kind::Redis => (b"PING\r\n".to_vec(), &[b"+PONG", b"-NOAUTH"]),
    };
    let answer = ask((host, port), &question).unwrap_or_default();
    good.iter().any(|good| answer.starts_with(good))
}

/// The first bytes of what an address answers to a question.
fn ask(address: impl ToSocketAddrs, question: &[u8]) -> Option<Vec<u8>> {
    let address = address.to_socket_addrs().ok()?.next()?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.set_write_timeout(Some(PATIENCE)).ok()?;
    stream.write_all(question).ok()?;
    let mut head = [0_u8; 64];
    let length = stream.read(&mut head).ok()?;
    head.get(..length).map(<[u8]>::to_vec)
}

/// PostgreSQL's first message, version 3.0. One that is ready answers `R`, about authentication;
/// one that still starts answers `E`, an error.
fn startup_message() -> Vec<u8> {
    let parameters = b"user\0postgres\0database\0postgres\0\0";
    let length = u32::try_from(parameters.len())
        .unwrap_or(0)
        .saturating_add(8);
    let mut message = length.to_be_bytes().to_vec();
    message.extend_from_slice(&[0, 3, 0, 0]);
    message.extend_from_slice(parameters);
    message
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// A server that reads as much as a question has and answers this.
    fn answering(answer: &'static [u8], question: usize) -> u16 {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.read_exact(&mut vec![0_u8; question]).unwrap();
            stream.write_all(answer).unwrap();
        });
        port
    }

    #[test]
    fn the_message_says_how_long_it_is() {
        let message = startup_message();
        assert_eq!(
            message[..4],
            u32::try_from(message.len()).unwrap().to_be_bytes()
        );
    }

    #[test]
    fn only_the_right_answer_counts() {
        let length = startup_message().len();
        let postgres = |answer| answers(Kind::Postgres, "127.0.0.1", answering(answer, length));
        assert!(postgres(b"R\0\0\0\x08\0\0\0\0"));
        assert!(!postgres(b"E\0\0\0\x08starting up"));
        assert!(!postgres(b""));
        let redis = |answer| answers(Kind::Redis, "127.0.0.1", answering(answer, 6));
        assert!(redis(b"+PONG\r\n"));
        assert!(redis(b"-NOAUTH Authentication required.\r\n"));
        assert!(!redis(b"-LOADING Redis is loading\r\n"));
    }
}
