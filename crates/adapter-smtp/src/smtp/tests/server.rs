//! A small scripted SMTP server on a free port.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the server answers at each step. An empty answer ends the connection; `-` says nothing.
#[derive(Clone)]
pub(super) struct Script {
    pub(super) greeting: &'static str,
    pub(super) hello: &'static str,
    pub(super) auth: &'static str,
    pub(super) mail: &'static str,
    pub(super) rcpt: &'static str,
    pub(super) data: &'static str,
    pub(super) content: &'static str,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            greeting: "220 test ESMTP",
            hello: "250-test\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME",
            auth: "235 2.7.0 welcome",
            mail: "250 2.1.0 fine",
            rcpt: "250 2.1.5 fine",
            data: "354 go on",
            content: "250 2.0.0 taken",
        }
    }
}

/// What the server was told.
#[derive(Default)]
pub(super) struct Heard {
    pub(super) connections: usize,
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
                tokio::spawn(converse(stream, script.clone(), Arc::clone(&hearing)));
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

    pub(super) fn connections(&self) -> usize {
        self.heard.lock().unwrap().connections
    }
}

async fn converse(stream: TcpStream, script: Script, heard: Arc<Mutex<Heard>>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    answer(&mut stream, script.greeting).await?;
    loop {
        let command = line(&mut stream).await?;
        let verb = command.split(' ').next().unwrap().to_uppercase();
        heard.lock().unwrap().commands.push(command);
        match verb.as_str() {
            "EHLO" => answer(&mut stream, script.hello).await?,
            "AUTH" => answer(&mut stream, script.auth).await?,
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
            "QUIT" => {
                answer(&mut stream, "221 bye").await?;
                return None;
            }
            _ => answer(&mut stream, "250 fine").await?,
        }
    }
}

async fn answer(stream: &mut BufReader<TcpStream>, text: &str) -> Option<()> {
    match text {
        "" => None,
        "-" => Some(()),
        text => stream
            .get_mut()
            .write_all(format!("{text}\r\n").as_bytes())
            .await
            .ok(),
    }
}

async fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    let read = stream.read_line(&mut line).await.ok()?;
    (read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
}
