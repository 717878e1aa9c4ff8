//! Persons and sessions as `kogents user` shows them.

use kogents_domain::auth::User;
use kogents_domain::session::SessionRecord;
use kogents_domain::time::Timestamp;
use kogents_http::rfc3339;
use serde::Serialize;

use super::super::output;

/// A person as they are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ShownPerson {
    id: String,
    email: String,
    name: String,
    created_at: String,
    suspended_at: Option<String>,
}

impl From<&User> for ShownPerson {
    fn from(user: &User) -> Self {
        Self {
            id: user.id.to_string(),
            email: user.email.as_given().to_owned(),
            name: user.name.as_str().to_owned(),
            created_at: rfc3339(user.created_at),
            suspended_at: user.suspended_at.map(rfc3339),
        }
    }
}

/// A line for each person, with a heading.
pub(super) fn persons(shown: &[ShownPerson]) -> Vec<String> {
    if shown.is_empty() {
        return vec!["nobody".to_owned()];
    }
    let rows = shown.iter().map(|person| {
        [
            person.id.clone(),
            person.email.clone(),
            person.name.clone(),
            person.created_at.clone(),
            person.suspended_at.clone().unwrap_or_default(),
        ]
    });
    output::table(["ID", "ADDRESS", "NAME", "SINCE", "SUSPENDED"], rows)
}

/// A session as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ShownSession {
    id: String,
    workspace_id: Option<String>,
    started_at: String,
    last_activity_at: String,
    ip_address: String,
    device_name: Option<String>,
    /// `live`, `timed out`, or why it ended.
    state: String,
    ended_at: Option<String>,
}

impl ShownSession {
    /// As it is at a moment.
    pub(super) fn of(record: &SessionRecord, now: Timestamp) -> Self {
        let session = &record.session;
        let state = match session.end {
            Some(end) => end.reason.as_str(),
            None if session.is_live(now) => "live",
            None => "timed out",
        };
        Self {
            id: session.id.to_string(),
            workspace_id: session.workspace_id.map(|id| id.to_string()),
            started_at: rfc3339(session.started_at),
            last_activity_at: rfc3339(record.activity.last_activity_at),
            ip_address: record.facts.ip_address.to_string(),
            device_name: record.facts.device_name.clone(),
            state: state.to_owned(),
            ended_at: session.end.map(|end| rfc3339(end.at)),
        }
    }
}

/// A line for each session, with a heading.
pub(super) fn sessions(shown: &[ShownSession]) -> Vec<String> {
    if shown.is_empty() {
        return vec!["no session".to_owned()];
    }
    let rows = shown.iter().map(|session| {
        [
            session.id.clone(),
            session.state.clone(),
            session.started_at.clone(),
            session.last_activity_at.clone(),
            session.ip_address.clone(),
            session.device_name.clone().unwrap_or_default(),
        ]
    });
    let heading = ["ID", "STATE", "STARTED", "LAST ACTIVE", "ADDRESS", "DEVICE"];
    output::table(heading, rows)
}
