//! Whom the mailer believes to be the server.

use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::settings::{InvalidSmtpSettings, SmtpSettings};

/// TLS with a server that proves by its certificate to be the host of the settings.
pub(super) struct Trust {
    connector: TlsConnector,
    host: ServerName<'static>,
}

impl Trust {
    pub(super) fn new(settings: &SmtpSettings) -> Result<Self, InvalidSmtpSettings> {
        let host = ServerName::try_from(settings.host.clone());
        let host = host.map_err(|_| InvalidSmtpSettings::Host)?;
        let mut roots = RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        if let Some(pem) = &settings.root_certificates {
            add(&mut roots, pem).ok_or(InvalidSmtpSettings::RootCertificates)?;
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|_| InvalidSmtpSettings::Host)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            connector: TlsConnector::from(Arc::new(config)),
            host,
        })
    }

    /// Shakes hands. Nothing else is said before the server has proved who it is.
    pub(super) async fn protect(&self, stream: TcpStream) -> std::io::Result<TlsStream<TcpStream>> {
        self.connector.connect(self.host.clone(), stream).await
    }
}

/// Adds every certificate of a PEM text; None when one is malformed or there is none, so that an
/// empty list of authorities does not go unnoticed.
fn add(roots: &mut RootCertStore, pem: &[u8]) -> Option<()> {
    let before = roots.len();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        roots.add(certificate.ok()?).ok()?;
    }
    (roots.len() > before).then_some(())
}
