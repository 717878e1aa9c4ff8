//! The files that tidy reads: every text file that git tracks or would track.

use std::fs;
use std::process::Command;

use super::blank;
use crate::failure::Failure;
use crate::shell;

/// One text file, its path relative to the root.
#[derive(Debug)]
pub(super) struct Source {
    path: String,
    text: String,
    code: String,
}

impl Source {
    /// A file of this text; of a Rust file the code without comments and literals is kept too.
    pub(super) fn new(path: &str, text: &str) -> Self {
        let code = if is_rust(path) {
            blank::comments_and_literals(text)
        } else {
            String::new()
        };
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            code,
        }
    }

    /// The path, with `/` between its parts.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// The text as it is.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The lines, numbered from 1, as they are.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }

    /// The lines, numbered from 1, with comments and the insides of literals blanked out.
    pub(super) fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.code.lines())
    }

    /// Whether this is a Rust file.
    pub(super) fn is_rust(&self) -> bool {
        is_rust(&self.path)
    }
}

fn is_rust(path: &str) -> bool {
    path.ends_with(".rs")
}

/// Reads every text file of the working tree that git does not ignore.
pub(super) fn read_all() -> Result<Vec<Source>, Failure> {
    let root = shell::root();
    let mut git = Command::new("git");
    // A checkout may belong to another user, as it does in a container.
    git.arg("-c")
        .arg(format!("safe.directory={}", root.display()));
    git.args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ])
    .current_dir(&root);
    let listing = shell::output(&mut git, "git ls-files")?;
    let mut paths: Vec<&str> = listing
        .split('\0')
        .filter(|path| !path.is_empty())
        .collect();
    paths.sort_unstable();
    paths.dedup();
    let mut sources = Vec::new();
    for path in paths {
        let full = root.join(path);
        // A file deleted but not yet committed is still listed; a link is somebody else's text.
        if !full
            .symlink_metadata()
            .is_ok_and(|metadata| metadata.is_file())
        {
            continue;
        }
        let bytes = fs::read(&full)
            .map_err(|error| Failure::new(format!("{path} cannot be read: {error}")))?;
        if let Some(text) = as_text(bytes) {
            sources.push(Source::new(path, &text));
        }
    }
    Ok(sources)
}

/// The bytes as text, or nothing when the file is a binary one.
fn as_text(bytes: Vec<u8>) -> Option<String> {
    if bytes.contains(&0) {
        None
    } else {
        String::from_utf8(bytes).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binary_files_are_not_text() {
        assert_eq!(as_text(b"abc\n".to_vec()).as_deref(), Some("abc\n"));
        assert_eq!(as_text(vec![0x50, 0x4b, 0x00]), None);
        assert_eq!(as_text(vec![0xff, 0xfe]), None);
    }

    #[test]
    fn lines_are_numbered_from_one_in_both_views() {
        let source = Source::new("a.rs", "one // 1\n\"two\"\n");
        assert_eq!(source.lines().last(), Some((2, "\"two\"")));
        assert_eq!(
            source.code_lines().collect::<Vec<_>>(),
            [(1, "one     "), (2, "\"   \"")]
        );
    }
}
