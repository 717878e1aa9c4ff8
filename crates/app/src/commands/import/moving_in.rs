//! Rows on their way into the database, and read back from it.

use kogents_adapter_postgres::{ImportError, PgImport};
use kogents_domain::moving::{Cell, Table};
use tokio::sync::mpsc;

use super::checking::difference;
use crate::failure::Failure;
use crate::moving::folder::ExportFolder;
use crate::moving::manifest::Manifest;
use crate::moving::progress::Progress;
use crate::moving::reading::TableReader;
use crate::moving::sum::Summing;

/// How many rows are read ahead at once, at most, and about how many bytes of them. Two such parts
/// wait while a third is written.
const PART_ROWS: usize = 500;
const PART_BYTES: usize = 1 << 20;
const PARTS: usize = 2;

type Part = Vec<Vec<Cell>>;

/// Writes every table that has not been written before.
pub(super) async fn write(
    target: &PgImport,
    folder: &ExportFolder,
    manifest: &Manifest,
    progress: &mut Progress,
) -> Result<(), Failure> {
    for (table, expected) in manifest.tables() {
        let begun = target.table(table, expected.rows).await;
        let Some(mut writing) = begun.map_err(stopped)? else {
            continue;
        };
        progress.begin(format!("import {}", table.name), expected.rows);
        let (give, mut parts) = mpsc::channel(PARTS);
        let folder = folder.clone();
        let reading = tokio::task::spawn_blocking(move || read(&folder, table, &give));
        while let Some(part) = parts.recv().await {
            for row in part {
                writing.take(row).await.map_err(stopped)?;
                progress.row();
            }
        }
        reading
            .await
            .map_err(|error| super::super::told(&error))??;
        let taken = writing.commit().await.map_err(stopped)?;
        progress.end();
        if taken != expected.rows {
            return Err(Failure::Command(format!(
                "the table {} took {taken} rows of {}",
                table.name, expected.rows
            )));
        }
    }
    Ok(())
}

/// Says what to do about a table that could not be written, where that does not say so itself.
fn stopped(error: ImportError) -> Failure {
    match error {
        ImportError::Failed { .. } | ImportError::Misshapen { .. } | ImportError::Database(_) => {
            Failure::Command(format!(
                "{error}. No server starts on this database as it is: run the import again with \
                 the same folder to go on, or drop the database, create it again, and begin anew"
            ))
        }
        ImportError::Open(_)
        | ImportError::InUse
        | ImportError::Pooled
        | ImportError::Occupied(_)
        | ImportError::OtherUnfinished
        | ImportError::TableOccupied { .. } => Failure::from(error),
    }
}

/// Reads a table's rows ahead, until nobody takes them any more.
fn read(
    folder: &ExportFolder,
    table: &'static Table,
    give: &mpsc::Sender<Part>,
) -> Result<(), Failure> {
    let mut reader = TableReader::open(folder, table)?;
    let mut part = Part::new();
    let mut bytes = 0_usize;
    while let Some(row) = reader.next()? {
        part.push(row);
        bytes = bytes.saturating_add(reader.line_bytes());
        if part.len() >= PART_ROWS || bytes >= PART_BYTES {
            bytes = 0;
            if give.blocking_send(std::mem::take(&mut part)).is_err() {
                return Ok(());
            }
        }
    }
    // Who does not take it has failed, and says so.
    let _ = give.blocking_send(part);
    Ok(())
}

/// Reads every table back and compares it with what was exported.
pub(super) async fn compare(
    target: &PgImport,
    manifest: &Manifest,
    progress: &mut Progress,
) -> Result<(), Failure> {
    target.begin_reading().await?;
    for (table, expected) in manifest.tables() {
        progress.begin(format!("compare {}", table.name), expected.rows);
        let mut summing = Summing::new();
        target
            .read::<Failure>(table, |cells| {
                progress.row();
                let added = summing.add(cells).map(|_| ());
                added.map_err(|error| super::super::told(&error))
            })
            .await?;
        progress.end();
        let found = summing.finish();
        if found != expected {
            return Err(Failure::Command(format!(
                "the table {} is not as it was exported: {}. Somebody else writes to the database, \
                 and no server starts on it as it is: drop it, create it again, and begin anew",
                table.name,
                difference(&found, &expected)
            )));
        }
    }
    Ok(())
}
