//! A small scripted SMTP server on a free port.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine};
use rustls::ServerConfig;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// What the server answers at each step. An empty answer ends the connection; `-` says nothing.
#[derive(Clone)]
pub(super) struct Script {
    pub(super) protection: Protection,
    pub(super) greeting: &'static str,
    pub(super) hello: &'static str,
    pub(super) starttls: &'static str,
    /// What is answered to EHLO over TLS.
    pub(super) protected_hello: &'static str,
    /// The user name and password without which nothing is taken; who signs in with others, or
    /// in clear, is refused. Without an account every sign-in gets the answer `auth`.
    pub(super) account: Option<(&'static str, &'static str)>,
    pub(super) auth: &'static str,
    pub(super) mail: &'static str,
    pub(super) rcpt: &'static str,
    pub(super) data: &'static str,
    pub(super) content: &'static str,
    pub(super) noop: &'static str,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            protection: Protection::None,
            greeting: "220 test ESMTP",
            hello: "250-test\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME",
            starttls: "220 2.0.0 go ahead",
            protected_hello: "250-test\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME",
            account: None,
            auth: "235 2.7.0 welcome",
            mail: "250 2.1.0 fine",
            rcpt: "250 2.1.5 fine",
            data: "354 go on",
            content: "250 2.0.0 taken",
            noop: "250 fine",
        }
    }
}

/// When the server speaks TLS.
#[derive(Clone)]
pub(super) enum Protection {
    None,
    Implicit(Handshake),
    StartTls(Handshake),
}

/// How the server shakes hands.
#[derive(Clone)]
pub(super) enum Handshake {
    /// With a certificate.
    With(Arc<ServerConfig>),
    /// It listens and never answers.
    Hangs,
}

/// What the server was told.
#[derive(Default)]
pub(super) struct Heard {
    pub(super) connections: usize,
    /// How many connections have ended.
    pub(super) ended: usize,
    /// How many handshakes both sides completed.
    pub(super) handshakes: usize,
    /// What was sent to a handshake that hangs.
    pub(super) unanswered: Vec<u8>,
    /// Those of the commands that came without TLS.
    pub(super) in_clear: Vec<String>,
    pub(super) commands: Vec<String>,
    pub(super) mails: Vec<String>,
}

pub(super) struct TestServer {
    pub(super) port: u16,
    pub(super) heard: Arc<Mutex<Heard>>,
}

impl TestServer {
    pub(super) async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(Heard::default()));
        let hearing = Arc::clone(&heard);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                hearing.lock().unwrap().connections += 1;
                let (script, hearing) = (script.clone(), Arc::clone(&hearing));
                tokio::spawn(async move {
                    converse(stream, script, &hearing).await;
                    hearing.lock().unwrap().ended += 1;
                });
            }
        });
        Self { port, heard }
    }

    /// The one mail that was taken.
    pub(super) fn mail(&self) -> String {
        let heard = self.heard.lock().unwrap();
        assert_eq!(heard.mails.len(), 1);
        heard.mails[0].clone()
    }

    pub(super) fn commands(&self) -> Vec<String> {
        self.heard.lock().unwrap().commands.clone()
    }

    /// Waits until every connection has ended: then nothing more can be heard.
    pub(super) async fn everyone_left(&self) {
        let all_ended = async {
            loop {
                {
                    let heard = self.heard.lock().unwrap();
                    if heard.connections > 0 && heard.ended == heard.connections {
                        return;
                    }
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let ended = tokio::time::timeout(Duration::from_secs(10), all_ended).await;
        assert!(ended.is_ok(), "a connection is still open");
    }

    pub(super) fn connections(&self) -> usize {
        self.heard.lock().unwrap().connections
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

type Wire = BufReader<Box<dyn Stream>>;

impl Handshake {
    async fn shake(&self, stream: Wire, heard: &Mutex<Heard>) -> Option<Wire> {
        let mut stream = stream.into_inner();
        match self {
            Self::With(config) => {
                let acceptor = TlsAcceptor::from(Arc::clone(config));
                let stream = acceptor.accept(stream).await.ok()?;
                heard.lock().unwrap().handshakes += 1;
                Some(BufReader::new(Box::new(stream)))
            }
            Self::Hangs => {
                let mut octets = Vec::new();
                let _ = stream.read_to_end(&mut octets).await;
                heard.lock().unwrap().unanswered = octets;
                None
            }
        }
    }
}

async fn converse(stream: TcpStream, script: Script, heard: &Mutex<Heard>) -> Option<()> {
    let mut stream: Wire = BufReader::new(Box::new(stream));
    let mut protected = false;
    let mut welcome = script.account.is_none();
    if let Protection::Implicit(handshake) = &script.protection {
        stream = handshake.shake(stream, heard).await?;
        protected = true;
    }
    answer(&mut stream, script.greeting).await?;
    loop {
        let command = line(&mut stream).await?;
        let verb = command.split(' ').next().unwrap().to_uppercase();
        {
            let mut heard = heard.lock().unwrap();
            heard.commands.push(command.clone());
            if !protected {
                heard.in_clear.push(command.clone());
            }
        }
        match verb.as_str() {
            "EHLO" if protected => answer(&mut stream, script.protected_hello).await?,
            "EHLO" => answer(&mut stream, script.hello).await?,
            "STARTTLS" => {
                answer(&mut stream, script.starttls).await?;
                if let (true, Protection::StartTls(handshake)) =
                    (script.starttls.starts_with('2'), &script.protection)
                {
                    stream = handshake.shake(stream, heard).await?;
                    protected = true;
                }
            }
            "AUTH" => {
                let Some(account) = script.account else {
                    answer(&mut stream, script.auth).await?;
                    continue;
                };
                welcome = protected && signs_in(&mut stream, &command, account).await?;
                let said = if welcome {
                    "235 2.7.0 welcome"
                } else {
                    "535 5.7.8 no"
                };
                answer(&mut stream, said).await?;
            }
            "MAIL" if !welcome => answer(&mut stream, "530 5.7.0 sign in first").await?,
            "MAIL" => answer(&mut stream, script.mail).await?,
            "RCPT" => answer(&mut stream, script.rcpt).await?,
            "DATA" => {
                answer(&mut stream, script.data).await?;
                if script.data.starts_with('3') {
                    let mut mail = String::new();
                    loop {
                        let line = line(&mut stream).await?;
                        if line == "." {
                            break;
                        }
                        mail.push_str(&line);
                        mail.push('\n');
                    }
                    heard.lock().unwrap().mails.push(mail);
                    answer(&mut stream, script.content).await?;
                }
            }
            "NOOP" => answer(&mut stream, script.noop).await?,
            "QUIT" => {
                answer(&mut stream, "221 bye").await?;
                return None;
            }
            _ => answer(&mut stream, "250 fine").await?,
        }
    }
}

/// Whether a client knows the account, by AUTH PLAIN (RFC 4616) or LOGIN.
async fn signs_in(stream: &mut Wire, command: &str, account: (&str, &str)) -> Option<bool> {
    let (user, password) = account;
    let said = |text: &str| BASE64_STANDARD.decode(text).unwrap_or_default();
    let mut words = command.split(' ').skip(1);
    match words.next()? {
        "PLAIN" => {
            let expected = format!("\0{user}\0{password}");
            Some(said(words.next()?) == expected.as_bytes())
        }
        "LOGIN" => {
            let mut right = true;
            for (question, expected) in [("Username:", user), ("Password:", password)] {
                answer(stream, &format!("334 {}", BASE64_STANDARD.encode(question))).await?;
                right &= said(&line(stream).await?) == expected.as_bytes();
            }
            Some(right)
        }
        _ => Some(false),
    }
}

async fn answer(stream: &mut Wire, text: &str) -> Option<()> {
    match text {
        "" => None,
        "-" => Some(()),
        text => {
            let line = format!("{text}\r\n");
            stream.write_all(line.as_bytes()).await.ok()?;
            stream.flush().await.ok()
        }
    }
}

async fn line(stream: &mut Wire) -> Option<String> {
    let mut line = String::new();
    let read = stream.read_line(&mut line).await.ok()?;
    (read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
}
