//! The configuration: read in this one place, typed, with every fault reported at once.
//!
//! Values come from the environment, then from `.env` in the working folder; each secret also
//! from the file that `NAME_FILE` names. `.env.example` lists every variable. Variables of other
//! names are none of our business.

mod dotenv;
mod fault;
mod geography;
mod keys;
mod lifetimes;
mod limits;
mod log;
mod mail;
mod mode;
mod parse;
mod reader;
mod secret_rules;
mod server;
mod setting;
mod sizes;
mod source;
mod stores;
mod told;

pub(crate) use dotenv::quoted as in_double_quotes;
pub use fault::{ConfigError, Fault};
pub use geography::Geography;
pub use keys::Keys;
pub use lifetimes::Lifetimes;
pub use limits::Limits;
pub use log::{Log, LogFormat};
pub use mail::{Mail, Smtp};
pub use mode::Mode;
pub use parse::Mailbox;
pub(crate) use parse::is_secure;
pub use server::Server;
pub use setting::{Origin, Setting, SettingValue};
pub use sizes::Sizes;
pub use source::Source;
pub use stores::{Cache, Database, Postgres, Redis, Stores};

/// Everything that can be configured.
#[derive(Debug, Clone)]
pub struct Config {
    /// Development or production.
    pub mode: Mode,
    /// Where the server listens and what it is called.
    pub server: Server,
    /// What is logged, and how.
    pub log: Log,
    /// Where data rests.
    pub stores: Stores,
    /// Secrets.
    pub keys: Keys,
    /// How long things live.
    pub lifetimes: Lifetimes,
    /// How many there may be.
    pub sizes: Sizes,
    /// How often something may be done.
    pub limits: Limits,
    /// How mail leaves.
    pub mail: Mail,
    /// Where it is looked up where clients are.
    pub geography: Geography,
}

/// A configuration that was read to its end, whatever is wrong with it.
#[derive(Debug, Clone)]
pub struct Reading {
    /// What it says; what is wrong counts as not set.
    pub config: Config,
    /// Every variable, in the order of the sections.
    pub settings: Vec<Setting>,
    /// What is wrong.
    pub error: Option<ConfigError>,
}

/// What a command needs to know that asks a running server.
#[derive(Debug, Clone)]
pub struct ListenConfig {
    /// `HOST`.
    pub host: std::net::IpAddr,
    /// `PORT`.
    pub port: u16,
}

impl ListenConfig {
    /// Reads that, and nothing else.
    ///
    /// # Errors
    /// [`ConfigError`] with every fault.
    pub fn read(source: &Source) -> Result<Self, ConfigError> {
        let mut reader = reader::Reader::new(source);
        let mode = mode::read(&mut reader);
        let config = Self {
            host: server::read_host(&mut reader, mode),
            port: server::read_port(&mut reader),
        };
        reader.finish(config)
    }
}

/// What a command needs to know that does nothing but work on the database.
#[derive(Debug, Clone)]
pub struct StoreConfig {
    /// Where data rests.
    pub stores: Stores,
    /// The folder for everything that is kept here.
    pub data_dir: std::path::PathBuf,
    /// What is logged, and how.
    pub log: Log,
}

impl StoreConfig {
    /// Reads that, and nothing else: it may run where nothing else is set.
    ///
    /// # Errors
    /// [`ConfigError`] with every fault.
    pub fn read(source: &Source) -> Result<Self, ConfigError> {
        let mut reader = reader::Reader::new(source);
        let mode = mode::read(&mut reader);
        let config = Self {
            stores: stores::read(&mut reader),
            data_dir: server::read_data_dir(&mut reader),
            log: log::read(&mut reader, mode),
        };
        reader.finish(config)
    }
}

impl Config {
    /// Reads everything.
    ///
    /// # Errors
    /// [`ConfigError`] with every fault.
    pub fn read(source: &Source) -> Result<Self, ConfigError> {
        let mut reader = reader::Reader::new(source);
        let config = Self::read_with(&mut reader);
        config.check(&mut reader);
        reader.finish(config)
    }

    /// Reads everything and goes on where something is wrong: as if that were not set. Says what is
    /// wrong, and how every variable was read.
    #[must_use]
    pub fn read_on(source: &Source) -> Reading {
        let mut reader = reader::Reader::new(source);
        let config = Self::read_with(&mut reader);
        config.check(&mut reader);
        let settings = reader.settings().to_vec();
        Reading {
            settings,
            error: reader.finish(()).err(),
            config,
        }
    }

    /// What single values cannot say.
    fn check(&self, reader: &mut reader::Reader<'_>) {
        let flush = self.sizes.activity_flush;
        if self.lifetimes.session_idle < flush.plus(flush) {
            // Whoever was active a moment ago must not look idle when the cache is lost.
            let wanted = "must be at most half of SESSION_IDLE_SECS";
            reader.fault("ACTIVITY_FLUSH_SECS", wanted);
        }
    }

    fn read_with(reader: &mut reader::Reader<'_>) -> Self {
        let mode = mode::read(reader);
        Self {
            mode,
            server: server::read(reader, mode),
            log: log::read(reader, mode),
            stores: stores::read(reader),
            keys: keys::read(reader, mode),
            lifetimes: lifetimes::read(reader),
            sizes: sizes::read(reader),
            limits: limits::read(reader, mode),
            mail: mail::read(reader, mode),
            geography: geography::read(reader),
        }
    }
}

#[cfg(test)]
mod tests;
