//! Databases of one test each, on a PostgreSQL server.
//!
//! A migrated template is made once per state of the migrations and shared by all processes; each
//! test's database is a copy of its files, dropped with the test.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::atomic::{AtomicU32, Ordering};

use kogents_adapter_postgres::{PgOptions, PgStore};
use tokio_postgres::{Client, NoTls};

/// Advisory lock under which the template is made.
const TEMPLATE_LOCK: i64 = 0x6b6f_6765_6e74_7303;

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// A database that is dropped with this value.
pub(crate) struct TestDatabase {
    admin_url: String,
    name: String,
    url: String,
}

impl TestDatabase {
    /// A database with all tables and no rows, on the server of this URL.
    pub(crate) async fn migrated(admin_url: &str) -> Self {
        let template = template(admin_url).await;
        Self::make(
            admin_url,
            &format!("TEMPLATE {template} STRATEGY = FILE_COPY"),
        )
        .await
    }

    /// A database with nothing in it, on the server of this URL.
    pub(crate) async fn empty(admin_url: &str) -> Self {
        Self::make(admin_url, "").await
    }

    async fn make(admin_url: &str, options: &str) -> Self {
        let count = COUNTER.fetch_add(1, Ordering::Relaxed);
        let name = format!("kogents_app_test_{}_{count}", std::process::id());
        let client = connect(admin_url).await;
        // A test of another run that was killed may have left one of the name behind.
        for statement in [
            format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            format!("CREATE DATABASE {name} {options}"),
        ] {
            client.batch_execute(&statement).await.unwrap();
        }
        Self {
            admin_url: admin_url.to_owned(),
            url: with_database(admin_url, &name),
            name,
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let url = self.admin_url.clone();
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // The test's own runtime may be shutting down.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                connect(&url).await.batch_execute(&statement).await.unwrap();
            });
        });
        if dropping.join().is_err() && !std::thread::panicking() {
            panic!("the test's database could not be dropped");
        }
    }
}

/// A plain connection, driven until the client is dropped.
pub(crate) async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// The name of the migrated template, made if it does not exist yet.
async fn template(admin_url: &str) -> String {
    let name = format!("kogents_app_template_{:016x}", migrations_hash());
    let client = connect(admin_url).await;
    let lock = format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})");
    client.batch_execute(&lock).await.unwrap();
    let exists = client
        .query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&name])
        .await
        .unwrap()
        .is_some();
    if !exists {
        // Made under another name, so that one that was interrupted is not taken for whole.
        let building = format!("{name}_building");
        for statement in [
            format!("DROP DATABASE IF EXISTS {building} WITH (FORCE)"),
            format!("CREATE DATABASE {building}"),
        ] {
            client.batch_execute(&statement).await.unwrap();
        }
        let url = with_database(admin_url, &building);
        let store = PgStore::connect(&url, PgOptions::default()).await.unwrap();
        drop(store);
        let expel = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1";
        client.execute(expel, &[&building]).await.unwrap();
        let rename = format!("ALTER DATABASE {building} RENAME TO {name}");
        client.batch_execute(&rename).await.unwrap();
    }
    // The lock ends with the connection.
    name
}

fn migrations_hash() -> u64 {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/postgres");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().join("up.sql"))
        .collect();
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        std::fs::read(file).unwrap().hash(&mut hasher);
    }
    hasher.finish()
}

/// The URL with another database and without parameters.
fn with_database(url: &str, database: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap();
    let authority = rest.split(['/', '?']).next().unwrap();
    format!("{scheme}://{authority}/{database}")
}
