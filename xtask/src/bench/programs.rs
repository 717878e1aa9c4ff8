//! The programs that are measured, built as they are shipped.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::{interrupt, shell};

/// Where the programs are.
#[derive(Debug)]
pub(super) struct Programs {
    /// The server.
    pub(super) server: PathBuf,
    /// What it is measured beside.
    pub(super) bare: PathBuf,
}

impl Programs {
    /// Builds them, unless they are built already.
    pub(super) fn find(built: bool) -> Result<Self, Failure> {
        if !built {
            for arguments in [
                &["build", "--release"][..],
                &["build", "--release", "-p", "kogents-bench"][..],
            ] {
                let what = format!("cargo {}", arguments.join(" "));
                interrupt::run(&mut shell::cargo(arguments), &what)?;
            }
        }
        let folder = shell::metadata()?.target_directory.join("release");
        let find = |name: &str| {
            let path = folder.join(name).into_std_path_buf();
            if path.is_file() {
                return Ok(path);
            }
            let missing = path.display();
            Err(Failure::new(format!(
                "{missing} is missing: leave out --built"
            )))
        };
        Ok(Self {
            server: find("kogents")?,
            bare: find("kogents-bench")?,
        })
    }
}
