//! Mails as `kogents mail` shows them.

use kogents_domain::mail::MailEntry;
use kogents_http::rfc3339;
use serde::Serialize;

use super::super::output;

/// A mail as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Shown {
    id: String,
    state: &'static str,
    lane: &'static str,
    template: String,
    language: String,
    recipient: Option<String>,
    attempts: u32,
    created_at: String,
    run_at: String,
    expires_at: Option<String>,
    lease_until: Option<String>,
    finished_at: Option<String>,
    last_error: Option<String>,
    has_message: bool,
}

impl From<&MailEntry> for Shown {
    fn from(entry: &MailEntry) -> Self {
        Self {
            id: entry.id.to_string(),
            state: entry.state.as_str(),
            lane: entry.lane.as_str(),
            template: entry.template.clone(),
            language: entry.language.clone(),
            recipient: entry.recipient.clone(),
            attempts: entry.attempts,
            created_at: rfc3339(entry.created_at),
            run_at: rfc3339(entry.run_at),
            expires_at: entry.expires_at.map(rfc3339),
            lease_until: entry.lease_until.map(rfc3339),
            finished_at: entry.finished_at.map(rfc3339),
            last_error: entry.last_error.clone(),
            has_message: entry.has_message,
        }
    }
}

/// A line for each, with a heading; columns as wide as they must be.
pub(super) fn table(mails: &[Shown]) -> Vec<String> {
    if mails.is_empty() {
        return vec!["no mail".to_owned()];
    }
    let rows = mails.iter().map(|mail| {
        [
            mail.id.clone(),
            mail.state.to_owned(),
            mail.lane.to_owned(),
            mail.template.clone(),
            mail.attempts.to_string(),
            mail.created_at.clone(),
            mail.recipient.clone().unwrap_or_else(|| "-".to_owned()),
        ]
    });
    output::table(
        ["ID", "STATE", "LANE", "TEMPLATE", "TRIES", "QUEUED", "TO"],
        rows,
    )
}

/// Everything of one, a line each; what there is not is left out.
pub(super) fn details(mail: &Shown) -> Vec<String> {
    let kept = if mail.has_message { "kept" } else { "wiped" };
    let attempts = mail.attempts.to_string();
    let lines = [
        ("id", Some(mail.id.as_str())),
        ("state", Some(mail.state)),
        ("lane", Some(mail.lane)),
        ("template", Some(mail.template.as_str())),
        ("language", Some(mail.language.as_str())),
        ("to", mail.recipient.as_deref()),
        ("message", Some(kept)),
        ("tries", Some(attempts.as_str())),
        ("queued at", Some(mail.created_at.as_str())),
        ("not before", Some(mail.run_at.as_str())),
        ("expires at", mail.expires_at.as_deref()),
        ("in work until", mail.lease_until.as_deref()),
        ("finished at", mail.finished_at.as_deref()),
        ("last error", mail.last_error.as_deref()),
    ];
    lines
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name:<14}{}", value?)))
        .collect()
}
