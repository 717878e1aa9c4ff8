//! `cargo xtask db new NAME`: the next migration, for both stores.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};

/// The folders of the stores, below `migrations`, and how each is called.
const STORES: [(&str, &str); 2] = [("postgres", "PostgreSQL"), ("sqlite", "SQLite")];

/// Makes the folders and files and says what to do next.
pub(super) fn run(root: &Path, name: &str) -> Outcome {
    let migrations = root.join("migrations");
    let name = checked(name)?;
    let number = next_number(&names(&migrations)?)?;
    let folder = format!("{number:04}_{name}");
    for (store, spoken) in STORES {
        let path = migrations.join(store).join(&folder);
        fs::create_dir(&path).map_err(|error| cannot("made", &path, &error))?;
        write(&path.join("up.sql"), &up_template(spoken))?;
        write(&path.join("down.sql"), &down_template())?;
        println!("migrations/{store}/{folder}/up.sql and down.sql");
    }
    print!("{}", next_steps());
    Ok(())
}

/// A name as `add_invitation_note`: what changes, in a few words.
fn checked(name: &str) -> Result<&str, Failure> {
    let words_are_good = name.split('_').all(|word| {
        !word.is_empty()
            && word
                .chars()
                .all(|character| character.is_ascii_lowercase() || character.is_ascii_digit())
    });
    if words_are_good && name.starts_with(|first: char| first.is_ascii_lowercase()) {
        return Ok(name);
    }
    Err(Failure::usage(format!(
        "'{name}' is no name for a migration; say in lower case what changes, \
         as in add_invitation_note"
    )))
}

/// The names of the migrations of each store.
fn names(migrations: &Path) -> Result<Vec<Vec<String>>, Failure> {
    STORES
        .iter()
        .map(|(store, _)| {
            let path = migrations.join(store);
            let entries = fs::read_dir(&path).map_err(|error| cannot("read", &path, &error))?;
            let mut names: Vec<String> = entries
                .flatten()
                .filter(|entry| entry.path().is_dir())
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                .collect();
            names.sort();
            Ok(names)
        })
        .collect()
}

/// The number after the last one. The same number means the same step in every store.
fn next_number(stores: &[Vec<String>]) -> Result<u32, Failure> {
    if stores.windows(2).any(|pair| pair.first() != pair.last()) {
        return Err(Failure::new(
            "the stores do not have the same migrations; a step that does not concern a store \
             has its folder there too, with a comment that says so",
        ));
    }
    let last = stores
        .iter()
        .flatten()
        .filter_map(|name| name.split_once('_')?.0.parse::<u32>().ok())
        .max();
    Ok(last.unwrap_or(0).saturating_add(1))
}

fn up_template(store: &str) -> String {
    format!(
        "-- In place of these lines: one sentence on what this migration brings, then its\n\
         -- statements for {store}. Rules: migrations/README.md. It only adds what a server of the\n\
         -- previous release can ignore. Where it does not concern {store}, one comment says so.\n"
    )
}

fn down_template() -> String {
    "-- In place of these lines: the statements that undo up.sql, in the opposite order.\n"
        .to_owned()
}

fn next_steps() -> String {
    let steps = [
        "write up.sql and down.sql of both stores",
        "add the migration to the list in crates/adapter-postgres/src/migrations.rs; \
         crates/adapter-sqlite takes in the whole folder",
        "bring src/schema.rs of both crates up to date by hand, then run `cargo xtask db check`",
        "change the repositories and extend the contract suite, then run `cargo xtask test`",
        "migrate your own database: `cargo xtask db up`",
    ];
    let mut text = "next:\n".to_owned();
    for (number, step) in (1..).zip(steps) {
        text.push_str(&format!("  {number}. {step}\n"));
    }
    text
}

fn write(path: &PathBuf, text: &str) -> Outcome {
    fs::write(path, text).map_err(|error| cannot("written", path, &error))
}

fn cannot(verb: &str, path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{} cannot be {verb}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::Folder;

    fn workspace() -> Folder {
        let folder = Folder::create("kogents-migrations").unwrap();
        for (store, _) in STORES {
            let path = folder.path("migrations").join(store).join("0001_initial");
            fs::create_dir_all(path).unwrap();
        }
        folder
    }

    #[test]
    fn both_stores_get_the_next_number() {
        let workspace = workspace();
        run(workspace.root(), "add_note").unwrap();
        run(workspace.root(), "add_index").unwrap();
        for (store, spoken) in STORES {
            let migrations = workspace.path("migrations").join(store);
            let up = fs::read_to_string(migrations.join("0002_add_note/up.sql")).unwrap();
            assert!(up.contains(spoken));
            assert!(up.lines().all(|line| line.starts_with("-- ")));
            assert!(migrations.join("0002_add_note/down.sql").is_file());
            assert!(migrations.join("0003_add_index/up.sql").is_file());
        }
    }

    #[test]
    fn stores_that_differ_are_a_failure_and_nothing_is_made() {
        let workspace = workspace();
        let extra = workspace.path("migrations").join("sqlite/0002_alone");
        fs::create_dir(extra).unwrap();
        let failure = run(workspace.root(), "add_note").unwrap_err();
        assert!(failure.to_string().contains("same migrations"));
        let postgres = workspace.path("migrations").join("postgres");
        assert_eq!(fs::read_dir(postgres).unwrap().count(), 1);
    }

    #[test]
    fn names_are_words_in_lower_case() {
        for good in ["add_note", "add2", "drop"] {
            assert!(checked(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "Add",
            "add-note",
            "add__note",
            "_add",
            "add_",
            "2add",
            "a/b",
            "../a",
        ] {
            assert_eq!(checked(bad).unwrap_err().exit_code(), 2, "{bad}");
        }
    }
}
