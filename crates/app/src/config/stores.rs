//! Where data rests: the database and the cache.

use std::path::PathBuf;

use kogents_adapter_redis::{check_url, url_of};
use kogents_domain::secret::SecretText;

use super::parse::{flag, number};
use super::reader::Reader;

/// Where data rests.
#[derive(Debug, Clone)]
pub struct Stores {
    /// What is kept for good.
    pub database: Database,
    /// `MIGRATE_ON_START`: whether a start brings the tables up to date.
    pub migrate_on_start: bool,
    /// What may be lost.
    pub cache: Cache,
}

/// `DATABASE_URL`: what is kept for good.
#[derive(Debug, Clone)]
pub enum Database {
    /// A file.
    Sqlite {
        /// The file; none: `kogents.db` in the data folder.
        path: Option<PathBuf>,
    },
    /// A PostgreSQL server.
    Postgres(Postgres),
}

/// A PostgreSQL server.
#[derive(Debug, Clone)]
pub struct Postgres {
    /// `DATABASE_URL`.
    pub url: SecretText,
    /// `DATABASE_DIRECT_URL`: the way for migrations, past a pooler.
    pub direct_url: Option<SecretText>,
    /// `DATABASE_MAX_CONNECTIONS`: the size of the pool.
    pub max_connections: Option<u16>,
}

/// What may be lost.
#[derive(Debug, Clone)]
pub enum Cache {
    /// It is kept in the process.
    InProcess,
    /// A Redis server.
    Redis(Redis),
}

/// A Redis server.
#[derive(Debug, Clone)]
pub struct Redis {
    /// `REDIS_URL`, or what `REDIS_HOST`, `REDIS_PORT` and `REDIS_PASSWORD` make.
    pub url: SecretText,
    /// `REDIS_PREFIX`: what every name in it begins with.
    pub prefix: String,
}

impl Stores {
    /// Whether any number of instances may run on them.
    #[must_use]
    pub const fn are_shared(&self) -> bool {
        matches!(
            (&self.database, &self.cache),
            (Database::Postgres(_), Cache::Redis(_))
        )
    }
}

const REDIS_PORT: u16 = 6_379;
const REDIS_PREFIX: &str = "kogents:";
const REDIS_PREFIX_MAX: usize = 64;

pub(super) fn read(reader: &mut Reader<'_>) -> Stores {
    Stores {
        database: read_database(reader),
        migrate_on_start: reader.or("MIGRATE_ON_START", true, flag),
        cache: read_cache(reader),
    }
}

fn read_database(reader: &mut Reader<'_>) -> Database {
    let url = reader.secret("DATABASE_URL");
    let direct_url = reader.secret("DATABASE_DIRECT_URL");
    let max_connections = reader.optional("DATABASE_MAX_CONNECTIONS", number(1..=1_000));
    let is_server = url.as_ref().is_some_and(names_server);
    if let Some(direct_url) = &direct_url {
        if !names_server(direct_url) {
            let message = "must begin with postgresql:// and name a server";
            reader.fault("DATABASE_DIRECT_URL", message);
        } else if !is_server {
            let message = "must not be set unless DATABASE_URL begins with postgresql://";
            reader.fault("DATABASE_DIRECT_URL", message);
        }
    }
    let Some(url) = url else {
        return Database::Sqlite { path: None };
    };
    if is_server {
        return Database::Postgres(Postgres {
            url: SecretText::new(url.expose().trim()),
            direct_url: direct_url.map(|url| SecretText::new(url.expose().trim())),
            max_connections,
        });
    }
    let path = sqlite_path(url.expose());
    if path.is_none() {
        let message = "must be postgresql://user:password@host:port/database, sqlite://path, or \
                       not set";
        reader.fault("DATABASE_URL", message);
    }
    Database::Sqlite { path }
}

/// Whether this names a PostgreSQL server. The rest of such a URL is the client library's to
/// judge: it may name several hosts, or the folder of a socket.
fn names_server(url: &SecretText) -> bool {
    let url = url.expose().trim();
    ["postgresql://", "postgres://"]
        .iter()
        .filter_map(|scheme| url.strip_prefix(scheme))
        .any(|rest| !rest.is_empty() && !rest.starts_with('/'))
}

/// The path of `sqlite://data/kogents.db`, or with a third slash of an absolute one.
fn sqlite_path(url: &str) -> Option<PathBuf> {
    url.trim()
        .strip_prefix("sqlite://")
        .filter(|path| !path.is_empty() && !path.contains(['?', '#', '\0']))
        .map(PathBuf::from)
}

fn read_cache(reader: &mut Reader<'_>) -> Cache {
    let url = reader.secret("REDIS_URL");
    let has_host = reader.is_set("REDIS_HOST");
    let host = reader.optional("REDIS_HOST", redis_host);
    let port = reader.optional("REDIS_PORT", number(1..=u16::MAX));
    let password = reader.secret("REDIS_PASSWORD");
    let prefix = reader.or("REDIS_PREFIX", REDIS_PREFIX.to_owned(), redis_prefix);
    let others = [
        ("REDIS_HOST", has_host),
        ("REDIS_PORT", port.is_some()),
        ("REDIS_PASSWORD", password.is_some()),
    ];
    if let Some(url) = url {
        for (name, is_set) in others {
            if is_set {
                reader.fault(name, "must not be set together with REDIS_URL");
            }
        }
        if let Err(error) = check_url(&url) {
            reader.fault("REDIS_URL", format!("is not usable: {error}"));
        }
        return Cache::Redis(Redis { url, prefix });
    }
    let Some(host) = host else {
        for (name, is_set) in others {
            if is_set && !has_host {
                reader.fault(name, "must not be set unless REDIS_HOST is");
            }
        }
        return Cache::InProcess;
    };
    match url_of(&host, port.unwrap_or(REDIS_PORT), password.as_ref()) {
        Ok(url) => Cache::Redis(Redis { url, prefix }),
        Err(error) => {
            reader.fault("REDIS_HOST", format!("is not usable: {error}"));
            Cache::InProcess
        }
    }
}

fn redis_host(text: &str) -> Result<String, String> {
    url_of(text, REDIS_PORT, None)
        .map(|_| text.to_owned())
        .map_err(|_| "must be the name or the address of a Redis server, without a port".to_owned())
}

/// Braces would decide which names belong together.
fn redis_prefix(text: &str) -> Result<String, String> {
    let fits = text.len() <= REDIS_PREFIX_MAX
        && text
            .bytes()
            .all(|b| b.is_ascii_graphic() && !b"{}*?[]\\".contains(&b));
    fits.then(|| text.to_owned()).ok_or_else(|| {
        format!("must be at most {REDIS_PREFIX_MAX} letters, digits and signs such as kogents:")
    })
}

#[cfg(test)]
mod tests;
