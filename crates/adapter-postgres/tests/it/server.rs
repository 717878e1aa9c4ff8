//! Databases of one test each, on the server that `TEST_DATABASE_URL` names.
//!
//! A migrated template is made once per state of the migrations and shared by all processes; each
//! test's database is a copy of its files, dropped with the test.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use kogents_adapter_postgres::{PgOptions, PgStore};
use tokio_postgres::{Client, NoTls};

/// Advisory lock under which the template is made.
const TEMPLATE_LOCK: i64 = 0x6b6f_6765_6e74_7302;

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// A database that is dropped with this value.
pub(crate) struct TestDatabase {
    admin_url: String,
    name: String,
    role: Option<String>,
    url: String,
}

/// The server's URL, or None with a line that says why the test does nothing.
pub(crate) fn server_url() -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the test server is named by the environment"
    )]
    let url = std::env::var("TEST_DATABASE_URL").ok();
    #[expect(clippy::print_stdout, reason = "says why the test did nothing")]
    if url.is_none() {
        println!("skipped: TEST_DATABASE_URL is not set");
    }
    url
}

/// Settings for tests: they wait as long as a slow machine needs.
pub(crate) fn patient() -> PgOptions {
    PgOptions {
        max_connections: Some(8),
        wait_timeout: Some(Duration::from_secs(30)),
        connect_timeout: Some(Duration::from_secs(20)),
        statement_timeout: Duration::from_secs(30),
        lock_timeout: Duration::from_secs(30),
        idle_in_transaction_timeout: Duration::from_secs(60),
        ..PgOptions::default()
    }
}

/// A plain connection, driven until the client is dropped.
pub(crate) async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

impl TestDatabase {
    /// A database with all tables and no rows.
    pub(crate) async fn migrated() -> Option<Self> {
        let admin_url = server_url()?;
        let template = template(&admin_url).await;
        let database = Self::named(&admin_url, "", None);
        let client = connect(&admin_url).await;
        database
            .recreate(
                &client,
                &format!("TEMPLATE {template} STRATEGY = FILE_COPY"),
            )
            .await;
        Some(database)
    }

    /// A database without tables.
    pub(crate) async fn empty() -> Option<Self> {
        let admin_url = server_url()?;
        let database = Self::named(&admin_url, "", None);
        let client = connect(&admin_url).await;
        database.recreate(&client, "").await;
        Some(database)
    }

    /// A database without tables that belongs to an ordinary login of its own, which opens it.
    pub(crate) async fn of_ordinary_owner() -> Option<Self> {
        let admin_url = server_url()?;
        let role = format!("kogents_owner_{}", unique());
        let database = Self::named(&admin_url, &role, Some(role.clone()));
        let client = connect(&admin_url).await;
        client
            .batch_execute(&format!(
                "CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD 'ordinary'"
            ))
            .await
            .unwrap();
        database.recreate(&client, &format!("OWNER {role}")).await;
        Some(database)
    }

    fn named(admin_url: &str, login: &str, role: Option<String>) -> Self {
        let name = format!("kogents_test_{}", unique());
        let url = with_database(admin_url, &name, login);
        Self {
            admin_url: admin_url.to_owned(),
            name,
            role,
            url,
        }
    }

    async fn recreate(&self, client: &Client, options: &str) {
        let name = &self.name;
        // A test of another run that was killed may have left one of the name behind.
        for statement in [
            format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            format!("CREATE DATABASE {name} {options}"),
        ] {
            client.batch_execute(&statement).await.unwrap();
        }
    }

    /// The database's URL, with the login that the test is about.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The database's URL with the server's own login.
    pub(crate) fn admin_url(&self) -> String {
        with_database(&self.admin_url, &self.name, "")
    }

    /// The database's name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// A store on it.
    pub(crate) async fn open(&self) -> PgStore {
        PgStore::connect(&self.url, patient()).await.unwrap()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let url = self.admin_url.clone();
        let name = self.name.clone();
        let role = self.role.clone();
        // The test's own runtime may be shutting down.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let client = connect(&url).await;
                let drop_database = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                client.batch_execute(&drop_database).await.unwrap();
                if let Some(role) = role {
                    let drop_role = format!("DROP ROLE IF EXISTS {role}");
                    client.batch_execute(&drop_role).await.unwrap();
                }
            });
        });
        if dropping.join().is_err() && !std::thread::panicking() {
            panic!("the test's database could not be dropped");
        }
    }
}

/// The name of the migrated template, made if it does not exist yet.
async fn template(admin_url: &str) -> String {
    let name = format!("kogents_template_{:016x}", migrations_hash());
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
        let store = PgStore::connect(&with_database(admin_url, &building, ""), patient())
            .await
            .unwrap();
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

fn unique() -> String {
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    format!("{}_{count}", std::process::id())
}

/// The URL with another database, and another login if one is named.
fn with_database(url: &str, database: &str, login: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap();
    let (rest, query) = match rest.split_once('?') {
        Some((rest, query)) => (rest, format!("?{query}")),
        None => (rest, String::new()),
    };
    let authority = rest
        .split_once('/')
        .map_or(rest, |(authority, _)| authority);
    let authority = if login.is_empty() {
        authority.to_owned()
    } else {
        let host = authority
            .rsplit_once('@')
            .map_or(authority, |(_, host)| host);
        format!("{login}:ordinary@{host}")
    };
    format!("{scheme}://{authority}/{database}{query}")
}
