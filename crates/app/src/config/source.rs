//! Where values come from: the environment, then `.env`. The process environment is only read.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

use super::dotenv::with_values_quoted;
use super::fault::Fault;
use super::setting::Origin;

/// Every variable there is, by name. What the environment has wins over `.env`.
#[derive(Default)]
pub struct Source {
    values: BTreeMap<String, (OsString, Origin)>,
    faults: Vec<Fault>,
}

impl Source {
    /// The environment of this process and the file `.env` in a folder, if it is there.
    #[must_use]
    pub fn system(folder: &Path) -> Self {
        let mut source = Self::default();
        source.add_file(&folder.join(".env"));
        source.add_environment();
        source
    }

    /// These variables and no others.
    pub fn of<N: Into<String>, V: Into<OsString>>(
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        Self {
            values: variables
                .into_iter()
                .map(|(name, value)| (name.into(), (value.into(), Origin::Environment)))
                .collect(),
            faults: Vec::new(),
        }
    }

    /// What is wrong with the source itself.
    pub(super) fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// A variable's value; an empty one is as good as none.
    pub(super) fn get(&self, name: &str) -> Option<&OsString> {
        let (value, _) = self.values.get(name)?;
        (!value.is_empty()).then_some(value)
    }

    /// Where a variable's value came from, if it has one.
    pub(super) fn origin(&self, name: &str) -> Option<Origin> {
        let (value, origin) = self.values.get(name)?;
        (!value.is_empty()).then(|| origin.clone())
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the environment"
    )]
    fn add_environment(&mut self) {
        for (name, value) in std::env::vars_os() {
            if let Ok(name) = name.into_string() {
                self.values.insert(name, (value, Origin::Environment));
            }
        }
    }

    fn add_file(&mut self, path: &Path) {
        match std::fs::read_to_string(path) {
            Ok(text) => self.add_lines(text.trim_start_matches('\u{FEFF}')),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                let message = format!("cannot be read: {}", error.kind());
                self.faults.push(Fault::new(".env", message));
            }
        }
    }

    fn add_lines(&mut self, text: &str) {
        let text = with_values_quoted(text);
        for line in dotenvy::from_read_iter(text.as_bytes()) {
            match line {
                Ok((name, value)) => {
                    let value = || (value.into(), Origin::DotEnv);
                    self.values.entry(name).or_insert_with(value);
                }
                Err(error) => self.faults.push(unreadable_line(&text, &error)),
            }
        }
    }
}

/// A line of `.env` that is no assignment: named by its variable where it has one, since the rest
/// of it may be a secret. The parser tells the value only, so its line is looked for.
fn unreadable_line(text: &str, error: &dotenvy::Error) -> Fault {
    let name = if let dotenvy::Error::LineParse(part, _) = error {
        let line = text.lines().find(|line| line.contains(part.as_str()));
        line.and_then(|line| line.split_once('='))
            .map(|(name, _)| name.trim())
    } else {
        None
    };
    // The second line of a secret that was pasted in two may look like an assignment, too: only
    // what is written as our variables are is told.
    let is_name = |name: &&str| {
        name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.contains('_')
            && name
                .chars()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    };
    let message = "must be NAME=value, with a quote at the end of the value where one begins it";
    name.filter(is_name).map_or_else(
        || Fault::new(".env", format!("has a line that {message}")),
        |name| Fault::new(name, format!("in .env {message}")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_lines(text: &str) -> Source {
        let mut source = Source::default();
        source.add_lines(text);
        source
    }

    #[test]
    fn the_file_is_read_line_by_line_and_its_first_word_counts() {
        let source = from_lines("# a comment\nPORT=4000\nexport HOST='::1'\nPORT=5000\nEMPTY=\n");
        assert_eq!(source.get("PORT").unwrap(), "4000");
        assert_eq!(source.get("HOST").unwrap(), "::1");
        assert!(source.get("EMPTY").is_none());
        assert!(source.faults().is_empty());
    }

    #[test]
    fn a_line_that_is_no_assignment_is_named_without_its_value() {
        let source = from_lines("JWT_SECRET='canary' canary\nPORT=4000\n canary \n7canary==\n");
        let shown = format!("{:?}", source.faults());
        assert_eq!(source.faults().len(), 3, "{shown}");
        assert_eq!(source.faults()[0].name, "JWT_SECRET");
        assert_eq!(source.faults()[1].name, ".env");
        assert!(!shown.contains("canary"), "{shown}");
        assert_eq!(source.get("PORT").unwrap(), "4000");
    }

    #[test]
    fn no_file_is_no_fault_and_a_folder_in_its_place_is_one() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Source::system(folder.path()).faults().is_empty());
        std::fs::create_dir(folder.path().join(".env")).unwrap();
        let source = Source::system(folder.path());
        assert_eq!(source.faults()[0].name, ".env");
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".env"), "PATH=canary\nONLY_HERE=1\n").unwrap();
        let source = Source::system(folder.path());
        assert_ne!(source.get("PATH").unwrap(), "canary");
        assert_eq!(source.get("ONLY_HERE").unwrap(), "1");
    }
}
