//! Whom the mailer believes to be the server.

use lettre::transport::smtp::client::{Certificate, TlsParameters};

use super::settings::{InvalidSmtpSettings, SmtpSettings};

/// How a certificate begins in PEM (RFC 7468). Without one the list of authorities would be empty
/// and nobody would notice.
const BEGINNING: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// TLS with a server that proves by its certificate to be the host of the settings.
pub(super) fn parameters(settings: &SmtpSettings) -> Result<TlsParameters, InvalidSmtpSettings> {
    let builder = TlsParameters::builder(settings.host.clone());
    let Some(pem) = &settings.root_certificates else {
        return builder.build().map_err(|_| InvalidSmtpSettings::Host);
    };
    if !pem
        .windows(BEGINNING.len())
        .any(|window| window == BEGINNING)
    {
        return Err(InvalidSmtpSettings::RootCertificates);
    }
    Certificate::from_pem(pem)
        .and_then(|certificates| builder.add_root_certificate(certificates).build())
        .map_err(|_| InvalidSmtpSettings::RootCertificates)
}
