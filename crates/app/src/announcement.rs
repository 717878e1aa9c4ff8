//! What a start tells: lines for a person in development, one log event in production.

use std::fmt;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;

use url::Url;

use crate::config::Mode;

/// What is worth telling of a server that has started.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The program's version.
    pub version: &'static str,
    /// How clients call the server.
    pub public_url: Url,
    /// Where it listens.
    pub address: SocketAddr,
    /// Where the figures are, if they have a listener.
    pub metrics: Option<SocketAddr>,
    /// What the database is, and where.
    pub database: String,
    /// Whether nobody said where it is to be.
    pub database_is_chosen: bool,
    /// What the cache is, and where.
    pub cache: String,
    /// Whether nobody said where it is to be.
    pub cache_is_chosen: bool,
    /// Where generated secrets are kept, if some are in use.
    pub generated_secrets: Option<PathBuf>,
    /// Whether mail stays in the development mailbox.
    pub has_mailbox: bool,
}

/// Tells it.
pub(crate) fn announce(mode: Mode, facts: &Facts) {
    if mode.is_production() {
        tracing::info!(
            version = facts.version,
            public_url = %facts.public_url,
            address = %facts.address,
            metrics = ?facts.metrics,
            database = facts.database,
            cache = facts.cache,
            "listening"
        );
    } else {
        // In one piece, so that nobody who waits for it sees a half. A closed standard output is
        // no reason to stop.
        let _ = std::io::stdout().write_all(format!("{facts}\n").as_bytes());
    }
}

impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base = self.public_url.as_str().trim_end_matches('/');
        writeln!(f, "kogents {} is ready at {base}\n", self.version)?;
        line(f, "listens at", &self.address)?;
        line(f, "documentation", &format_args!("{base}/docs"))?;
        if self.has_mailbox {
            line(f, "mailbox", &format_args!("{base}/dev/mailbox"))?;
        }
        if let Some(address) = self.metrics {
            line(f, "metrics", &format_args!("http://{address}/metrics"))?;
        }

        if !self.database_is_chosen {
            line(f, "database", &self.database)?;
        }
        if !self.cache_is_chosen {
            line(f, "cache", &self.cache)?;
        }
        self.list_choices(f)
    }
}

impl Facts {
    fn list_choices(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has_choices = self.database_is_chosen
            || self.generated_secrets.is_some()
            || self.cache_is_chosen
            || self.has_mailbox;
        if !has_choices {
            return Ok(());
        }
        writeln!(f, "\nChosen by itself (.env.example lists the settings):\n")?;
        if self.database_is_chosen {
            line(f, "database", &self.database)?;
        }
        if let Some(secrets) = &self.generated_secrets {
            let secrets = secrets.display();
            line(f, "secrets", &format_args!("generated, in {secrets}"))?;
        }
        if self.cache_is_chosen {
            line(f, "cache", &self.cache)?;
        }
        if self.has_mailbox {
            line(f, "mail", &"goes nowhere, read it in the mailbox")?;
        }
        Ok(())
    }
}

fn line(f: &mut fmt::Formatter<'_>, what: &str, value: &dyn fmt::Display) -> fmt::Result {
    writeln!(f, "  {what:<15}{value}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        Facts {
            version: "1.2.3",
            public_url: Url::parse("http://localhost:3000").unwrap(),
            address: "127.0.0.1:3000".parse().unwrap(),
            metrics: None,
            database: "SQLite in ./data/kogents.db".to_owned(),
            database_is_chosen: true,
            cache: "in this process".to_owned(),
            cache_is_chosen: true,
            generated_secrets: Some("./data/secrets.json".into()),
            has_mailbox: true,
        }
    }

    #[test]
    fn a_start_tells_where_everything_is() {
        let expected = "\
kogents 1.2.3 is ready at http://localhost:3000

  listens at     127.0.0.1:3000
  documentation  http://localhost:3000/docs
  mailbox        http://localhost:3000/dev/mailbox

Chosen by itself (.env.example lists the settings):

  database       SQLite in ./data/kogents.db
  secrets        generated, in ./data/secrets.json
  cache          in this process
  mail           goes nowhere, read it in the mailbox
";
        assert_eq!(facts().to_string(), expected);
    }

    #[test]
    fn what_was_said_is_not_told_as_a_choice() {
        let said = Facts {
            database: "PostgreSQL at localhost:5432/kogents".to_owned(),
            database_is_chosen: false,
            cache: "Redis at localhost:6379".to_owned(),
            cache_is_chosen: false,
            generated_secrets: None,
            has_mailbox: false,
            ..facts()
        };
        let expected = "\
kogents 1.2.3 is ready at http://localhost:3000

  listens at     127.0.0.1:3000
  documentation  http://localhost:3000/docs
  database       PostgreSQL at localhost:5432/kogents
  cache          Redis at localhost:6379
";
        assert_eq!(said.to_string(), expected);
    }
}
