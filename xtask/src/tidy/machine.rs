//! Rule: nothing in the repository depends on the machine it was written on.

use super::finding::Finding;
use super::source::Source;
use super::whitespace;

/// Folders of a developer's machine.
const FOLDERS: &[&str] = &[
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/wo", "rk/"),
];

/// Hosts that serve packages; what is fetched is named in manifests, not by address.
const HOSTS: &[&str] = &[
    concat!("static.", "crates.io"),
    concat!("registry.", "npmjs"),
];

/// Finds absolute paths of a developer's machine and addresses of package hosts.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    if whitespace::is_kept_as_it_is(source.path()) {
        return Vec::new();
    }
    source
        .lines()
        .filter_map(|(line, text)| {
            let folder = FOLDERS.iter().find(|folder| begins_path(text, folder));
            let what = folder.or_else(|| HOSTS.iter().find(|host| text.contains(**host)))?;
            let message = format!("`{what}`: nothing here may depend on one machine");
            Some(Finding::new(source.path(), line, message))
        })
        .collect()
}

/// Whether a path begins with this folder somewhere in the text, not merely contains it.
fn begins_path(text: &str, folder: &str) -> bool {
    text.match_indices(folder).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(|before| before.is_alphanumeric() || "._-/~}*".contains(before))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<usize> {
        check(&Source::new("docs/NOTES.md", text))
            .iter()
            .map(Finding::line)
            .collect()
    }

    #[test]
    fn paths_and_hosts_of_one_machine_are_found() {
        let [root, home, work] = [FOLDERS[0], FOLDERS[1], FOLDERS[2]];
        assert_eq!(
            lines(&format!("cd {root}a\nx={home}b\n\"{work}c\"\n{work}d\n")),
            [1, 2, 3, 4]
        );
        assert_eq!(
            lines(&format!("https://{}/x\n{}.org\n", HOSTS[0], HOSTS[1])),
            [1, 2]
        );
    }

    #[test]
    fn relative_paths_routes_and_the_lock_file_are_good() {
        let [_, home, work] = [FOLDERS[0], FOLDERS[1], FOLDERS[2]];
        assert!(
            lines(&format!(
                "src{work}a ~{home}x ./a{home}b\n/workspace/slug\n"
            ))
            .is_empty()
        );
        assert!(check(&Source::new("Cargo.lock", HOSTS[0])).is_empty());
    }
}
