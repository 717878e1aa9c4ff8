//! How large the release is, without its symbols.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::report::Bound;
use super::row::Row;
use crate::failure::Failure;
use crate::folder::Folder;
use crate::numbers::mebibytes;
use crate::shell;

/// What it may have.
const MOST_MIB: f64 = 32.0;

/// Strips a copy and measures it.
pub(super) fn measure(program: &Path, folder: &Folder) -> Result<Bound, Failure> {
    let copy = folder.path("stripped");
    let cannot = |error| Failure::new(format!("{}: {error}", program.display()));
    fs::copy(program, &copy).map_err(cannot)?;
    let built = fs::metadata(program).map_err(cannot)?.len();
    let stripped = shell::works(Command::new("strip").arg(&copy));
    let value = mebibytes(fs::metadata(&copy).map_err(cannot)?.len());
    let _ = fs::remove_file(&copy);
    Ok(Bound {
        key: Row::Binary.key().to_owned(),
        work: Row::Binary.work().to_owned(),
        values: vec![value],
        value,
        most: MOST_MIB,
        unit: "MiB".to_owned(),
        note: Some(if stripped {
            format!(
                "a copy, by strip; as it is built {:.1} MiB",
                mebibytes(built)
            )
        } else {
            "as it is built; there is no strip here".to_owned()
        }),
        latency: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_measured_and_the_program_is_left_alone() {
        let folder = Folder::create("kogents-binary").unwrap();
        let program = folder.path("program");
        fs::write(&program, vec![0_u8; 3 << 20]).unwrap();
        // Nothing that can be stripped: it keeps its size.
        let bound = measure(&program, &folder).unwrap();
        assert!((bound.value - 3.0).abs() < 1e-9);
        assert!(bound.is_kept());
        assert_eq!(fs::metadata(&program).unwrap().len(), 3 << 20);
        assert!(!folder.path("stripped").exists());
        assert!(measure(&folder.path("none"), &folder).is_err());
    }
}
