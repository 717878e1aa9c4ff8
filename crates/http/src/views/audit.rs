//! The audit log, as those see it who may.

use std::collections::BTreeMap;

use kogents_domain::audit::{AuditDetail, AuditDetails, AuditKey, AuditRecord, AuditTarget};
use kogents_domain::page::Page;
use serde::Serialize;
use utoipa::ToSchema;

use super::rfc3339;
use crate::cursor;
use crate::openapi::sets;

/// Something that was done.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditEntryView {
    #[schema(example = "0192f3c0-9999-7abc-8def-0123456789ab")]
    id: String,
    #[schema(format = "date-time", example = "2026-01-02T03:04:05.678Z")]
    at: String,
    /// Who did it; null: the product itself, somebody who did not prove who they are, or a person
    /// whose account is gone.
    #[schema(required)]
    actor: Option<AuditActorView>,
    #[schema(value_type = sets::AuditAction)]
    action: &'static str,
    #[schema(required)]
    target: Option<AuditTargetView>,
    /// The client's address.
    #[schema(required, example = "203.0.113.7")]
    ip: Option<String>,
    /// The session it was done in.
    #[schema(required, example = "0192f3c0-3333-7abc-8def-0123456789ab")]
    session_id: Option<String>,
    /// What else is to be said, by names that the deed has.
    details: BTreeMap<String, AuditDetailView>,
}

/// Who did something.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuditActorView {
    #[schema(example = "0192f3c0-1111-7abc-8def-0123456789ab")]
    id: String,
    /// Null when they are no member any more.
    #[schema(required, example = "Ada Lovelace")]
    name: Option<String>,
    /// Null when they are no member any more.
    #[schema(required, format = "email", example = "ada@example.com")]
    email: Option<String>,
}

/// What something was done to. It may be gone by now.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuditTargetView {
    #[serde(rename = "type")]
    #[schema(value_type = sets::AuditTargetType)]
    kind: &'static str,
    #[schema(example = "0192f3c0-4444-7abc-8def-0123456789ab")]
    id: String,
}

/// One detail: a text, or several.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum AuditDetailView {
    /// A word or a name.
    Text(String),
    /// Several, such as the permissions that a role was given.
    List(Vec<String>),
}

/// A page of the audit log.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditView {
    /// The newest first.
    items: Vec<AuditEntryView>,
    /// Where the next page begins; null: there is none.
    #[schema(required, example = "AWEAAAGSGTi2AQGS88AREXq8je8BI0Vnias")]
    next_cursor: Option<String>,
}

impl From<AuditTarget> for AuditTargetView {
    fn from(target: AuditTarget) -> Self {
        Self {
            kind: target.kind.as_str(),
            id: target.id.hyphenated().to_string(),
        }
    }
}

/// Details as the wire has them.
pub(super) fn details_view(details: &AuditDetails) -> BTreeMap<String, AuditDetailView> {
    let details = details.by_name().iter();
    let view = |detail: &AuditDetail| match detail {
        AuditDetail::Text(text) => AuditDetailView::Text(text.clone()),
        AuditDetail::List(texts) => AuditDetailView::List(texts.clone()),
    };
    details
        .map(|(name, detail)| (name.clone(), view(detail)))
        .collect()
}

impl From<&AuditRecord> for AuditEntryView {
    fn from(record: &AuditRecord) -> Self {
        let entry = &record.entry;
        let known = record.actor.as_ref();
        let actor = entry.actor_id.map(|id| AuditActorView {
            id: id.to_string(),
            name: known.map(|actor| actor.name.as_str().to_owned()),
            email: known.map(|actor| actor.email.as_given().to_owned()),
        });
        Self {
            id: entry.id.to_string(),
            at: rfc3339(entry.at),
            actor,
            action: entry.action.as_str(),
            target: entry.target.map(AuditTargetView::from),
            ip: entry.ip_address.map(|address| address.to_string()),
            session_id: entry.session_id.map(|id| id.to_string()),
            details: details_view(&entry.details),
        }
    }
}

impl From<&Page<AuditRecord, AuditKey>> for AuditView {
    fn from(page: &Page<AuditRecord, AuditKey>) -> Self {
        Self {
            items: page.items.iter().map(AuditEntryView::from).collect(),
            next_cursor: page.next.map(cursor::of_audit),
        }
    }
}

#[cfg(test)]
mod tests {
    use kogents_domain::audit::{AuditAction, AuditActor, AuditEntry};
    use kogents_domain::ids::{AuditId, RoleId};
    use kogents_testkit::builders::{START, a_session, a_user, a_workspace, unique_id};
    use serde_json::json;

    use super::*;

    #[test]
    fn an_entry_shows_every_member_and_null_for_what_is_not_known() {
        let (workspace, ada) = (a_workspace().build(), a_user().build());
        let session = a_session(ada.id).build().session;
        let role = RoleId::from_uuid(unique_id());
        let changed = AuditEntry {
            id: AuditId::from_uuid(unique_id()),
            at: START,
            workspace_id: Some(workspace.id),
            actor_id: Some(ada.id),
            action: AuditAction::RolePermissionsChanged,
            target: Some(role.into()),
            ip_address: Some("2001:db8::7".parse().unwrap()),
            session_id: Some(session.id),
            details: AuditDetails::none()
                .with("name", "night shift")
                .with("added", vec!["chat:read".to_owned()]),
        };
        let ended = AuditEntry {
            id: AuditId::from_uuid(unique_id()),
            actor_id: None,
            action: AuditAction::SignInFailed,
            target: None,
            ip_address: None,
            session_id: None,
            details: AuditDetails::none(),
            ..changed.clone()
        };
        let by_known = AuditRecord {
            entry: changed.clone(),
            actor: Some(AuditActor {
                name: ada.name.clone(),
                email: ada.email.clone(),
            }),
        };
        let unknown = |entry: &AuditEntry| AuditRecord {
            entry: entry.clone(),
            actor: None,
        };
        let page = Page {
            items: vec![by_known, unknown(&changed), unknown(&ended)],
            next: Some(ended.key()),
        };
        let shown = serde_json::to_value(AuditView::from(&page)).unwrap();
        let full = json!({
            "id": changed.id.to_string(),
            "at": rfc3339(START),
            "actor": {
                "id": ada.id.to_string(),
                "name": ada.name.as_str(),
                "email": ada.email.as_given(),
            },
            "action": "role.permissions_changed",
            "target": { "type": "role", "id": role.to_string() },
            "ip": "2001:db8::7",
            "sessionId": session.id.to_string(),
            "details": { "name": "night shift", "added": ["chat:read"] },
        });
        assert_eq!(shown["items"][0], full);
        let gone = json!({ "id": ada.id.to_string(), "name": null, "email": null });
        assert_eq!(shown["items"][1]["actor"], gone);
        let bare = json!({
            "id": ended.id.to_string(),
            "at": rfc3339(START),
            "actor": null,
            "action": "sign_in.failed",
            "target": null,
            "ip": null,
            "sessionId": null,
            "details": {},
        });
        assert_eq!(shown["items"][2], bare);
        let cursor = shown["nextCursor"].as_str().unwrap();
        assert_eq!(cursor::parse_audit(cursor), Ok(ended.key()));
    }
}
