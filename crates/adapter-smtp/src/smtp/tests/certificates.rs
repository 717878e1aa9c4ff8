//! An authority of our own, made by the `openssl` command.

use std::fs;
use std::process::Command;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tempfile::TempDir;

const KEY: &str = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";

/// What `openssl ca` has to be told to give out a certificate whose days are over.
const LEDGER: &str = "[ca]\ndefault_ca=ledger\n[ledger]\ndatabase=index\nnew_certs_dir=.\n\
    default_md=sha256\nserial=serial\npolicy=names\n[names]\ncommonName=supplied\n";

/// When a certificate is valid.
#[derive(Clone, Copy)]
pub(super) enum Validity {
    Now,
    /// For a month that is long over.
    Once,
}

/// An authority that gives out certificates for servers.
pub(super) struct Authority {
    folder: TempDir,
}

impl Authority {
    pub(super) fn new() -> Self {
        let authority = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        authority.openssl(&format!(
            "req -x509 {KEY} -days 2 -subj /CN=authority -keyout ca.key -out ca.pem \
             -addext keyUsage=critical,keyCertSign"
        ));
        authority
    }

    /// The authority's own certificate.
    pub(super) fn pem(&self) -> Vec<u8> {
        self.read("ca.pem")
    }

    /// A server with a certificate for one name.
    pub(super) fn server(&self, name: &str, validity: Validity) -> Arc<ServerConfig> {
        let extensions = format!(
            "basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:{name}\n"
        );
        self.write("extensions", &extensions);
        self.openssl(&format!(
            "req {KEY} -subj /CN={name} -keyout server.key -out server.csr"
        ));
        match validity {
            Validity::Now => self.openssl(
                "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
                 -extfile extensions -out server.pem",
            ),
            Validity::Once => {
                self.write("ledger", LEDGER);
                self.write("index", "");
                self.openssl(
                    "ca -batch -config ledger -cert ca.pem -keyfile ca.key -rand_serial \
                     -startdate 20200101000000Z -enddate 20200201000000Z -notext \
                     -extfile extensions -in server.csr -out server.pem",
                );
            }
        }
        let certificate = CertificateDer::from_pem_slice(&self.read("server.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_slice(&self.read("server.key")).unwrap();
        let provider = Arc::new(ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        Arc::new(config)
    }

    fn read(&self, file: &str) -> Vec<u8> {
        fs::read(self.folder.path().join(file)).unwrap()
    }

    fn write(&self, file: &str, content: &str) {
        fs::write(self.folder.path().join(file), content).unwrap();
    }

    fn openssl(&self, arguments: &str) {
        let output = Command::new("openssl")
            .args(arguments.split_whitespace())
            .current_dir(self.folder.path())
            .output()
            .expect("these tests need the command openssl");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {arguments}: {told}");
    }
}
