//! The file of a table, written row by row.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use kogents_domain::moving::{Cell, Table};

use super::cannot;
use super::folder::{self, ExportFolder};
use super::sum::{Sum, Summing};
use crate::failure::Failure;

/// The file of a table, being written.
pub(crate) struct TableWriter {
    path: PathBuf,
    file: BufWriter<File>,
    summing: Summing,
}

impl TableWriter {
    /// Begins the file, which is not there yet.
    pub(crate) fn create(folder: &ExportFolder, table: &Table) -> Result<Self, Failure> {
        let path = folder.table(table.name);
        let file = folder::create(&path).map_err(|error| cannot("written", &path, &error))?;
        Ok(Self {
            path,
            file: BufWriter::new(file),
            summing: Summing::new(),
        })
    }

    /// Writes a row. Rows come by key.
    pub(crate) fn add(&mut self, cells: &[Cell]) -> Result<(), Failure> {
        let line = self.summing.add(cells);
        let line = line.map_err(|error| cannot("written", &self.path, &error))?;
        let written = self.file.write_all(line);
        written.map_err(|error| cannot("written", &self.path, &error))
    }

    /// Puts everything on the disk, and says what it is.
    pub(crate) fn finish(self) -> Result<Sum, Failure> {
        let file = self
            .file
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error);
        let synced = file.and_then(|file| file.sync_all());
        synced.map_err(|error| cannot("written", &self.path, &error))?;
        Ok(self.summing.finish())
    }
}
