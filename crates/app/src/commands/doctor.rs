//! `kogents doctor`: looks at everything that a server stands on, and says what to do about it.
//!
//! Each check is a file here, and its judgement is apart from its probing. Nothing is changed
//! anywhere, but for the mail that `--mail` asks for.

mod addresses;
mod clock;
mod configuration;
mod data_folder;
mod disk;
mod finding;
mod geography;
mod mail;
mod open_files;
mod ports;
mod postgres;
mod probing;
mod proxies;
mod redis;
mod secrets;
mod sqlite;

use std::path::Path;
use std::time::Duration;

use clap::Args;
use kogents_domain::auth::EmailAddress;

use self::finding::{Finding, Level, worst};
use self::probing::Probing;
use super::output::print_line;
use crate::config::{Config, Reading, Source};
use crate::failure::Failure;

/// How long one check may take.
const LIMIT: Duration = Duration::from_secs(12);
/// How much longer the mail server has, where it is given a mail.
const DELIVERY: Duration = Duration::from_secs(30);

/// What to look at, and how to tell it.
#[derive(Debug, Clone, Args)]
pub(crate) struct Doctor {
    /// Send a test mail to ADDRESS as well
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    mail: Option<EmailAddress>,
    /// As JSON, for scripts
    #[arg(long)]
    json: bool,
}

fn address(text: &str) -> Result<EmailAddress, String> {
    EmailAddress::parse(text).map_err(|violation| violation.message.to_string())
}

/// Looks, tells, and says whether nothing is a failure.
pub(crate) async fn examine(doctor: Doctor) -> Result<bool, Failure> {
    let reading = Config::read_on(&Source::system(Path::new(".")));
    let findings = all(&reading, doctor.mail).await;
    let level = worst(&findings);
    if doctor.json {
        let told = serde_json::json!({ "level": level, "findings": findings });
        print_line(&told.to_string())?;
    } else {
        for finding in &findings {
            print_line(&finding.line())?;
        }
    }
    Ok(level < Level::Failure)
}

/// Every check; what asks others is done at once, and told in this order.
async fn all(reading: &Reading, test_mail: Option<EmailAddress>) -> Vec<Finding> {
    let config = &reading.config;
    let (mode, server) = (config.mode, &config.server);
    let weak = config.keys.weaknesses();
    let told: Vec<&str> = match mode.is_production() {
        true => weak.iter().map(|(name, _)| *name).collect(),
        false => Vec::new(),
    };
    let mut findings = configuration::judge(mode, reading.error.as_ref(), &told);
    findings.extend(secrets::judge(mode, &config.keys));
    let probing = Probing { reading };
    findings.extend(probing.generated_secrets());
    findings.push(probing.data_folder());

    let mail_limit = match &test_mail {
        Some(_) => LIMIT.saturating_add(DELIVERY),
        None => LIMIT,
    };
    let (database, cache, mail, geography, ports) = tokio::join!(
        within(LIMIT, "database", probing.database()),
        within(LIMIT, "cache", probing.cache()),
        within(mail_limit, "mail", probing.mail(test_mail)),
        within(LIMIT, "geography", probing.geography()),
        within(LIMIT, "ports", probing.ports()),
    );
    for more in [database, cache, mail, geography] {
        findings.extend(more);
    }
    if let Some(public_url) = probing.public_url() {
        findings.extend(addresses::judge(mode, server, &public_url));
    }
    findings.push(proxies::judge(mode, server));
    findings.push(open_files::judge(open_files::probe(), probing.pools()));
    findings.extend(ports);
    findings
}

/// A check within its time.
async fn within(
    limit: Duration,
    check: &'static str,
    probing: impl Future<Output = Vec<Finding>>,
) -> Vec<Finding> {
    tokio::time::timeout(limit, probing)
        .await
        .unwrap_or_else(|_| {
            let said = format!("no answer within {} s", limit.as_secs());
            let fix = "look whether the machine, the network or what is asked is overloaded";
            vec![Finding::failure(check, said, fix)]
        })
}
