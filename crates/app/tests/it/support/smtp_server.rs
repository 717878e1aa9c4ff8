//! A mail server of a test's own: it answers what it is told to, and keeps and parses what it got.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::arrived_mail::ArrivedMail;

/// How long a mail may take.
const LIMIT: Duration = Duration::from_secs(60);

/// What the server does with whoever calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    /// It takes every mail.
    Takes,
    /// It closes every connection at once.
    Away,
    /// 451 to the recipient.
    PutsOff,
    /// 550 to the recipient.
    RefusesRecipient,
    /// 550 to the whole mail.
    RefusesContent,
    /// 535 to the sign-in.
    RefusesSignIn,
    /// It takes the mail and says nothing any more.
    Hangs,
    /// It takes the mail and closes the connection without an answer.
    Drops,
}

struct State {
    mood: Mutex<Mood>,
    mails: Mutex<Vec<ArrivedMail>>,
    /// What signs in, encoded; None: there is no sign-in.
    account: Option<String>,
    calls: AtomicUsize,
}

/// Listens until the test's process ends.
pub(crate) struct SmtpServer {
    pub(crate) port: u16,
    state: Arc<State>,
}

impl SmtpServer {
    /// A server that anybody may send by.
    pub(crate) fn open() -> Self {
        Self::start(None)
    }

    /// A server with an account. It refuses recipients of the domain `refused.example`, and repeats
    /// their address on two lines; it puts off those of `put-off.example`.
    pub(crate) fn with_account(user: &str, password: &str) -> Self {
        Self::start(Some(
            BASE64_STANDARD.encode(format!("\0{user}\0{password}")),
        ))
    }

    fn start(account: Option<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State {
            mood: Mutex::new(Mood::Takes),
            mails: Mutex::default(),
            account,
            calls: AtomicUsize::new(0),
        });
        let shared = state.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, state) = (stream.unwrap(), shared.clone());
                state.calls.fetch_add(1, Ordering::Relaxed);
                std::thread::spawn(move || converse(&stream, &state));
            }
        });
        Self { port, state }
    }

    /// From now on it answers so, also to whoever is connected.
    pub(crate) fn set(&self, mood: Mood) {
        *self.state.mood.lock().unwrap() = mood;
    }

    /// How many connections there have been.
    pub(crate) fn calls(&self) -> usize {
        self.state.calls.load(Ordering::Relaxed)
    }

    /// Every mail that came whole, whatever was answered, in order.
    pub(crate) fn mails(&self) -> Vec<ArrivedMail> {
        self.state.mails.lock().unwrap().clone()
    }

    /// The mails to an address.
    pub(crate) fn mails_to(&self, to: &str) -> Vec<ArrivedMail> {
        let mut mails = self.mails();
        mails.retain(|mail| mail.to == to);
        mails
    }

    /// Waits for a mail to an address in whose subject or text this stands, and gives the newest.
    pub(crate) async fn mail(&self, to: &str, with: &str) -> ArrivedMail {
        let arrived = self.until(|| {
            let mails = self.mails_to(to);
            mails
                .into_iter()
                .rev()
                .find(|mail| mail.text.contains(with) || mail.header("subject").contains(with))
        });
        arrived.await
    }

    /// Waits for something to be so.
    pub(crate) async fn until<T>(&self, found: impl Fn() -> Option<T>) -> T {
        let waited = async {
            loop {
                match found() {
                    Some(found) => return found,
                    None => tokio::time::sleep(Duration::from_millis(5)).await,
                }
            }
        };
        let waited = tokio::time::timeout(LIMIT, waited).await;
        waited.expect("the mail arrives")
    }

    /// Waits for a mail with a code, and gives the newest code.
    pub(crate) async fn code(&self, to: &str) -> String {
        self.mail(to, "confirm your address").await.code()
    }
}

fn converse(stream: &TcpStream, state: &State) -> Option<()> {
    let mood = || *state.mood.lock().unwrap();
    if mood() == Mood::Away {
        return None;
    }
    let mut out = stream;
    let mut answer = move |text: &str| out.write_all(format!("{text}\r\n").as_bytes()).ok();
    let mut lines = BufReader::new(stream).lines();
    let mut line = move || lines.next()?.ok();
    let mut signed_in = state.account.is_none();
    let mut recipients = Vec::new();
    answer("220 test ESMTP")?;
    loop {
        let command = line()?;
        if mood() == Mood::Away {
            return None;
        }
        let mut words = command.split([' ', ':']);
        match words.next()? {
            "EHLO" => answer("250-test\r\n250-8BITMIME\r\n250 AUTH PLAIN")?,
            "AUTH" => {
                let is_known = words.nth(1) == state.account.as_deref();
                signed_in = is_known && mood() != Mood::RefusesSignIn;
                answer(if signed_in { "235 fine" } else { "535 no" })?;
            }
            "MAIL" if !signed_in => answer("530 sign in first")?,
            "MAIL" => {
                recipients.clear();
                answer("250 fine")?;
            }
            "RCPT" if command.contains("refused.example") => {
                let address = command.trim_start_matches("RCPT TO:");
                answer(&format!("550-nobody here\r\n550 is called {address}"))?;
            }
            "RCPT" if command.contains("put-off.example") => answer("451 4.3.0 try again later")?,
            "RCPT" => match mood() {
                Mood::PutsOff => answer("451 4.3.0 try again later")?,
                Mood::RefusesRecipient => answer("550 5.1.1 no such mailbox")?,
                Mood::Takes
                | Mood::Away
                | Mood::RefusesContent
                | Mood::RefusesSignIn
                | Mood::Hangs
                | Mood::Drops => {
                    recipients.push(command);
                    answer("250 fine")?;
                }
            },
            "DATA" => {
                answer("354 go on")?;
                let mut mail = String::new();
                loop {
                    match line()?.as_str() {
                        "." => break,
                        line => {
                            // A line that begins with a dot was given a second one.
                            let line = line.strip_prefix('.').unwrap_or(line);
                            mail.extend([line, "\r\n"]);
                        }
                    }
                }
                let arrived = ArrivedMail::parse(&recipients, &mail);
                match mood() {
                    Mood::RefusesContent => answer("550 5.7.1 not wanted")?,
                    Mood::Hangs => {
                        state.mails.lock().unwrap().push(arrived);
                        // Whoever sent it gives up in the end.
                        line()?;
                    }
                    Mood::Drops => {
                        state.mails.lock().unwrap().push(arrived);
                        return None;
                    }
                    Mood::Takes
                    | Mood::Away
                    | Mood::PutsOff
                    | Mood::RefusesRecipient
                    | Mood::RefusesSignIn => {
                        state.mails.lock().unwrap().push(arrived);
                        answer("250 taken")?;
                    }
                }
            }
            _ => answer("250 fine")?,
        }
    }
}
