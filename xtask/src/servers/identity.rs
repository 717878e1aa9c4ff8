//! The user that servers run as when root runs the tests: PostgreSQL refuses to be root.

use std::fs;
use std::os::unix::fs::MetadataExt;

use crate::failure::Failure;
use crate::folder::Folder;

/// The users that will do, the preferred one first.
const USERS: &[&str] = &["postgres", "nobody"];

/// A user of the system and its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) user: u32,
    pub(super) group: u32,
}

impl Identity {
    /// The user to become; nothing when we are not root, who alone may become another.
    pub(super) fn to_become(folder: &Folder) -> Result<Option<Self>, Failure> {
        let owner = fs::metadata(folder.root())
            .map_err(|error| cannot(folder, &error))?
            .uid();
        if owner != 0 {
            return Ok(None);
        }
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        match Self::among(&users) {
            Some(identity) => Ok(Some(identity)),
            None => Err(Failure::new(format!(
                "servers do not run as root, and there is no user {}",
                USERS.join(" or ")
            ))),
        }
    }

    /// The first of the users that the list of the system has.
    fn among(users: &str) -> Option<Self> {
        USERS.iter().find_map(|wanted| {
            users.lines().find_map(|line| {
                let mut fields = line.split(':');
                if fields.next() != Some(*wanted) {
                    return None;
                }
                let user = fields.nth(1)?.parse().ok()?;
                let group = fields.next()?.parse().ok()?;
                (user != 0).then_some(Self { user, group })
            })
        })
    }

    /// Gives a folder to the user.
    pub(super) fn own(self, folder: &Folder) -> Result<(), Failure> {
        std::os::unix::fs::chown(folder.root(), Some(self.user), Some(self.group))
            .map_err(|error| cannot(folder, &error))
    }
}

fn cannot(folder: &Folder, error: &std::io::Error) -> Failure {
    Failure::new(format!(
        "{} cannot be given to the user of the servers: {error}",
        folder.root().display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SYSTEM: &str = "root:x:0:0:root:/:/bin/bash\n\
                          nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin\n";

    #[test]
    fn postgres_is_preferred_to_nobody() {
        let all = format!("{SYSTEM}postgres:x:112:120:admin:/var/lib/postgresql:/bin/bash\n");
        let found = |users| Identity::among(users).map(|found| (found.user, found.group));
        assert_eq!(found(&all), Some((112, 120)));
        assert_eq!(found(SYSTEM), Some((65534, 65533)));
    }

    #[test]
    fn root_under_another_name_will_not_do() {
        assert_eq!(Identity::among("postgres:x:0:0::/:/bin/sh\n"), None);
        assert_eq!(Identity::among("postgresql:x:5:5::/:/bin/sh\n"), None);
        assert_eq!(Identity::among("postgres\n"), None);
    }
}
