//! Exports: everything that the database keeps, in a folder, as neither store writes it.
//!
//! | file | holds |
//! |---|---|
//! | `TABLE.jsonl` | the rows of a table by key, one a line: a JSON array of the values of its columns |
//! | `manifest.json` | what the export is, and of each table columns, rows, bytes and SHA-256; written last, so that an export without it is not whole |
//!
//! A file a table can be read in one go and row by row, by whoever has a JSON parser, and the same
//! rows always make the same bytes: so the digest of a table in the manifest is that of its file, and
//! also that of the table it was imported into, read back by key.

pub(crate) mod folder;
pub(crate) mod manifest;
pub(crate) mod progress;
pub(crate) mod reading;
mod row;
pub(crate) mod secrets;
pub(crate) mod sum;
pub(crate) mod writing;

use crate::failure::Failure;

/// What went wrong with a file of an export.
fn cannot(what: &str, path: &std::path::Path, reason: &dyn std::fmt::Display) -> Failure {
    Failure::Command(format!("{} cannot be {what}: {reason}", path.display()))
}
