//! The audit log as the database has it, of all workspaces and of none.

use kogents_domain::time::Timestamp;
use kogents_http::rfc3339;
use serde_json::Value;

use super::Sql;

/// What parts the columns of a line: no column has it.
const PART: char = '\u{1f}';

/// An entry; its ids as the wire has them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AuditRow {
    pub(crate) id: String,
    pub(crate) workspace: Option<String>,
    pub(crate) at: Timestamp,
    pub(crate) action: String,
    pub(crate) target: Option<(String, String)>,
    pub(crate) details: Value,
    pub(crate) actor: Option<String>,
    pub(crate) ip: Option<String>,
    pub(crate) session: Option<String>,
}

impl AuditRow {
    /// The moment as the wire has it.
    pub(crate) fn told_at(&self) -> String {
        rfc3339(self.at)
    }
}

/// Every entry, oldest first.
pub(crate) async fn audit_rows(sql: Sql<'_>) -> Vec<AuditRow> {
    let columns = [
        sql.digits("id"),
        sql.digits("workspace_id"),
        "CAST(at AS TEXT)".to_owned(),
        "action".to_owned(),
        "target".to_owned(),
        "details".to_owned(),
        sql.digits("actor_id"),
        "ip_address".to_owned(),
        sql.digits("session_id"),
    ];
    let columns = columns.map(|column| format!("coalesce({column}, '')"));
    let line = columns.join(&format!(" || '{PART}' || "));
    let query = format!("SELECT {line} AS line FROM audit ORDER BY at, id");
    let lines = sql.lines(&query).await;
    lines.iter().map(|line| read(line)).collect()
}

fn read(line: &str) -> AuditRow {
    let mut parts = line.split(PART);
    let mut next = || parts.next().expect("a column");
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    AuditRow {
        id: hyphenated(next()).expect("an id"),
        workspace: hyphenated(next()),
        at: Timestamp::from_millis(next().parse().unwrap()),
        action: next().to_owned(),
        target: next()
            .split_once(':')
            .map(|(kind, id)| (kind.to_owned(), id.to_owned())),
        details: serde_json::from_str(next()).unwrap(),
        actor: hyphenated(next()),
        ip: some(next()),
        session: hyphenated(next()),
    }
}

fn hyphenated(digits: &str) -> Option<String> {
    let mut parts = Vec::new();
    let mut rest = digits;
    for length in [8, 4, 4, 4, 12] {
        let (part, others) = rest.split_at_checked(length)?;
        parts.push(part);
        rest = others;
    }
    assert_eq!(rest, "", "{digits}");
    Some(parts.join("-"))
}
