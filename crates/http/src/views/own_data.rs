//! Everything that is held on a person, as they get it.

use std::collections::BTreeMap;

use kogents_domain::audit::AuditEntry;
use kogents_domain::auth::{FirstTouch, User};
use kogents_domain::session::SeenDevice;
use kogents_domain::workspace::PersonMembership;
use kogents_usecases::auth::OwnData;
use serde::Serialize;
use utoipa::ToSchema;

use super::access::RoleView;
use super::audit::{AuditDetailView, AuditTargetView, details_view};
use super::workspace::WorkspaceReferenceView;
use super::{SessionView, rfc3339};
use crate::openapi::sets;

/// Everything that is held on the caller, but for the password's hash. It is written in pieces; this
/// is what they make.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OwnDataView {
    #[serde(flatten)]
    head: OwnDataHeadView,
    /// All sessions, the newest first.
    sessions: Vec<SessionView>,
    /// What the person did, the newest first.
    audit: Vec<OwnActView>,
}

/// What of it is read at once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OwnDataHeadView {
    #[schema(format = "date-time", example = "2026-01-02T03:04:05.678Z")]
    exported_at: String,
    person: OwnPersonView,
    /// The person's workspaces, whatever the status there.
    memberships: Vec<OwnMembershipView>,
    /// The kinds of device that the person was seen on, the one seen last first.
    devices: Vec<OwnDeviceView>,
}

impl From<&OwnData> for OwnDataHeadView {
    fn from(own: &OwnData) -> Self {
        Self {
            exported_at: rfc3339(own.at),
            person: OwnPersonView::from(&own.user),
            memberships: own.memberships.iter().map(Into::into).collect(),
            devices: own.devices.iter().map(Into::into).collect(),
        }
    }
}

/// A person.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OwnPersonView {
    #[schema(example = "0192f3c0-1111-7abc-8def-0123456789ab")]
    id: String,
    #[schema(example = "Ada Lovelace")]
    name: String,
    #[schema(format = "email", example = "ada@example.com")]
    email: String,
    /// E.164.
    #[schema(required, example = "+4930123456")]
    phone: Option<String>,
    #[schema(required, format = "uri", example = "https://cdn.example.com/ada.png")]
    avatar_url: Option<String>,
    /// The language of mails to the person (BCP 47).
    #[schema(required, example = "de-DE")]
    language: Option<String>,
    /// Whether a sign-in on a new device is mailed.
    new_device_mail: bool,
    /// Since when an operator has suspended the person.
    #[schema(required, format = "date-time")]
    suspended_at: Option<String>,
    /// The workspace to open the next session in.
    #[schema(required, example = "0192f3c0-2222-7abc-8def-0123456789ab")]
    last_workspace_id: Option<String>,
    /// The signup that made the account.
    #[schema(example = "0192f3c0-6666-7abc-8def-0123456789ab")]
    signup_id: String,
    first_touch: FirstTouchView,
    #[schema(format = "date-time", example = "2026-01-02T03:04:05.678Z")]
    created_at: String,
    #[schema(format = "date-time", example = "2026-01-02T03:04:05.678Z")]
    updated_at: String,
}

impl From<&User> for OwnPersonView {
    fn from(user: &User) -> Self {
        let language = user.language.as_ref();
        let avatar_url = user.avatar_url.as_ref();
        Self {
            id: user.id.to_string(),
            name: user.name.as_str().to_owned(),
            email: user.email.as_given().to_owned(),
            phone: user.phone.as_ref().map(|phone| phone.as_str().to_owned()),
            avatar_url: avatar_url.map(|url| url.as_str().to_owned()),
            language: language.map(|tag| tag.as_str().to_owned()),
            new_device_mail: user.notify_new_device,
            suspended_at: user.suspended_at.map(rfc3339),
            last_workspace_id: user.last_workspace_id.map(|id| id.to_string()),
            signup_id: user.signup_id.to_string(),
            first_touch: FirstTouchView::from(&user.first_touch),
            created_at: rfc3339(user.created_at),
            updated_at: rfc3339(user.updated_at),
        }
    }
}

/// Where the person first came from, as the frontend told at the signup.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FirstTouchView {
    #[schema(required, example = "DE")]
    country_code: Option<String>,
    #[schema(required)]
    latitude: Option<f64>,
    #[schema(required)]
    longitude: Option<f64>,
    #[schema(required, example = "Europe/Berlin")]
    timezone: Option<String>,
    #[schema(required)]
    referrer_url: Option<String>,
    #[schema(required)]
    landing_page: Option<String>,
    #[schema(required)]
    utm_source: Option<String>,
    #[schema(required)]
    utm_medium: Option<String>,
    #[schema(required)]
    utm_campaign: Option<String>,
    #[schema(required)]
    utm_term: Option<String>,
    #[schema(required)]
    utm_content: Option<String>,
    #[schema(required, example = "de-DE")]
    language: Option<String>,
    #[schema(required, example = "1920x1080")]
    screen_resolution: Option<String>,
    /// Click ids of advertising platforms.
    click_ids: BTreeMap<String, String>,
}

impl From<&FirstTouch> for FirstTouchView {
    fn from(touch: &FirstTouch) -> Self {
        let told = &touch.analytics;
        let screen = told.screen_resolution.as_ref();
        let click_ids = told.click_ids.iter();
        Self {
            country_code: told.country_code.map(|code| code.as_str().to_owned()),
            latitude: told.coordinate.map(|point| point.latitude()),
            longitude: told.coordinate.map(|point| point.longitude()),
            timezone: told.timezone.as_ref().map(|zone| zone.as_str().to_owned()),
            referrer_url: told.referrer_url.clone(),
            landing_page: told.landing_page.clone(),
            utm_source: told.utm_source.clone(),
            utm_medium: told.utm_medium.clone(),
            utm_campaign: told.utm_campaign.clone(),
            utm_term: told.utm_term.clone(),
            utm_content: told.utm_content.clone(),
            language: told.language.as_ref().map(|tag| tag.as_str().to_owned()),
            screen_resolution: screen.map(|size| size.as_str().to_owned()),
            click_ids: click_ids
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        }
    }
}

/// A membership of the person's.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OwnMembershipView {
    workspace: WorkspaceReferenceView,
    role: RoleView,
    #[schema(value_type = sets::MembershipStatus)]
    status: &'static str,
    #[schema(format = "date-time", example = "2026-01-02T03:04:05.678Z")]
    created_at: String,
    #[schema(format = "date-time", example = "2026-01-02T03:04:05.678Z")]
    updated_at: String,
}

impl From<&PersonMembership> for OwnMembershipView {
    fn from(found: &PersonMembership) -> Self {
        Self {
            workspace: WorkspaceReferenceView::from(&found.standing.workspace),
            role: RoleView::from(&found.standing.role),
            status: found.membership.status.as_str(),
            created_at: rfc3339(found.membership.created_at),
            updated_at: rfc3339(found.membership.updated_at),
        }
    }
}

/// A kind of device that the person was seen on.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OwnDeviceView {
    /// As `deviceFingerprint` of the sessions on it.
    #[schema(example = "fp1_mDdGIB8TtA0S3mYhGzVQW5")]
    fingerprint: String,
    #[schema(format = "date-time", example = "2026-01-02T03:04:05.678Z")]
    first_seen: String,
    #[schema(format = "date-time", example = "2026-01-02T03:04:05.678Z")]
    last_seen: String,
}

impl From<&SeenDevice> for OwnDeviceView {
    fn from(device: &SeenDevice) -> Self {
        Self {
            fingerprint: device.fingerprint.as_str().to_owned(),
            first_seen: rfc3339(device.first_seen),
            last_seen: rfc3339(device.last_seen),
        }
    }
}

/// Something that the person did.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OwnActView {
    #[schema(example = "0192f3c0-9999-7abc-8def-0123456789ab")]
    id: String,
    #[schema(format = "date-time", example = "2026-01-02T03:04:05.678Z")]
    at: String,
    /// The workspace whose log it is in; null: of none.
    #[schema(required, example = "0192f3c0-2222-7abc-8def-0123456789ab")]
    workspace_id: Option<String>,
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

impl From<&AuditEntry> for OwnActView {
    fn from(entry: &AuditEntry) -> Self {
        Self {
            id: entry.id.to_string(),
            at: rfc3339(entry.at),
            workspace_id: entry.workspace_id.map(|id| id.to_string()),
            action: entry.action.as_str(),
            target: entry.target.map(AuditTargetView::from),
            ip: entry.ip_address.map(|address| address.to_string()),
            session_id: entry.session_id.map(|id| id.to_string()),
            details: details_view(&entry.details),
        }
    }
}
