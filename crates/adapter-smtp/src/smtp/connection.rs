//! The conversation with the server, step by step, so that every refusal is known by its step.

use std::time::Duration;

use kogents_domain::time::Clock;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::failure::{Failure, Step};
use super::message::Written;
use super::settings::{InvalidSmtpSettings, SmtpSettings, Tls};
use super::starttls;
use super::trust::Trust;
use super::wire::Wire;

/// A connection that is greeted, protected and signed in.
pub(super) type Connection = AsyncSmtpConnection;

/// How long one command may take.
const COMMAND_LIMIT: Duration = Duration::from_secs(10);
/// How long a farewell may take.
const FAREWELL_LIMIT: Duration = Duration::from_secs(1);

/// The server and how to get to it.
pub(super) struct Server {
    host: String,
    port: u16,
    protection: Protection,
    credentials: Option<Credentials>,
    name: ClientId,
    pub(super) command_limit: Duration,
}

enum Protection {
    StartTls(Trust),
    Implicit(Trust),
    None,
}

impl Server {
    /// The server of the settings, to which we call ourselves `name`.
    pub(super) fn new(settings: &SmtpSettings, name: &str) -> Result<Self, InvalidSmtpSettings> {
        if settings.host.trim().is_empty() {
            return Err(InvalidSmtpSettings::Host);
        }
        let credentials = match (&settings.username, &settings.password) {
            (Some(username), Some(password)) => Some(Credentials::new(
                username.clone(),
                password.expose().to_owned(),
            )),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => return Err(InvalidSmtpSettings::Credentials),
        };
        Ok(Self {
            host: settings.host.clone(),
            port: settings.port,
            protection: match settings.tls {
                Tls::StartTls => Protection::StartTls(Trust::new(settings)?),
                Tls::Implicit => Protection::Implicit(Trust::new(settings)?),
                Tls::None => Protection::None,
            },
            credentials,
            name: ClientId::Domain(name.to_owned()),
            command_limit: COMMAND_LIMIT,
        })
    }

    /// Connects, protects the connection and signs in.
    pub(super) async fn open(&self) -> Result<Connection, Failure> {
        let wire = timeout(self.command_limit, self.connect())
            .await
            .map_err(|_| Failure::timed_out(Step::Connection))??;
        let greet = AsyncSmtpConnection::connect_with_transport(Box::new(wire), &self.name);
        let mut connection = self.within(Step::Connection, greet).await?;
        if let Some(credentials) = &self.credentials {
            let sign_in = connection.auth(DEFAULT_MECHANISMS, credentials);
            self.within(Step::SignIn, sign_in).await?;
        }
        Ok(connection)
    }

    /// Connects and protects the connection.
    async fn connect(&self) -> Result<Wire, Failure> {
        let failed = |error: std::io::Error| Failure::connecting(&error);
        let connected = TcpStream::connect((self.host.as_str(), self.port)).await;
        let mut stream = connected.map_err(failed)?;
        match &self.protection {
            Protection::None => Ok(Wire::plain(stream)),
            Protection::Implicit(trust) => {
                let protected = trust.protect(stream).await;
                protected.map(Wire::implicit).map_err(failed)
            }
            Protection::StartTls(trust) => {
                starttls::ask(&mut stream, &self.name).await?;
                let protected = trust.protect(stream).await;
                protected.map(Wire::upgraded).map_err(failed)
            }
        }
    }

    /// Hands one mail over.
    pub(super) async fn send(
        &self,
        connection: &mut Connection,
        mail: &Written,
        clock: &dyn Clock,
    ) -> Result<(), Failure> {
        let parameters = mail_parameters(connection, mail)?;
        let sender = connection.command(Mail::new(Some(mail.from.clone()), parameters));
        self.within(Step::Sender, sender).await?;
        let recipient = connection.command(Rcpt::new(mail.to.clone(), Vec::new()));
        self.within(Step::Recipient, recipient).await?;
        // From here on the mail may arrive.
        if mail.send_before.is_some_and(|end| end <= clock.now()) {
            return Err(Failure::too_late());
        }
        self.within(Step::Content, connection.command(Data)).await?;
        // The answer to the content has no limit but the delivery's: a server that checks it for
        // long has it already, and giving up early would send it twice.
        connection
            .message(&mail.octets)
            .await
            .map(|_| ())
            .map_err(|error| Failure::of(Step::Content, &error))
    }

    /// Leaves a connection on which something failed; politely where the server still listens.
    pub(super) async fn leave(connection: Connection, failure: &Failure) {
        if failure.answered {
            Self::farewell(connection).await;
        }
    }

    /// Leaves a connection on which all is well. What the server says to that changes nothing.
    pub(super) async fn farewell(mut connection: Connection) {
        let _ = timeout(FAREWELL_LIMIT, connection.quit()).await;
    }

    async fn within<T>(
        &self,
        step: Step,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Failure> {
        timeout(self.command_limit, work)
            .await
            .map_err(|_| Failure::timed_out(step))?
            .map_err(|error| Failure::of(step, &error))
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server")
            .field("host", &self.host)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

/// What has to be said of addresses and content that are not ASCII (RFC 6531, RFC 6152). Content
/// is encoded as ASCII; only an address with other letters before its `@` brings them in.
fn mail_parameters(connection: &Connection, mail: &Written) -> Result<Vec<MailParameter>, Failure> {
    let server = connection.server_info();
    let mut parameters = Vec::new();
    let addresses: [&str; 2] = [mail.from.as_ref(), mail.to.as_ref()];
    if !addresses.iter().all(|address| address.is_ascii()) {
        if !server.supports_feature(Extension::SmtpUtfEight) {
            return Err(Failure::unwritable(
                "the server takes no addresses beyond ASCII",
            ));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !mail.octets.is_ascii() {
        if !server.supports_feature(Extension::EightBitMime) {
            return Err(Failure::unwritable("the server takes no 8-bit content"));
        }
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    Ok(parameters)
}
