//! A session and lists of sessions, as their person sees them.

use std::collections::BTreeMap;

use kogents_domain::digest::Digester;
use kogents_domain::ids::SessionId;
use kogents_domain::session::{CountryCode, EndReason, SessionHandle, SessionRecord};
use kogents_domain::time::{Span, Timestamp};
use kogents_usecases::session::{OpenedSession, SessionList};
use serde::Serialize;
use utoipa::ToSchema;

use super::{OtherClientTokensView, rfc3339};
use crate::cursor;
use crate::openapi::sets;

/// A session. Every member is always there; what is unknown is null.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionView {
    #[schema(example = "0192f3c0-3333-7abc-8def-0123456789ab")]
    id: String,
    #[schema(example = "0192f3c0-1111-7abc-8def-0123456789ab")]
    user_id: String,
    /// The current workspace.
    #[schema(required, example = "0192f3c0-2222-7abc-8def-0123456789ab")]
    workspace_id: Option<String>,
    /// Names the session; authenticates nothing.
    #[schema(example = "ses_AZLzwDMzerwN7wEjRWeJq2mDdGIB8TtA0S3mYhGzVQW")]
    session_token: String,
    /// For which client it was opened.
    #[schema(value_type = sets::SessionType)]
    session_type: &'static str,
    /// Whether it has neither ended nor timed out.
    is_active: bool,
    /// Whether it is the session of this request.
    is_current: bool,
    #[schema(format = "date-time", example = "2026-01-02T03:04:05.678Z")]
    started_at: String,
    #[schema(format = "date-time", example = "2026-01-02T03:04:05.678Z")]
    last_activity_at: String,
    /// When it ends by itself.
    #[schema(format = "date-time", example = "2026-01-09T03:04:05.678Z")]
    expires_at: String,
    #[schema(required, format = "date-time")]
    ended_at: Option<String>,
    /// Why it ended; null while it has not.
    #[schema(required, value_type = Option<sets::EndReason>)]
    end_reason: Option<&'static str>,
    #[schema(example = "203.0.113.7")]
    ip_address: String,
    #[schema(required, example = "DE")]
    country_code: Option<String>,
    #[schema(required)]
    city: Option<String>,
    #[schema(required)]
    region_code: Option<String>,
    #[schema(required)]
    latitude: Option<f64>,
    #[schema(required)]
    longitude: Option<f64>,
    #[schema(required, example = "Europe/Berlin")]
    timezone: Option<String>,
    /// Where the place comes from.
    #[schema(value_type = sets::GeoSource)]
    geo_source: &'static str,
    /// The country by the client's address alone.
    #[schema(required)]
    ip_country_code: Option<String>,
    #[schema(required, value_type = Option<sets::DeviceType>)]
    device_type: Option<String>,
    #[schema(required)]
    device_name: Option<String>,
    #[schema(required)]
    device_fingerprint: Option<String>,
    #[schema(required)]
    browser_name: Option<String>,
    #[schema(required)]
    browser_version: Option<String>,
    #[schema(required)]
    os_name: Option<String>,
    #[schema(required)]
    os_version: Option<String>,
    #[schema(required)]
    device_brand: Option<String>,
    #[schema(required)]
    device_model: Option<String>,
    #[schema(required)]
    is_bot: Option<bool>,
    #[schema(required)]
    is_new_device: Option<bool>,
    #[schema(required, example = "de-DE")]
    language: Option<String>,
    #[schema(required, example = "1920x1080")]
    screen_resolution: Option<String>,
    #[schema(required)]
    referrer_url: Option<String>,
    #[schema(required)]
    referrer_domain: Option<String>,
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
    /// Click ids of advertising platforms.
    #[schema(required)]
    click_ids: Option<BTreeMap<String, String>>,
    /// What brought the person here.
    #[schema(required, value_type = Option<sets::Channel>)]
    channel: Option<String>,
    /// Authenticated requests.
    total_requests: u64,
    pages_visited: u64,
    actions_performed: u64,
    /// From the first activity to the last.
    session_duration_sec: u64,
    /// The same without the gaps of more than half an hour.
    engaged_duration_sec: u64,
    /// One, and one more for every such gap.
    visit_count: u64,
}

impl SessionView {
    /// A session at a moment, seen from the session `current`.
    pub(crate) fn new(
        record: &SessionRecord,
        now: Timestamp,
        current: SessionId,
        digester: &dyn Digester,
    ) -> Self {
        let SessionRecord {
            session,
            facts,
            activity,
        } = record;
        let country = |code: Option<CountryCode>| code.map(|code| code.as_str().to_owned());
        Self {
            id: session.id.to_string(),
            user_id: session.user_id.to_string(),
            workspace_id: session.workspace_id.map(|id| id.to_string()),
            session_token: SessionHandle::of(session.id, digester).as_str().to_owned(),
            session_type: session.session_type.as_str(),
            is_active: session.is_live(now),
            is_current: session.id == current,
            started_at: rfc3339(session.started_at),
            last_activity_at: rfc3339(activity.last_activity_at),
            expires_at: rfc3339(session.expires_at()),
            ended_at: session.end.map(|end| rfc3339(end.at)),
            end_reason: session.end.map(|end| EndReason::as_str(end.reason)),
            ip_address: facts.ip_address.to_string(),
            country_code: country(facts.country_code),
            city: facts.city.clone(),
            region_code: facts.region_code.clone(),
            latitude: facts.coordinate.map(|point| point.latitude()),
            longitude: facts.coordinate.map(|point| point.longitude()),
            timezone: facts.timezone.as_ref().map(|zone| zone.as_str().to_owned()),
            geo_source: facts.geo_source.as_str(),
            ip_country_code: country(facts.ip_country_code),
            device_type: facts.device_type.clone(),
            device_name: facts.device_name.clone(),
            device_fingerprint: facts.device_fingerprint.clone(),
            browser_name: facts.browser_name.clone(),
            browser_version: facts.browser_version.clone(),
            os_name: facts.os_name.clone(),
            os_version: facts.os_version.clone(),
            device_brand: facts.device_brand.clone(),
            device_model: facts.device_model.clone(),
            is_bot: facts.is_bot,
            is_new_device: facts.is_new_device,
            language: facts.language.as_ref().map(|tag| tag.as_str().to_owned()),
            screen_resolution: facts
                .screen_resolution
                .as_ref()
                .map(|size| size.as_str().to_owned()),
            referrer_url: facts.referrer_url.clone(),
            referrer_domain: facts.referrer_domain.clone(),
            landing_page: facts.landing_page.clone(),
            utm_source: facts.utm_source.clone(),
            utm_medium: facts.utm_medium.clone(),
            utm_campaign: facts.utm_campaign.clone(),
            utm_term: facts.utm_term.clone(),
            utm_content: facts.utm_content.clone(),
            click_ids: (!facts.click_ids.is_empty()).then(|| {
                facts
                    .click_ids
                    .iter()
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .collect()
            }),
            channel: facts.channel.clone(),
            total_requests: activity.total_requests,
            pages_visited: activity.pages_visited,
            actions_performed: activity.actions_performed,
            session_duration_sec: activity
                .last_activity_at
                .since(session.started_at)
                .as_secs_floor(),
            engaged_duration_sec: i64::try_from(activity.engaged_millis)
                .map_or(0, |millis| Span::from_millis(millis).as_secs_floor()),
            visit_count: activity.visit_count,
        }
    }
}

/// A person's sessions.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionsView {
    sessions: Vec<SessionView>,
    /// How many there are over all pages.
    #[schema(example = 1)]
    total: u64,
    /// Send it as `cursor` for the next page; null at the end.
    #[schema(required)]
    next_cursor: Option<String>,
}

impl SessionsView {
    pub(crate) fn new(list: &SessionList, current: SessionId, digester: &dyn Digester) -> Self {
        Self {
            sessions: list
                .sessions
                .iter()
                .map(|record| SessionView::new(record, list.now, current, digester))
                .collect(),
            total: list.total,
            next_cursor: list.next.map(cursor::of_session),
        }
    }
}

/// A session that was opened for another client, with its tokens.
#[derive(Serialize, ToSchema)]
pub(crate) struct OpenedSessionView {
    session: SessionView,
    #[serde(flatten)]
    tokens: OtherClientTokensView,
}

impl OpenedSessionView {
    pub(crate) fn new(opened: &OpenedSession, current: SessionId, digester: &dyn Digester) -> Self {
        let record = &opened.session;
        Self {
            session: SessionView::new(record, record.session.started_at, current, digester),
            tokens: OtherClientTokensView::new(&opened.tokens),
        }
    }
}

/// The caller's session, as it is now.
#[derive(Serialize, ToSchema)]
pub(crate) struct CurrentSessionView {
    session: SessionView,
}

impl CurrentSessionView {
    pub(crate) fn new(record: &SessionRecord, digester: &dyn Digester) -> Self {
        // Its request was let in at its last activity or before.
        let heard = record.activity.last_activity_at;
        Self {
            session: SessionView::new(record, heard, record.session.id, digester),
        }
    }
}

/// A session that has been ended.
#[derive(Serialize, ToSchema)]
pub(crate) struct EndedSessionView {
    #[schema(example = "The session has ended.")]
    message: &'static str,
    session: SessionView,
}

impl EndedSessionView {
    pub(crate) fn new(record: &SessionRecord, current: SessionId, digester: &dyn Digester) -> Self {
        // Ended or timed out: at its end at the latest it is live no more.
        let over = record.session.expires_at();
        Self {
            message: "The session has ended.",
            session: SessionView::new(record, over, current, digester),
        }
    }
}

/// How many sessions have been ended.
#[derive(Serialize, ToSchema)]
pub(crate) struct EndedSessionsView {
    #[schema(example = 3)]
    pub(crate) ended: u64,
}

#[cfg(test)]
mod tests;
