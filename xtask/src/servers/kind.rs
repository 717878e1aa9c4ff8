//! The kinds of servers that tests need, and what is said about each.

use crate::shell;

/// A kind of server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The database.
    Postgres,
    /// The cache; Valkey serves as well.
    Redis,
}

impl Kind {
    /// All of them.
    pub(crate) const ALL: [Self; 2] = [Self::Postgres, Self::Redis];

    /// As people say it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::Redis => "Redis",
        }
    }

    /// As it is written on a command line.
    pub(crate) fn argument(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Redis => "redis",
        }
    }

    /// The variable in which the tests find the server's URL.
    pub(crate) fn variable(self) -> &'static str {
        match self {
            Self::Postgres => "TEST_DATABASE_URL",
            Self::Redis => "TEST_REDIS_URL",
        }
    }

    /// The oldest release that the product runs on.
    pub(super) fn oldest(self) -> u32 {
        match self {
            Self::Postgres => 15,
            Self::Redis => 7,
        }
    }

    /// The container image, which a variable may replace.
    pub(super) fn image(self) -> String {
        let (variable, usual) = match self {
            Self::Postgres => ("TEST_POSTGRES_IMAGE", "postgres:17-alpine"),
            Self::Redis => ("TEST_REDIS_IMAGE", "redis:7-alpine"),
        };
        shell::variable(variable)
            .and_then(|value| value.into_string().ok())
            .unwrap_or_else(|| usual.to_owned())
    }

    /// The URL by which the tests reach a server of ours.
    pub(super) fn url(self, password: Option<&str>, host: &str, port: u16) -> String {
        let password = password.map(|password| format!(":{password}"));
        let password = password.unwrap_or_default();
        match self {
            Self::Postgres => format!("postgresql://postgres{password}@{host}:{port}/postgres"),
            Self::Redis if password.is_empty() => format!("redis://{host}:{port}"),
            Self::Redis => format!("redis://{password}@{host}:{port}"),
        }
    }

    /// What to do so that there is one.
    pub(crate) fn advice(self) -> String {
        let (package, what) = match self {
            Self::Postgres => (
                "postgresql",
                "a database that the tests may make others beside",
            ),
            Self::Redis => ("redis-server", "a Redis that the tests may write to"),
        };
        format!(
            "install {} {} or later (on Debian the package {package}), or start Docker, or set {} \
             to the URL of {what}",
            self.name(),
            self.oldest(),
            self.variable()
        )
    }

    /// What is not tested without one.
    pub(crate) fn suites(self) -> &'static str {
        match self {
            Self::Postgres => {
                "the store on PostgreSQL (kogents-adapter-postgres) and every test of the server on it"
            }
            Self::Redis => {
                "the cache on Redis (kogents-adapter-redis) and every test of the server on it"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_hold_what_a_client_needs() {
        let url = |kind: Kind, password| kind.url(password, "127.0.0.1", 9);
        assert_eq!(
            url(Kind::Postgres, None),
            "postgresql://postgres@127.0.0.1:9/postgres"
        );
        assert_eq!(
            url(Kind::Postgres, Some("a1")),
            "postgresql://postgres:a1@127.0.0.1:9/postgres"
        );
        assert_eq!(url(Kind::Redis, None), "redis://127.0.0.1:9");
        assert_eq!(url(Kind::Redis, Some("a1")), "redis://:a1@127.0.0.1:9");
    }
}
