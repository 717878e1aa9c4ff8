//! The sessions that requests are made for, each of a person of its own.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde::Deserialize;

use crate::failure::Failure;

/// A session, and all that its client holds.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Session {
    /// The person.
    pub(super) user_id: String,
    /// The session itself.
    pub(super) session_id: String,
    /// Where it is.
    pub(super) workspace_id: String,
    /// What authenticates.
    pub(super) access_token: String,
    /// What makes new tokens.
    pub(super) refresh_token: String,
    /// Its digest, hexadecimal.
    pub(super) refresh_digest: String,
    /// The digest of its successor, hexadecimal.
    pub(super) next_refresh_digest: String,
    /// The person's address.
    pub(super) email: String,
    /// The person's password.
    pub(super) password: String,
}

/// The sessions of a run, dealt out so that no row spoils another.
#[derive(Debug)]
pub(super) struct Sessions {
    /// For requests that leave a session as it is.
    pub(super) steady: Vec<Session>,
    /// For persons who sign in.
    pub(super) signing_in: Vec<Session>,
    /// For refreshing, each once.
    pub(super) spent: std::vec::IntoIter<Session>,
}

/// How many sessions stay as they are.
const STEADY: usize = 1_000;

/// How many persons sign in: so many that in a run nobody has more sessions than may be open, since
/// hardly anybody signs in whose oldest session ends for it.
const SIGNING_IN: usize = 2_000;

impl Sessions {
    /// How many sessions a run needs that refreshes so many.
    pub(super) fn count(refreshes: usize) -> usize {
        STEADY.saturating_add(SIGNING_IN).saturating_add(refreshes)
    }

    /// Reads the file that they were told in.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let cannot = |error: &dyn std::fmt::Display| {
            Failure::new(format!("the sessions in {}: {error}", path.display()))
        };
        let file = File::open(path).map_err(|error| cannot(&error))?;
        let mut all = Vec::new();
        for line in BufReader::new(file).lines() {
            let line = line.map_err(|error| cannot(&error))?;
            all.push(serde_json::from_str(&line).map_err(|error| cannot(&error))?);
        }
        Self::deal(all).ok_or_else(|| cannot(&"there are too few"))
    }

    fn deal(mut all: Vec<Session>) -> Option<Self> {
        if all.len() < Self::count(0) {
            return None;
        }
        let spent = all.split_off(STEADY.saturating_add(SIGNING_IN));
        let signing_in = all.split_off(STEADY);
        Some(Self {
            steady: all,
            signing_in,
            spent: spent.into_iter(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::folder::Folder;

    fn lines(count: usize) -> String {
        (0..count)
            .map(|number| {
                format!(
                    "{{\"userId\":\"u{number}\",\"sessionId\":\"s\",\"workspaceId\":\"w\",\
                     \"accessToken\":\"a\",\"refreshToken\":\"r\",\"refreshDigest\":\"00\",\
                     \"nextRefreshDigest\":\"01\",\"email\":\"e\",\"password\":\"p\"}}\n"
                )
            })
            .collect()
    }

    #[test]
    fn nobody_is_dealt_twice() {
        let folder = Folder::create("kogents-sessions").unwrap();
        let path = folder.path("sessions");
        std::fs::write(&path, lines(Sessions::count(50))).unwrap();
        let sessions = Sessions::read(&path).unwrap();
        assert_eq!(sessions.spent.len(), 50);
        let users: BTreeSet<String> = sessions
            .steady
            .into_iter()
            .chain(sessions.signing_in)
            .chain(sessions.spent)
            .map(|session| session.user_id)
            .collect();
        assert_eq!(users.len(), Sessions::count(50));
    }

    #[test]
    fn too_few_or_other_lines_are_refused() {
        let folder = Folder::create("kogents-sessions").unwrap();
        let path = folder.path("sessions");
        std::fs::write(&path, lines(Sessions::count(0) - 1)).unwrap();
        assert!(Sessions::read(&path).is_err());
        std::fs::write(&path, "{}\n").unwrap();
        assert!(Sessions::read(&path).is_err());
        assert!(Sessions::read(&folder.path("none")).is_err());
    }
}
