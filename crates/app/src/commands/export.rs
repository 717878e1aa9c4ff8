//! `kogents export`: everything that the SQLite database keeps, into a folder.

use std::fs::File;
use std::path::{Path, PathBuf};

use clap::Args;
use kogents_adapter_crypto::{KeyMaterial, SecretFingerprints, SystemClock};
use kogents_adapter_sqlite::{ExportError, SqliteExport};
use kogents_domain::moving::TABLES;
use kogents_domain::time::Clock as _;

use super::output::print_line;
use super::{read_config, told};
use crate::config::{Config, Database};
use crate::data::{self, DataFolder};
use crate::failure::Failure;
use crate::moving::folder::ExportFolder;
use crate::moving::manifest::{About, Manifest};
use crate::moving::progress::{Progress, rows};
use crate::moving::secrets;
use crate::moving::writing::TableWriter;

/// What `kogents export` takes.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
The server must be stopped. What is written is for its owner only: it holds addresses, password \
hashes and what sessions tell of people. The secrets are not in it; with --secrets they are written \
into a file of their own, as NAME=value lines, and without them nobody stays signed in.

Nothing is changed in the database, and DIR is whole when the command has ended with exit code 0. \
`kogents import DIR` puts it into an empty PostgreSQL database; see docs/MOVING.md.")]
pub(crate) struct Export {
    /// The folder to make and write into; it must not be there yet
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Write the secrets, too, into this file outside DIR; it must not be there yet
    #[arg(long, value_name = "FILE")]
    secrets: Option<PathBuf>,
    /// Say nothing unless something is wrong
    #[arg(long)]
    quiet: bool,
}

/// The database, held as a server holds it.
struct Held {
    database: PathBuf,
    folder: DataFolder,
    _file: Option<File>,
}

/// What is written besides the rows.
struct Beside {
    material: KeyMaterial,
    public_url: Option<String>,
}

/// Writes the export and says what it is.
pub(crate) async fn run(export: Export) -> Result<(), Failure> {
    let config = read_config()?;
    let held = hold(&config)?;
    let beside = Beside {
        material: secrets::in_force(&config, Some(&held.folder))?,
        public_url: config.server.public_url.as_ref().map(ToString::to_string),
    };
    if let Some(file) = &export.secrets {
        check_apart(file, &export.folder)?;
        secrets::check_absent(file)?;
    }
    let asked = export.clone();
    let writing = tokio::task::spawn_blocking(move || write(&held, &asked, beside));
    let manifest = writing.await.map_err(|error| told(&error))??;
    if export.quiet {
        return Ok(());
    }
    print_line(&format!(
        "{} tables with {} are in {}: for your eyes only, it holds password hashes and personal \
         data. Delete it when it is imported.",
        TABLES.len(),
        rows(manifest.rows()),
        export.folder.display(),
    ))?;
    print_line(&match &export.secrets {
        Some(file) => format!(
            "The secrets are in {}: the new servers need them, and nobody else.",
            file.display()
        ),
        None => "The secrets are not in it: give the new servers the same, or take the export \
                 again with --secrets FILE."
            .to_owned(),
    })
}

/// Takes the database as a server would, so that none is running on it: activity that a server has
/// counted and not written, and signups that wait for their code, would not be in the export.
fn hold(config: &Config) -> Result<Held, Failure> {
    let Database::Sqlite { path } = &config.stores.database else {
        return Err(Failure::Command(
            "DATABASE_URL names a PostgreSQL server, and export reads SQLite: move a PostgreSQL \
             database with pg_dump and pg_restore"
                .to_owned(),
        ));
    };
    let data_dir = &config.server.data_dir;
    let database = data::database_file(data_dir, path.as_deref());
    if !database.exists() {
        let told = format!("there is no database yet at {}", database.display());
        return Err(Failure::Command(told));
    }
    let running = |failure: Failure| {
        if let Failure::SecondInstance { path } | Failure::DatabaseInUse { path } = &failure {
            Failure::Command(format!(
                "a server is running on {}: stop it first, or what it has not written yet would be \
                 left out",
                path.display()
            ))
        } else {
            failure
        }
    };
    let folder = DataFolder::take(data_dir).map_err(running)?;
    let file = path.as_ref().map(|_| data::claim_file(&database));
    let file = file.transpose().map_err(running)?;
    Ok(Held {
        database,
        folder,
        _file: file,
    })
}

/// Who gets the folder is not for that to have the secrets.
fn check_apart(file: &Path, folder: &Path) -> Result<(), Failure> {
    let absolute = |path: &Path| std::path::absolute(path).map_err(|error| told(&error));
    if absolute(file)?.starts_with(absolute(folder)?) {
        return Err(Failure::Command(format!(
            "the secrets must not lie with the data: name a file outside {} for --secrets",
            folder.display()
        )));
    }
    Ok(())
}

/// Nothing is made before the database could be opened, and nothing stays of what fails half-way.
fn write(held: &Held, asked: &Export, beside: Beside) -> Result<Manifest, Failure> {
    let mut export = SqliteExport::begin(&held.database)?;
    let folder = ExportFolder::make(&asked.folder)?;
    write_into(&folder, &mut export, asked, beside).inspect_err(|_| folder.give_up())
}

fn write_into(
    folder: &ExportFolder,
    export: &mut SqliteExport,
    asked: &Export,
    beside: Beside,
) -> Result<Manifest, Failure> {
    let about = About {
        migration: export.version().to_owned(),
        exported_at_millis: SystemClock.now().as_millis(),
        fingerprints: SecretFingerprints::of(&beside.material),
        public_url: beside.public_url,
    };
    let public_url = about.public_url.clone();
    let mut progress = Progress::new(asked.quiet);
    let mut sums = Vec::new();
    for table in TABLES {
        progress.begin(format!("export {}", table.name), export.count(table)?);
        let mut writer = TableWriter::create(folder, table)?;
        export.read::<Failure>(table, |cells| {
            progress.row();
            writer.add(cells)
        })?;
        progress.end();
        sums.push(writer.finish()?);
    }
    let manifest = Manifest::new(about, &sums);
    manifest.write(folder)?;
    if let Some(file) = &asked.secrets {
        secrets::write(file, &beside.material, public_url.as_deref())?;
    }
    Ok(manifest)
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Open(error) => Self::Sqlite(error),
            ExportError::Behind { pending } => Self::Behind { pending },
            ExportError::Failed { .. } | ExportError::Unreadable { .. } => {
                Self::Command(error.to_string())
            }
        }
    }
}
