//! What two copies of a table are compared by.

use kogents_domain::moving::Cell;
use ring::digest::{Context, Digest, SHA256};

use super::row;

/// How many rows a table has, how many bytes their lines, and the digest of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sum {
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
    /// In hexadecimal.
    pub(crate) sha256: String,
}

/// A sum that is being made, of rows by key. In memory is one line.
pub(crate) struct Summing {
    context: Context,
    rows: u64,
    bytes: u64,
    line: Vec<u8>,
}

impl Summing {
    /// Of no rows yet.
    pub(crate) fn new() -> Self {
        Self {
            context: Context::new(&SHA256),
            rows: 0,
            bytes: 0,
            line: Vec::new(),
        }
    }

    /// Adds a row, and gives its line.
    pub(crate) fn add(&mut self, cells: &[Cell]) -> serde_json::Result<&[u8]> {
        let mut line = std::mem::take(&mut self.line);
        line.clear();
        let encoded = row::encode(cells, &mut line);
        self.line = line;
        encoded?;
        self.count(self.line.len());
        self.context.update(&self.line);
        Ok(&self.line)
    }

    /// Adds the line of a row.
    pub(super) fn add_line(&mut self, line: &[u8]) {
        self.count(line.len());
        self.context.update(line);
    }

    pub(crate) fn finish(self) -> Sum {
        Sum {
            rows: self.rows,
            bytes: self.bytes,
            sha256: hex(&self.context.finish()),
        }
    }

    fn count(&mut self, bytes: usize) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.rows = self.rows.saturating_add(1);
        self.bytes = self.bytes.saturating_add(bytes);
    }
}

/// The SHA-256 of bytes, in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&ring::digest::digest(&SHA256, bytes))
}

fn hex(digest: &Digest) -> String {
    let digits = digest.as_ref().iter().map(|byte| format!("{byte:02x}"));
    digits.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_that_of_the_lines() {
        let mut by_row = Summing::new();
        let mut by_line = Summing::new();
        for number in [1, 22] {
            let line = by_row.add(&[Cell::Integer(number)]).unwrap();
            by_line.add_line(line);
        }
        let sum = by_row.finish();
        assert_eq!(sum, by_line.finish());
        assert_eq!((sum.rows, sum.bytes), (2, 9));
        assert_eq!(sum.sha256, sha256(b"[1]\n[22]\n"));
    }

    #[test]
    fn nothing_has_the_digest_that_everybody_knows() {
        let digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Summing::new().finish().sha256, digest);
    }
}
