//! The fuzz targets that there are: a file each.

use std::fs;

use crate::failure::Failure;
use crate::shell;

/// Where the files are.
const FOLDER: &str = "fuzz/fuzz_targets";

/// The names of the targets, in their order.
pub(super) fn all() -> Result<Vec<String>, Failure> {
    let cannot = |error: std::io::Error| Failure::new(format!("{FOLDER} cannot be read: {error}"));
    let mut names = Vec::new();
    for entry in fs::read_dir(shell::root().join(FOLDER)).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        let name = path.file_stem().and_then(|name| name.to_str());
        if path.extension().is_some_and(|extension| extension == "rs") {
            names.extend(name.map(str::to_owned));
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_a_program_of_the_manifest_and_has_a_corpus() {
        let root = shell::root();
        let manifest = fs::read_to_string(root.join("fuzz/Cargo.toml")).unwrap();
        let names = all().unwrap();
        assert!(names.len() >= 5, "{names:?}");
        for name in &names {
            assert!(
                manifest.contains(&format!("\nname = \"{name}\"\n")),
                "{name}"
            );
            let corpus = root.join("crates/testkit/corpus").join(name);
            assert!(corpus.is_dir(), "{}", corpus.display());
        }
        assert_eq!(manifest.matches("[[bin]]").count(), names.len());
    }
}
