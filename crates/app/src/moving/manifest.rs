//! What an export says of itself.

use std::fs::File;
use std::io::{self, Read as _};

use kogents_adapter_crypto::SecretFingerprints;
use kogents_domain::moving::{NOT_MOVED, TABLES, Table};
use serde::{Deserialize, Serialize};

use super::cannot;
use super::folder::{self, ExportFolder};
use super::sum::{Sum, sha256};
use crate::failure::Failure;
use crate::wiring::VERSION;

/// The version of the format. Another one is another format.
const FORMAT: u32 = 1;
/// The longest manifest that is read, in bytes: it has some thousand.
const MOST_BYTES: u64 = 1 << 20;

/// What an export says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Manifest {
    /// The version of the format.
    kogents_export: u32,
    /// The version of the program that wrote it.
    pub(crate) version: String,
    /// The last migration that the tables had seen.
    pub(crate) migration: String,
    /// When it was begun, in milliseconds since the epoch.
    pub(crate) exported_at_millis: i64,
    /// `PUBLIC_URL`, which tokens name, where it was set.
    pub(crate) public_url: Option<String>,
    /// Tags of the secrets that the rows and the tokens depend on.
    pub(crate) secrets: Tags,
    /// Tables that are not in it.
    not_moved: Vec<String>,
    /// Tables that are, in the order in which they are imported.
    tables: Vec<Entry>,
}

/// Tags of secrets by the names of their variables, by which equal ones are known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", deny_unknown_fields)]
pub(crate) struct Tags {
    pub(crate) jwt_secret: String,
    pub(crate) jwt_refresh_secret: String,
    pub(crate) redis_encryption_key: String,
    pub(crate) redis_encryption_salt: String,
    pub(crate) secret_key: String,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Entry {
    name: String,
    key: Vec<String>,
    columns: Vec<ColumnEntry>,
    rows: u64,
    bytes: u64,
    sha256: String,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnEntry {
    name: String,
    kind: String,
    optional: bool,
}

/// What is known of an export before its rows are.
pub(crate) struct About {
    pub(crate) migration: String,
    pub(crate) exported_at_millis: i64,
    pub(crate) public_url: Option<String>,
    pub(crate) fingerprints: SecretFingerprints,
}

impl Manifest {
    /// Of an export with these tables, in the order of all tables.
    pub(crate) fn new(about: About, sums: &[Sum]) -> Self {
        Self {
            kogents_export: FORMAT,
            version: VERSION.to_owned(),
            migration: about.migration,
            exported_at_millis: about.exported_at_millis,
            public_url: about.public_url,
            secrets: Tags::from(about.fingerprints),
            not_moved: NOT_MOVED
                .iter()
                .map(|(name, _)| (*name).to_owned())
                .collect(),
            tables: TABLES
                .iter()
                .zip(sums)
                .map(|(table, sum)| Entry::of(table, sum.clone()))
                .collect(),
        }
    }

    /// Writes it, which makes the export whole.
    pub(crate) fn write(&self, folder: &ExportFolder) -> Result<(), Failure> {
        let path = folder.manifest();
        let fail = |error: &dyn std::fmt::Display| cannot("written", &path, error);
        let mut text = serde_json::to_vec_pretty(self).map_err(|error| fail(&error))?;
        text.push(b'\n');
        folder::create_with(&path, &text).map_err(|error| fail(&error))?;
        folder.sync()
    }

    /// Reads it, with its own SHA-256 in hexadecimal, which stands for the export. One of another
    /// format, or with other tables than this program has, is refused.
    pub(crate) fn read(folder: &ExportFolder) -> Result<(Self, String), Failure> {
        let path = folder.manifest();
        let refuse = |why: String| Failure::Command(format!("{} {why}", path.display()));
        let mut text = Vec::new();
        let file = File::open(&path).map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                let why = "is not there: name the folder of an export that was written to its end";
                refuse(why.to_owned())
            } else {
                cannot("read", &path, &error)
            }
        })?;
        let read = file.take(MOST_BYTES).read_to_end(&mut text);
        read.map_err(|error| cannot("read", &path, &error))?;
        let value: serde_json::Value = serde_json::from_slice(&text).map_err(|_| {
            refuse("is damaged: take the export again, or copy it again".to_owned())
        })?;
        match value
            .get("kogentsExport")
            .and_then(serde_json::Value::as_u64)
        {
            Some(format) if format == u64::from(FORMAT) => {}
            Some(format) => {
                let why = "is of an export in the format";
                return Err(refuse(format!(
                    "{why} {format}, and this program reads {FORMAT}: import it with the version \
                     that wrote it"
                )));
            }
            None => return Err(refuse("is no manifest of a Kogents export".to_owned())),
        }
        let manifest: Self = serde_json::from_value(value)
            .map_err(|error| refuse(format!("is damaged: {error}")))?;
        manifest.check_tables().map_err(refuse)?;
        Ok((manifest, sha256(&text)))
    }

    /// Every table with what it must be.
    pub(crate) fn tables(&self) -> impl Iterator<Item = (&'static Table, Sum)> {
        TABLES.iter().zip(&self.tables).map(|(table, entry)| {
            let sum = Sum {
                rows: entry.rows,
                bytes: entry.bytes,
                sha256: entry.sha256.clone(),
            };
            (table, sum)
        })
    }

    /// How many rows there are of all tables.
    pub(crate) fn rows(&self) -> u64 {
        let rows = self.tables.iter().map(|entry| entry.rows);
        rows.fold(0, u64::saturating_add)
    }

    fn check_tables(&self) -> Result<(), String> {
        let is_ours = |(table, entry): (&Table, &Entry)| {
            let sum = Sum {
                rows: entry.rows,
                bytes: entry.bytes,
                sha256: entry.sha256.clone(),
            };
            *entry == Entry::of(table, sum)
        };
        let are_ours =
            self.tables.len() == TABLES.len() && TABLES.iter().zip(&self.tables).all(is_ours);
        if are_ours {
            return Ok(());
        }
        Err(format!(
            "has other tables or columns than Kogents {VERSION}: import it with the version that \
             wrote it, {}",
            self.version
        ))
    }
}

impl Entry {
    fn of(table: &Table, sum: Sum) -> Self {
        let owned = |name: &&str| (*name).to_owned();
        let columns = table.columns.iter();
        Self {
            name: table.name.to_owned(),
            key: table.key.iter().map(owned).collect(),
            columns: columns
                .map(|column| ColumnEntry {
                    name: column.name.to_owned(),
                    kind: column.kind.name().to_owned(),
                    optional: column.is_optional,
                })
                .collect(),
            rows: sum.rows,
            bytes: sum.bytes,
            sha256: sum.sha256,
        }
    }
}

impl From<SecretFingerprints> for Tags {
    fn from(fingerprints: SecretFingerprints) -> Self {
        Self {
            jwt_secret: fingerprints.jwt_secret,
            jwt_refresh_secret: fingerprints.jwt_refresh_secret,
            redis_encryption_key: fingerprints.encryption_key,
            redis_encryption_salt: fingerprints.encryption_salt,
            secret_key: fingerprints.secret_key,
        }
    }
}
