//! A mail server of a test's own: it takes mail from one account only, and keeps it.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine as _};

/// How long a mail may take.
const LIMIT: Duration = Duration::from_secs(20);

/// Listens until the test's process ends.
pub(crate) struct SmtpServer {
    pub(crate) port: u16,
    mails: Arc<Mutex<Vec<String>>>,
}

impl SmtpServer {
    /// A server with an account. It refuses recipients of the domain `refused.example`, and repeats
    /// their address on two lines.
    pub(crate) fn with_account(user: &'static str, password: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let mails = Arc::new(Mutex::new(Vec::new()));
        let keep = mails.clone();
        let expected = BASE64_STANDARD.encode(format!("\0{user}\0{password}"));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, keep, expected) = (stream.unwrap(), keep.clone(), expected.clone());
                std::thread::spawn(move || converse(&stream, &expected, &keep));
            }
        });
        Self { port, mails }
    }

    /// Waits for a mail to an address in which this text stands, and gives it.
    pub(crate) async fn mail(&self, to: &str, with: &str) -> String {
        let head = format!("To: {to}\n");
        let arrived = async {
            loop {
                let mails = self.mails.lock().unwrap().clone();
                let mut mails = mails.into_iter().rev();
                if let Some(mail) = mails.find(|mail| mail.contains(&head) && mail.contains(with)) {
                    return mail;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let arrived = tokio::time::timeout(LIMIT, arrived).await;
        arrived.expect("the mail arrives")
    }

    /// Waits for a mail with a code, and gives the code.
    pub(crate) async fn code(&self, to: &str) -> String {
        let mail = self.mail(to, "confirm your address").await;
        let is_code = |line: &&str| line.len() == 6 && line.bytes().all(|c| c.is_ascii_digit());
        let code = mail.lines().map(str::trim).find(is_code);
        code.unwrap_or_else(|| panic!("no code in {mail}"))
            .to_owned()
    }
}

fn converse(stream: &TcpStream, expected: &str, mails: &Mutex<Vec<String>>) -> Option<()> {
    let mut out = stream;
    let mut answer = move |text: &str| out.write_all(format!("{text}\r\n").as_bytes()).ok();
    let mut lines = BufReader::new(stream).lines();
    let mut line = move || lines.next()?.ok();
    let mut signed_in = false;
    answer("220 test ESMTP")?;
    loop {
        let command = line()?;
        let mut words = command.split([' ', ':']);
        match words.next()? {
            "EHLO" => answer("250-test\r\n250 AUTH PLAIN")?,
            "AUTH" => {
                signed_in = words.nth(1) == Some(expected);
                answer(if signed_in { "235 fine" } else { "535 no" })?;
            }
            "MAIL" if !signed_in => answer("530 sign in first")?,
            "RCPT" if command.contains("refused.example") => {
                let address = command.trim_start_matches("RCPT TO:");
                answer(&format!("550-nobody here\r\n550 is called {address}"))?;
            }
            "DATA" => {
                answer("354 go on")?;
                let mut mail = String::new();
                loop {
                    match line()?.as_str() {
                        "." => break,
                        line => mail.extend([line, "\n"]),
                    }
                }
                mails.lock().unwrap().push(mail);
                answer("250 taken")?;
            }
            _ => answer("250 fine")?,
        }
    }
}
