//! PostgreSQL and Redis for a run: a database of its own and names of its own, gone afterwards.

use ::postgres::{Client, NoTls};
use ::redis::Commands;

use super::variables::Places;
use crate::failure::Failure;
use crate::servers::{Kind, Lent};

/// How many names are looked at and dropped at once.
const BATCH: usize = 1_000;

/// What a run has of PostgreSQL and Redis; dropping it takes that away again.
pub(super) struct Shared {
    /// Where they are.
    pub(super) places: Places,
    /// What they are, for the report.
    pub(super) told: (String, String),
    /// The database that is always there.
    admin: Client,
    name: String,
    /// Private servers are stopped last.
    _lent: Lent,
}

impl Shared {
    /// Finds servers, or starts some, and makes a database.
    pub(super) fn prepare() -> Result<Self, Failure> {
        let lent = Lent::find_durable()?;
        let url = lent.url(Kind::Postgres)?;
        let cache = lent.url(Kind::Redis)?;
        let mut admin = Client::connect(&url, NoTls).map_err(of_database)?;
        let told = (database(&mut admin)?, version_of_cache(&cache)?);
        let process = std::process::id();
        let name = format!("kogents_bench_{process}");
        admin
            .batch_execute(&format!("CREATE DATABASE {name}"))
            .map_err(of_database)?;
        let places = Places {
            database: with_database(&url, &name),
            cache,
            prefix: format!("kogents-bench-{process}:"),
        };
        Ok(Self {
            places,
            told,
            admin,
            name,
            _lent: lent,
        })
    }

    /// Forgets what is in the way of an even start: statistics are made, and the log is written.
    pub(super) fn settle(&self) -> Result<(), Failure> {
        let mut client = self.connect()?;
        client
            .batch_execute("VACUUM (ANALYZE)")
            .and_then(|()| client.batch_execute("CHECKPOINT"))
            .map_err(of_database)
    }

    /// A connection to the database of the run.
    pub(super) fn connect(&self) -> Result<Client, Failure> {
        Client::connect(&self.places.database, NoTls).map_err(of_database)
    }

    fn forget_names(&self) -> Result<(), ::redis::RedisError> {
        let client = ::redis::Client::open(self.places.cache.as_str())?;
        let mut scanning = client.get_connection()?;
        let mut dropping = client.get_connection()?;
        let pattern = format!("{}*", self.places.prefix);
        let names: Vec<Vec<u8>> = scanning
            .scan_match(pattern)?
            .collect::<Result<_, ::redis::RedisError>>()?;
        for batch in names.chunks(BATCH) {
            dropping.unlink::<_, ()>(batch)?;
        }
        Ok(())
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let name = &self.name;
        let dropped = format!("DROP DATABASE {name} WITH (FORCE)");
        if let Err(error) = self.admin.batch_execute(&dropped) {
            eprintln!("the database {name} is left behind: {error}");
        }
        if let Err(error) = self.forget_names() {
            let prefix = &self.places.prefix;
            eprintln!("the names {prefix}* are left behind in Redis: {error}");
        }
    }
}

/// What the database is, and what it does about durability where that is not all it can.
pub(super) fn database(client: &mut Client) -> Result<String, Failure> {
    let mut show = |setting: &str| -> Result<String, Failure> {
        let row = client
            .query_one(&format!("SHOW {setting}"), &[])
            .map_err(of_database)?;
        row.try_get(0).map_err(of_database)
    };
    let version = show("server_version")?;
    let mut told = format!(
        "PostgreSQL {}",
        version.split(' ').next().unwrap_or(&version)
    );
    for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
        let value = show(setting)?;
        if value != "on" {
            eprintln!("{setting} of this PostgreSQL is {value}: it is not as durable as it can be");
            told.push_str(&format!(" with {setting}={value}"));
        }
    }
    Ok(told)
}

fn version_of_cache(url: &str) -> Result<String, Failure> {
    let ask = || -> Result<String, ::redis::RedisError> {
        let mut connection = ::redis::Client::open(url)?.get_connection()?;
        ::redis::cmd("INFO").arg("server").query(&mut connection)
    };
    let information = ask().map_err(|error| Failure::new(format!("Redis: {error}")))?;
    let version = |name: &str| {
        let mut lines = information.lines();
        lines
            .find_map(|line| line.strip_prefix(name))
            .map(str::trim)
    };
    Ok(
        match (version("valkey_version:"), version("redis_version:")) {
            (Some(version), _) => format!("Valkey {version}"),
            (None, Some(version)) => format!("Redis {version}"),
            (None, None) => "Redis".to_owned(),
        },
    )
}

/// The same server, another database: the path of the URL is replaced.
pub(super) fn with_database(url: &str, name: &str) -> String {
    let (rest, parameters) = match url.split_once('?') {
        Some((rest, parameters)) => (rest, format!("?{parameters}")),
        None => (url, String::new()),
    };
    let (scheme, place) = rest.split_once("://").unwrap_or(("postgresql", rest));
    let host = place.split_once('/').map_or(place, |(host, _)| host);
    format!("{scheme}://{host}/{name}{parameters}")
}

pub(super) fn of_database(error: ::postgres::Error) -> Failure {
    use std::error::Error as _;

    let said = match (error.as_db_error(), error.source()) {
        (Some(told), _) => told.message().to_owned(),
        (None, Some(source)) => format!("{error}: {source}"),
        (None, None) => error.to_string(),
    };
    Failure::new(format!("PostgreSQL: {said}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_database_of_the_url_is_another() {
        for (url, expected) in [
            ("postgresql://a:b@h:5432/c", "postgresql://a:b@h:5432/own"),
            ("postgres://h", "postgres://h/own"),
            (
                "postgresql://h/c?sslmode=disable",
                "postgresql://h/own?sslmode=disable",
            ),
        ] {
            assert_eq!(with_database(url, "own"), expected);
        }
    }
}
