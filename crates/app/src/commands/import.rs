//! `kogents import`: an export, into an empty PostgreSQL database.

mod checking;
mod moving_in;

use std::path::PathBuf;

use clap::Args;
use kogents_adapter_postgres::{ImportError, PgImport, PgOptions};
use kogents_domain::moving::TABLES;

use super::output::print_line;
use super::read_config;
use crate::config::{Config, Database, Postgres};
use crate::data::DataFolder;
use crate::failure::Failure;
use crate::moving::folder::ExportFolder;
use crate::moving::manifest::Manifest;
use crate::moving::progress::{Progress, rows};
use crate::moving::secrets;

/// What `kogents import` takes.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
DATABASE_URL names the database. It must be empty; its tables are made where they are missing. The \
secrets must be those of the server that the export is of, as `kogents export --secrets FILE` wrote \
them.

The whole export is checked before anything is written. Each table is one transaction, and at the \
end every row is read back and compared. If the command is stopped in between, no server starts on \
the database: run the command again with the same DIR, and it goes on with the table it stopped at.")]
pub(crate) struct Import {
    /// The folder of the export
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Go on with other secrets than those of the export; what then ends is told
    #[arg(long)]
    other_secrets: bool,
    /// Say nothing unless something is wrong
    #[arg(long)]
    quiet: bool,
}

/// Imports it, compares what was written with what was read, and says so.
pub(crate) async fn run(import: Import) -> Result<(), Failure> {
    let config = read_config()?;
    let postgres = target(&config)?;
    let folder = ExportFolder::of(&import.folder);
    let (manifest, digest) = Manifest::read(&folder)?;
    check_migration(&manifest)?;
    let mut remarks = check_secrets(&config, &manifest, import.other_secrets).await?;
    remarks.extend(check_public_url(&config, &manifest));

    let mut progress = Progress::new(import.quiet);
    let moments = checking::check(&folder, &manifest, &mut progress)?;
    let options = PgOptions {
        direct_url: postgres.direct_url.clone(),
        ..PgOptions::default()
    };
    let target = PgImport::open(postgres.url.expose(), &options, &digest).await?;
    if target.is_resumed() && !import.quiet {
        print_line("going on with the import that stopped here")?;
    }
    target.begin(&moments).await?;
    moving_in::write(&target, &folder, &manifest, &mut progress).await?;
    moving_in::compare(&target, &manifest, &mut progress).await?;
    target.finish().await?;
    if import.quiet {
        return Ok(());
    }
    print_line(&format!(
        "{} tables with {} were imported, read back, and are as they were exported.",
        TABLES.len(),
        rows(manifest.rows()),
    ))?;
    for remark in remarks {
        print_line(&remark)?;
    }
    Ok(())
}

fn target(config: &Config) -> Result<&Postgres, Failure> {
    match &config.stores.database {
        Database::Postgres(postgres) => Ok(postgres),
        Database::Sqlite { .. } => Err(Failure::Command(
            "import writes into PostgreSQL: set DATABASE_URL to \
             postgresql://user:password@host:port/database. To have a SQLite database elsewhere, \
             copy its file while no server runs"
                .to_owned(),
        )),
    }
}

/// An export of another state of the tables would be made into something that it is not.
fn check_migration(manifest: &Manifest) -> Result<(), Failure> {
    let ours = PgImport::version();
    if manifest.migration == ours {
        return Ok(());
    }
    Err(Failure::Command(format!(
        "the export is of tables at migration {}, and this program's are at {ours}: import it with \
         Kogents {}, which wrote it, or take the export with this version",
        manifest.migration, manifest.version
    )))
}

/// Refuses other secrets unless they are wanted, and says what they end.
async fn check_secrets(
    config: &Config,
    manifest: &Manifest,
    are_wanted: bool,
) -> Result<Vec<String>, Failure> {
    let data_dir = &config.server.data_dir;
    let folder = if config.keys.are_complete() || !data_dir.exists() {
        None
    } else {
        Some(DataFolder::take_in_turn(data_dir).await?)
    };
    let material = secrets::in_force(config, folder.as_ref())?;
    let differences = secrets::differences(manifest, &material);
    if differences.is_empty() || are_wanted {
        let remark = |(name, end): &(&str, &str)| format!("{name} is another than before: {end}.");
        return Ok(differences.iter().map(remark).collect());
    }
    let names: Vec<&str> = differences.iter().map(|(name, _)| *name).collect();
    let mut ends: Vec<&str> = differences.iter().map(|(_, end)| *end).collect();
    ends.dedup();
    Err(Failure::Command(format!(
        "other secrets than those that the export is of: {}. Set those that `kogents export \
         --secrets FILE` wrote; or go on with --other-secrets, and {}",
        names.join(", "),
        ends.join("; "),
    )))
}

/// Tokens name the server by its URL.
fn check_public_url(config: &Config, manifest: &Manifest) -> Option<String> {
    let ours = config.server.public_url.as_ref().map(ToString::to_string);
    (ours != manifest.public_url).then(|| {
        let shown = |url: &Option<String>| url.clone().unwrap_or_else(|| "not set".to_owned());
        format!(
            "PUBLIC_URL was {} and is {}: tokens name it, so sign-ins live on only where the new \
             servers have the one that they had.",
            shown(&manifest.public_url),
            shown(&ours)
        )
    })
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Open(error) => Self::Postgres(error),
            ImportError::InUse
            | ImportError::Pooled
            | ImportError::Occupied(_)
            | ImportError::OtherUnfinished
            | ImportError::TableOccupied { .. }
            | ImportError::Failed { .. }
            | ImportError::Misshapen { .. }
            | ImportError::Database(_) => Self::Command(error.to_string()),
        }
    }
}
