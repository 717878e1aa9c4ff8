//! Encrypts connections, by rustls.
//!
//! `require` verifies as much as `verify-full` does, unlike libpq, where it accepts any
//! certificate: encryption with whoever answers protects from nobody who can answer. `prefer`, which
//! falls back to a plain connection and so cannot protect from such a one anyway, verifies
//! nothing, as in libpq.

mod verifiers;

use std::path::PathBuf;
use std::sync::Arc;

use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::config::SslNegotiation;
use tokio_postgres_rustls::MakeRustlsConnect;

use self::verifiers::{AnyCertificate, ChainOnly};
use crate::open_error::OpenError;

/// How far a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TlsMode {
    /// Never encrypted.
    Disable,
    /// Encrypted where the server offers it; nothing is verified.
    Prefer,
    /// Encrypted and verified, chain and name.
    Require,
    /// Encrypted; the chain is verified, and the name too unless the authority is one's own.
    VerifyCa,
    /// Encrypted and verified, chain and name.
    VerifyFull,
}

impl TlsMode {
    /// The mode of a URL's `sslmode`. `allow` would encrypt only where the server insists;
    /// `prefer` does no less.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "disable" => Some(Self::Disable),
            "allow" | "prefer" => Some(Self::Prefer),
            "require" => Some(Self::Require),
            "verify-ca" => Some(Self::VerifyCa),
            "verify-full" => Some(Self::VerifyFull),
            _ => None,
        }
    }

    /// Whether the server must show who it is.
    pub(crate) const fn verifies(self) -> bool {
        match self {
            Self::Disable | Self::Prefer => false,
            Self::Require | Self::VerifyCa | Self::VerifyFull => true,
        }
    }
}

/// Whose certificates are believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Roots {
    /// The public authorities, as Mozilla lists them.
    Public,
    /// Those in a PEM file and no others.
    File(PathBuf),
}

/// How a connection is to be protected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TlsWanted {
    mode: TlsMode,
    roots: Roots,
}

impl TlsWanted {
    /// Puts mode and roots together. Naming roots without verifying is refused: who does so
    /// believes to be protected.
    pub(crate) fn new(mode: TlsMode, roots: Option<Roots>) -> Result<Self, OpenError> {
        if roots.is_some() && !mode.verifies() {
            return Err(OpenError::InvalidUrl(
                "sslrootcert needs sslmode=verify-full, verify-ca or require".to_owned(),
            ));
        }
        Ok(Self {
            mode,
            roots: roots.unwrap_or(Roots::Public),
        })
    }

    pub(crate) const fn mode(&self) -> TlsMode {
        self.mode
    }

    #[cfg(test)]
    pub(crate) const fn roots(&self) -> &Roots {
        &self.roots
    }

    /// What encrypts. The server is asked for TLS, or not, by the connection's own settings.
    pub(crate) fn connector(
        &self,
        negotiation: SslNegotiation,
    ) -> Result<MakeRustlsConnect, OpenError> {
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| OpenError::Tls(error.to_string()))?;
        let mut config = if self.mode.verifies() {
            let roots = Arc::new(self.trusted()?);
            let mut config = builder
                .with_root_certificates(Arc::clone(&roots))
                .with_no_client_auth();
            // With the public authorities the name is all that tells the server from others.
            if self.mode == TlsMode::VerifyCa && self.roots != Roots::Public {
                let verifier = ChainOnly::new(roots, provider)?;
                config
                    .dangerous()
                    .set_certificate_verifier(Arc::new(verifier));
            }
            config
        } else {
            let verifier = Arc::new(AnyCertificate::new(algorithms(&provider)));
            builder
                .dangerous()
                .with_custom_certificate_verifier(verifier)
                .with_no_client_auth()
        };
        if negotiation == SslNegotiation::Direct {
            config.alpn_protocols = vec![b"postgresql".to_vec()];
        }
        Ok(MakeRustlsConnect::new(config))
    }

    fn trusted(&self) -> Result<RootCertStore, OpenError> {
        let path = match &self.roots {
            Roots::Public => {
                return Ok(RootCertStore {
                    roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
                });
            }
            Roots::File(path) => path,
        };
        let unusable =
            |reason: String| OpenError::Tls(format!("sslrootcert {}: {reason}", path.display()));
        let mut roots = RootCertStore::empty();
        let certificates =
            CertificateDer::pem_file_iter(path).map_err(|e| unusable(e.to_string()))?;
        for certificate in certificates {
            certificate
                .map_err(|error| error.to_string())
                .and_then(|certificate| roots.add(certificate).map_err(|e| e.to_string()))
                .map_err(unusable)?;
        }
        if roots.is_empty() {
            return Err(unusable("it holds no certificate".to_owned()));
        }
        Ok(roots)
    }
}

fn algorithms(provider: &CryptoProvider) -> rustls::crypto::WebPkiSupportedAlgorithms {
    provider.signature_verification_algorithms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_certificates_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("empty.pem");
        std::fs::write(&empty, "nothing\n").unwrap();
        let broken = folder.path().join("broken.pem");
        let text = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        std::fs::write(&broken, text).unwrap();
        for path in [empty, broken, folder.path().join("absent.pem")] {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let wanted = TlsWanted::new(TlsMode::VerifyFull, Some(Roots::File(path))).unwrap();
            match wanted.connector(SslNegotiation::Postgres) {
                Err(OpenError::Tls(reason)) => assert!(reason.contains(&name), "{reason}"),
                Err(other) => panic!("{other:?}"),
                Ok(_) => panic!("{name} was taken"),
            }
        }
    }
}
