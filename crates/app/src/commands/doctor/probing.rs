//! Asks everything that the configuration names, and hands what was found to its judge.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use kogents_adapter_crypto::SystemClock;
use kogents_domain::auth::EmailAddress;
use kogents_domain::time::{Clock as _, Timestamp};
use url::Url;

use super::finding::Finding;
use super::{data_folder, disk, geography, mail, ports, postgres, redis, secrets, sqlite};
use crate::config::{Cache, Config, Database, Mail, Postgres, Reading, SettingValue};
use crate::data;
use crate::wiring;

/// Connections to the cache, and the readers and the writer of a file.
const CACHE_POOL: u64 = 16;
const FILE_POOL: u64 = 5;
/// What a pool of the database has where nothing is set.
const DATABASE_POOL: u16 = 10;

/// What is to be asked.
pub(super) struct Probing<'a> {
    pub(super) reading: &'a Reading,
}

impl Probing<'_> {
    const fn config(&self) -> &Config {
        &self.reading.config
    }

    /// What makes a check pointless: variables of these beginnings that cannot be read.
    fn unreadable(&self, beginnings: &[&str]) -> Option<String> {
        let wrong = self.reading.settings.iter().find(|setting| {
            setting.value == SettingValue::Wrong
                && beginnings
                    .iter()
                    .any(|begin| setting.name.starts_with(begin))
        });
        let faults = self.reading.error.iter().flat_map(|error| error.faults());
        let mut named = faults.filter(|fault| {
            beginnings.iter().any(|begin| fault.name.starts_with(begin))
                && !fault.name.starts_with("REDIS_ENCRYPTION_")
        });
        named
            .next()
            .map(|fault| fault.name.clone())
            .or_else(|| wrong.map(|setting| setting.name.to_owned()))
    }

    /// What is told in place of a check that would be pointless.
    fn skipped(&self, check: &'static str, beginnings: &[&str]) -> Option<Vec<Finding>> {
        let name = self.unreadable(beginnings)?;
        let said = format!("not looked at, because {name} is wrong or missing");
        let fix = format!("set {name} right first, see configuration");
        Some(vec![Finding::warning(check, said, fix)])
    }

    /// What the server is called; None where that is configured and cannot be read.
    pub(super) fn public_url(&self) -> Option<Url> {
        let server = &self.config().server;
        if server.public_url.is_none() && self.unreadable(&["PUBLIC_URL"]).is_some() {
            return None;
        }
        let here = || Url::parse(&format!("http://localhost:{}", server.port)).ok();
        server.public_url.clone().or_else(here)
    }

    pub(super) fn generated_secrets(&self) -> Option<Finding> {
        let config = self.config();
        if config.keys.are_complete() {
            return None;
        }
        let path = data::GeneratedSecrets::path_in(&config.server.data_dir);
        secrets::judge_file(&path, mode_of(&path))
    }

    pub(super) fn data_folder(&self) -> Finding {
        let config = self.config();
        if config.stores.are_shared() && config.keys.are_complete() {
            return data_folder::without_need();
        }
        let path = &config.server.data_dir;
        data_folder::judge(path, &data_folder::probe(path))
    }

    pub(super) async fn database(&self) -> Vec<Finding> {
        if let Some(skipped) = self.skipped("database", &["DATABASE_"]) {
            return skipped;
        }
        let stores = &self.config().stores;
        match &stores.database {
            Database::Postgres(postgres) => self.postgres(postgres, stores.migrate_on_start).await,
            Database::Sqlite { path } => {
                let data_dir = &self.config().server.data_dir;
                let path = data::database_file(data_dir, path.as_deref());
                sqlite(&path, stores.migrate_on_start).await
            }
        }
    }

    async fn postgres(&self, postgres: &Postgres, migrates_on_start: bool) -> Vec<Finding> {
        let options = wiring::postgres_options(postgres, false);
        let url = postgres.url.expose();
        let examined = kogents_adapter_postgres::examine(url, &options, &SystemClock).await;
        let has_direct_url = postgres.direct_url.is_some();
        postgres::judge(examined, has_direct_url, migrates_on_start)
    }

    pub(super) async fn cache(&self) -> Vec<Finding> {
        let names = ["REDIS_URL", "REDIS_HOST", "REDIS_PORT", "REDIS_P"];
        if let Some(skipped) = self.skipped("cache", &names) {
            return skipped;
        }
        match &self.config().stores.cache {
            Cache::InProcess => {
                let said = "it is kept in the server's process, so that one server runs at a time";
                vec![Finding::ok("cache", said)]
            }
            Cache::Redis(settings) => {
                let settings = wiring::redis_settings(settings);
                redis::judge(kogents_adapter_redis::examine(&settings).await)
            }
        }
    }

    pub(super) async fn mail(&self, test: Option<EmailAddress>) -> Vec<Finding> {
        if let Some(skipped) = self.skipped("mail", &["SMTP_"]) {
            return skipped;
        }
        let Mail::Smtp(smtp) = &self.config().mail else {
            let mut findings = vec![mail::without_server()];
            if test.is_some() {
                let reason = "SMTP_HOST is not set".to_owned();
                findings.push(mail::judge_test(Err(reason)));
            }
            return findings;
        };
        let greeted = match wiring::smtp_mailer(smtp, Arc::new(SystemClock)) {
            Ok(mailer) => mailer.greet().await,
            Err(failure) => Err(kogents_domain::mail::MailerError::Unavailable(
                failure.to_string(),
            )),
        };
        let mut findings = vec![mail::judge(smtp, &greeted)];
        if let Some(address) = test.filter(|_| greeted.is_ok()) {
            let sent = crate::commands::mail::send_test(self.config(), address).await;
            findings.push(mail::judge_test(sent.map(|id| id.to_string())));
        }
        findings
    }

    pub(super) async fn geography(&self) -> Vec<Finding> {
        let Some(path) = self.config().geography.database.clone() else {
            return vec![geography::without_file()];
        };
        let now: Timestamp = SystemClock.now();
        let looking = tokio::task::spawn_blocking(move || {
            let examined = kogents_adapter_geoip::examine(&path);
            geography::judge(&path, &examined, now)
        });
        looking.await.into_iter().collect()
    }

    pub(super) async fn ports(&self) -> Vec<Finding> {
        let server = &self.config().server;
        let ports = [
            (Some(server.port), "PORT"),
            (server.metrics_port, "METRICS_PORT"),
        ];
        let mut findings = Vec::new();
        for (port, variable) in ports {
            let Some(port) = port.filter(|port| *port != 0) else {
                continue;
            };
            let probed = ports::probe(server.host, port, variable).await;
            findings.push(ports::judge(port, variable, &probed));
        }
        findings
    }

    /// How many connections the pools of a server may open.
    pub(super) fn pools(&self) -> u64 {
        let stores = &self.config().stores;
        let database = match &stores.database {
            Database::Sqlite { .. } => FILE_POOL,
            Database::Postgres(postgres) => {
                u64::from(postgres.max_connections.unwrap_or(DATABASE_POOL))
            }
        };
        let cache = match &stores.cache {
            Cache::InProcess => 0,
            Cache::Redis(_) => CACHE_POOL,
        };
        database.saturating_add(cache)
    }
}

async fn sqlite(path: &Path, migrates_on_start: bool) -> Vec<Finding> {
    let owned = path.to_owned();
    let looking = tokio::task::spawn_blocking(move || {
        let exists = owned.exists();
        let absolute = std::path::absolute(&owned).unwrap_or_else(|_| owned.clone());
        let above = absolute.ancestors().find(|above| above.is_dir());
        sqlite::Probed {
            examined: exists.then(|| kogents_adapter_sqlite::examine(&owned)),
            mode: mode_of(&owned),
            disk: above.and_then(disk::probe),
        }
    });
    match looking.await {
        Ok(probed) => sqlite::judge(path, probed, migrates_on_start),
        Err(error) => vec![Finding::failure(
            "database",
            format!("it could not be looked at: {error}"),
            "run the command again",
        )],
    }
}

fn mode_of(path: &Path) -> Option<u32> {
    let metadata = std::fs::metadata(path).ok()?;
    Some(metadata.permissions().mode())
}
