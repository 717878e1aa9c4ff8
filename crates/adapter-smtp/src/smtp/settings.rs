//! How the SMTP server is reached, and in whose name mail is sent.

use kogents_domain::secret::SecretText;

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// Upgraded by STARTTLS (RFC 3207) before anything is said; refused where it is not offered.
    StartTls,
    /// TLS from the first octet (RFC 8314), the rule on port 465.
    Implicit,
    /// Not at all: for development.
    None,
}

/// The settings of the SMTP server.
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    /// `SMTP_HOST`: also the name that the server's certificate must have.
    pub host: String,
    /// `SMTP_PORT`.
    pub port: u16,
    /// `SMTP_TLS`.
    pub tls: Tls,
    /// Authorities that are believed besides the public ones, as PEM. One that is given and
    /// cannot be read is an error, never left out.
    pub root_certificates: Option<Vec<u8>>,
    /// `SMTP_USER`; without one nobody signs in.
    pub username: Option<String>,
    /// `SMTP_PASS`.
    pub password: Option<SecretText>,
    /// `SMTP_FROM`: `address` or `Name <address>`.
    pub from: String,
    /// `SMTP_REPLY_TO`, of the same form.
    pub reply_to: Option<String>,
}

/// A setting that cannot be used. It never shows the setting's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSmtpSettings {
    /// `from` is not an address.
    #[error("SMTP_FROM must be an address, or a name and an address in angle brackets")]
    From,
    /// `reply_to` is not an address.
    #[error("SMTP_REPLY_TO must be an address, or a name and an address in angle brackets")]
    ReplyTo,
    /// `host` is empty, or not a name that a certificate can have.
    #[error("SMTP_HOST must be a host name or an IP address")]
    Host,
    /// `root_certificates` holds no certificate, or one that is malformed.
    #[error("the root certificates must be certificates in PEM form")]
    RootCertificates,
    /// One of user name and password without the other.
    #[error("SMTP_USER and SMTP_PASS must both be set, or neither")]
    Credentials,
}
