//! The file of a table, read row by row.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;

use kogents_domain::moving::{Cell, Table};

use super::folder::ExportFolder;
use super::sum::{Sum, Summing};
use super::{cannot, row};
use crate::failure::Failure;

/// No line is longer, so that no file fills the memory: the longest rows have some thousand bytes.
const LINE_BYTES: u64 = 16 << 20;

/// The file of a table, being read.
pub(crate) struct TableReader {
    table: &'static Table,
    path: PathBuf,
    file: BufReader<File>,
    line: Vec<u8>,
    summing: Summing,
    lines: u64,
}

impl TableReader {
    /// Begins with the first row.
    pub(crate) fn open(folder: &ExportFolder, table: &'static Table) -> Result<Self, Failure> {
        let path = folder.table(table.name);
        let file = File::open(&path).map_err(|error| cannot("read", &path, &error))?;
        Ok(Self {
            table,
            path,
            file: BufReader::new(file),
            line: Vec::new(),
            summing: Summing::new(),
            lines: 0,
        })
    }

    /// The next row; None after the last one.
    pub(crate) fn next(&mut self) -> Result<Option<Vec<Cell>>, Failure> {
        self.line.clear();
        let mut bounded = self.file.by_ref().take(LINE_BYTES);
        let read = bounded.read_until(b'\n', &mut self.line);
        let read = read.map_err(|error| cannot("read", &self.path, &error))?;
        if read == 0 {
            return Ok(None);
        }
        self.lines = self.lines.saturating_add(1);
        self.summing.add_line(&self.line);
        let row = self
            .line
            .strip_suffix(b"\n")
            .and_then(|line| row::decode(line, self.table));
        row.map(Some).ok_or_else(|| {
            Failure::Command(format!(
                "{} is damaged at line {}: take the export again, or copy it again",
                self.path.display(),
                self.lines
            ))
        })
    }

    /// How many bytes the line of the latest row has.
    pub(crate) fn line_bytes(&self) -> usize {
        self.line.len()
    }

    /// What was read so far.
    pub(crate) fn finish(self) -> Sum {
        self.summing.finish()
    }
}
