//! What a release has left behind: the rows of its tables, the entries of its cache, and what it
//! has given to people.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::migrations::State;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/upgrades");

/// What a release has given to people, and what it counted.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Made {
    /// When the recording ended.
    pub(super) ended_at_millis: i64,
    /// An admin, who signs in with the tests' password.
    pub(super) email: String,
    pub(super) access_token: String,
    pub(super) refresh_token: String,
    /// The live sessions they have.
    pub(super) sessions: usize,
    /// The requests of the session of these tokens.
    pub(super) total_requests: u64,
    pub(super) workspace_id: String,
    pub(super) api_token: String,
    /// Somebody who is invited, and the mailed token.
    pub(super) invited: String,
    pub(super) invitation_token: String,
    /// Of a link to choose a new password.
    pub(super) reset_token: String,
    /// A signup that waits for its code.
    pub(super) signup: String,
    pub(super) code: String,
    /// To whom a mail waits in the queue.
    pub(super) waiting: String,
}

/// A row: the table, and each column's value as a literal of that store's SQL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    pub(super) table: String,
    pub(super) values: BTreeMap<String, String>,
}

/// An entry of the cache.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    /// Its name without what every name of the server begins with.
    pub(super) key: String,
    /// How long it had to live.
    pub(super) ttl_millis: i64,
    /// What `DUMP` gave, in hexadecimal digits.
    pub(super) dump: String,
}

/// What a release has left behind on one backend.
#[derive(Debug, Clone)]
pub(super) struct Release {
    /// The newest migration that it knew.
    pub(super) state: State,
    pub(super) made: Made,
    pub(super) rows: Vec<Row>,
    pub(super) entries: Vec<Entry>,
}

impl Release {
    /// All that were recorded, oldest first.
    pub(super) fn all(embedded: bool) -> Vec<Self> {
        let mut releases: Vec<Self> = fs::read_dir(FOLDER)
            .unwrap()
            .map(|folder| folder.unwrap().file_name().into_string().unwrap())
            .map(|name| Self::load(State::named(embedded, &name), embedded))
            .collect();
        releases.sort_by(|a, b| a.state.cmp(&b.state));
        assert!(!releases.is_empty(), "nothing is recorded");
        releases
    }

    fn load(state: State, embedded: bool) -> Self {
        let read = |file: &str| {
            let path = path(&state, embedded).join(file);
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        };
        let lines = |text: String| -> Vec<String> { text.lines().map(str::to_owned).collect() };
        let rows = lines(read("rows.jsonl"));
        let entries = match embedded {
            true => Vec::new(),
            false => lines(read("cache.jsonl")),
        };
        Self {
            made: serde_json::from_str(&read("made.json")).unwrap(),
            rows: rows
                .iter()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect(),
            entries: entries
                .iter()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect(),
            state,
        }
    }

    /// Writes it; what is recorded once stays as it is.
    pub(super) fn save(&self, embedded: bool) {
        let folder = path(&self.state, embedded);
        assert!(!folder.exists(), "{} is there already", folder.display());
        fs::create_dir_all(&folder).unwrap();
        let write = |file: &str, text: String| fs::write(folder.join(file), text).unwrap();
        let lines = |lines: Vec<String>| lines.join("\n") + "\n";
        let json = serde_json::to_string_pretty(&self.made).unwrap();
        write("made.json", json + "\n");
        let rows = self.rows.iter();
        let rows = rows.map(|row| serde_json::to_string(row).unwrap());
        write("rows.jsonl", lines(rows.collect()));
        if !embedded {
            let entries = self.entries.iter();
            let entries = entries.map(|entry| serde_json::to_string(entry).unwrap());
            write("cache.jsonl", lines(entries.collect()));
        }
    }
}

fn path(state: &State, embedded: bool) -> PathBuf {
    let store = if embedded { "sqlite" } else { "postgres" };
    PathBuf::from(FOLDER).join(state.version()).join(store)
}
