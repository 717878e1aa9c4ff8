//! A server that says to be an older PostgreSQL: the startup of the protocol and nothing else.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// The request for TLS, and the number of the protocol (PostgreSQL's documentation, "Message
/// Formats").
const SSL_REQUEST: u32 = 80_877_103;
const PROTOCOL_3: u32 = 196_608;

/// Listens until the test's process ends.
pub(crate) struct OldPostgres {
    port: u16,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl OldPostgres {
    /// A server that lets everybody in and then tells its version.
    pub(crate) fn of_version(version: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let hearing = heard.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let kinds = converse(stream.unwrap(), version).unwrap_or_default();
                hearing.lock().unwrap().extend(kinds);
            }
        });
        Self { port, heard }
    }

    pub(crate) fn url(&self) -> String {
        format!("postgresql://ada:canary@127.0.0.1:{}/chat", self.port)
    }

    /// The kinds of all messages that came after the startup.
    pub(crate) fn heard(&self) -> Vec<char> {
        let heard = self.heard.lock().unwrap();
        heard.iter().map(|&kind| char::from(kind)).collect()
    }
}

/// Greets a client, and gives the kinds of what it says until it goes.
fn converse(mut stream: TcpStream, version: &str) -> std::io::Result<Vec<u8>> {
    loop {
        match startup(&mut stream)? {
            SSL_REQUEST => stream.write_all(b"N")?,
            PROTOCOL_3 => break,
            other => panic!("a startup of protocol {other}"),
        }
    }
    let parameter = format!("server_version\0{version}\0");
    for (kind, body) in [
        (b'R', [0; 4].as_slice()),
        (b'S', parameter.as_bytes()),
        (b'S', b"client_encoding\0UTF8\0"),
        (b'K', &[0; 8]),
        (b'Z', b"I"),
    ] {
        stream.write_all(&[kind])?;
        let length = u32::try_from(body.len() + 4).unwrap();
        stream.write_all(&length.to_be_bytes())?;
        stream.write_all(body)?;
    }
    let mut kinds = Vec::new();
    let mut kind = [0; 1];
    while stream.read_exact(&mut kind).is_ok() {
        kinds.push(kind[0]);
        body(&mut stream)?;
    }
    Ok(kinds)
}

/// Reads a message without a kind and gives the number that it begins with.
fn startup(stream: &mut TcpStream) -> std::io::Result<u32> {
    let body = body(stream)?;
    Ok(u32::from_be_bytes(body[..4].try_into().unwrap()))
}

fn body(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap();
    let mut body = vec![0; length - 4];
    stream.read_exact(&mut body)?;
    Ok(body)
}
