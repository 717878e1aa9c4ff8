//! TLS: the server has to prove who it is.

use std::fs;

use kogents_adapter_redis::{OpenError, RedisCache, RedisSettings};
use tempfile::TempDir;

use crate::private_server::{Options, PrivateServer, run_in};
use crate::support::{Person, patient, skipped};

const CERTIFICATES: [&str; 3] = [
    "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 2 -subj /CN=authority \
     -addext basicConstraints=critical,CA:TRUE",
    "req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=server",
    "x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out server.crt -days 2 \
     -extfile names",
];

/// A folder with an authority and a certificate by it for `localhost`.
fn certificates() -> Option<TempDir> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("names"),
        "subjectAltName=DNS:localhost\n",
    )
    .unwrap();
    for arguments in CERTIFICATES {
        if !run_in(folder.path(), "openssl", arguments) {
            return None;
        }
    }
    Some(folder)
}

fn has_tls() -> bool {
    let folder = tempfile::tempdir().unwrap();
    let log = std::process::Command::new("redis-server")
        .args([
            "--port",
            "0",
            "--tls-port",
            "0",
            "--save",
            "",
            "--tls-replication",
            "no",
        ])
        .args(["--loglevel", "nonsense"])
        .current_dir(folder.path())
        .output();
    let has = log.is_ok_and(|said| {
        let said = [said.stdout, said.stderr].concat();
        !String::from_utf8_lossy(&said).contains("tls-port")
    });
    if !has {
        skipped("no redis-server with TLS is installed");
    }
    has
}

#[tokio::test]
async fn the_servers_certificate_is_verified() {
    if !has_tls() {
        return;
    }
    let Some(folder) = certificates() else { return };
    let authority = fs::read(folder.path().join("ca.crt")).unwrap();
    let Some(server) = PrivateServer::in_folder(
        folder,
        &Options {
            tls: true,
            ..Options::default()
        },
    ) else {
        return;
    };
    let settings = |host: &str, trusted: Option<&[u8]>| RedisSettings {
        root_certificates: trusted.map(<[u8]>::to_vec),
        ..patient(&format!("rediss://{host}:{}", server.tls_port()))
    };
    let good = settings("localhost", Some(&authority));
    let cache = RedisCache::connect(good).await.unwrap();
    let person = Person::new(&cache);
    person.make_known(person.start).await;

    for (host, trusted) in [
        // An authority that nobody knows, and a name that the certificate does not have.
        ("localhost", None),
        ("127.0.0.1", Some(authority.as_slice())),
    ] {
        let refused = RedisCache::connect(settings(host, trusted)).await;
        let error = refused.unwrap_err();
        assert!(matches!(error, OpenError::Unreachable(_)), "{error}");
        assert!(error.to_string().contains("certificate"), "{error}");
    }
}
