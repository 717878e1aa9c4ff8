//! Tests of how sessions are shown.

use kogents_domain::digest::{Digest, MockDigester};
use kogents_domain::ids::UserId;
use kogents_domain::session::{
    Analytics, ClickIds, Coordinate, Lifetimes, NewSession, SessionEnd, SessionFacts, SessionType,
};
use serde_json::{Value, json};

use super::*;

/// The members of a session, as the contract lists them.
const MEMBERS: [&str; 50] = [
    "id",
    "userId",
    "workspaceId",
    "sessionToken",
    "sessionType",
    "isActive",
    "isCurrent",
    "startedAt",
    "lastActivityAt",
    "expiresAt",
    "endedAt",
    "endReason",
    "ipAddress",
    "countryCode",
    "city",
    "regionCode",
    "latitude",
    "longitude",
    "timezone",
    "geoSource",
    "ipCountryCode",
    "deviceType",
    "deviceName",
    "deviceFingerprint",
    "browserName",
    "browserVersion",
    "osName",
    "osVersion",
    "deviceBrand",
    "deviceModel",
    "isBot",
    "isNewDevice",
    "language",
    "screenResolution",
    "referrerUrl",
    "referrerDomain",
    "landingPage",
    "utmSource",
    "utmMedium",
    "utmCampaign",
    "utmTerm",
    "utmContent",
    "clickIds",
    "channel",
    "totalRequests",
    "pagesVisited",
    "actionsPerformed",
    "sessionDurationSec",
    "engagedDurationSec",
    "visitCount",
];

fn digester() -> MockDigester {
    let mut digester = MockDigester::new();
    digester
        .expect_session_handle()
        .returning(|_| Digest::from_bytes([7; 32]));
    digester
}

fn id() -> SessionId {
    SessionId::parse("0192f3c0-3333-7abc-8def-0123456789ab").unwrap()
}

fn record(analytics: Analytics) -> SessionRecord {
    let week = Span::from_secs(604_800);
    let lifetimes = Lifetimes {
        session_idle: week,
        session_absolute: week,
        refresh_idle: week,
        refresh_absolute: week,
        refresh_grace: Span::from_secs(30),
    };
    let new = NewSession {
        id: id(),
        user_id: UserId::parse("0192f3c0-1111-7abc-8def-0123456789ab").unwrap(),
        workspace_id: None,
        session_type: SessionType::Web,
        refresh_digest: Digest::from_bytes([1; 32]),
        facts: SessionFacts::from_client("203.0.113.7".parse().unwrap(), analytics),
    };
    SessionRecord::open(new, &lifetimes, Timestamp::from_millis(1_727_000_000_001))
}

fn shown(view: &SessionView) -> Value {
    serde_json::to_value(view).unwrap()
}

#[test]
fn every_member_is_there_and_the_unknown_ones_are_null() {
    let record = record(Analytics::default());
    let now = record.session.started_at;
    let view = shown(&SessionView::new(&record, now, id(), &digester()));
    let mut names: Vec<_> = view.as_object().unwrap().keys().cloned().collect();
    names.sort();
    let mut expected = MEMBERS;
    expected.sort_unstable();
    assert_eq!(names, expected);
    for unknown in [
        "workspaceId",
        "endedAt",
        "endReason",
        "latitude",
        "clickIds",
        "isBot",
    ] {
        assert_eq!(view[unknown], Value::Null, "{unknown}");
    }
    assert_eq!(view["isActive"], json!(true));
    assert_eq!(view["isCurrent"], json!(true));
    assert_eq!(view["startedAt"], json!("2024-09-22T10:13:20.001Z"));
    assert_eq!(view["geoSource"], json!("none"));
    assert_eq!(view["visitCount"], json!(1));
    let token = view["sessionToken"].as_str().unwrap();
    assert!(token.starts_with("ses_") && token.len() == 47);
}

#[test]
fn what_is_known_is_told() {
    let mut record = record(Analytics {
        coordinate: Some(Coordinate::new(52.5, 13.0).unwrap()),
        click_ids: ClickIds::clean([("gclid", "abc")]),
        ..Analytics::default()
    });
    record.activity.last_activity_at = record.session.started_at.plus(Span::from_millis(90_999));
    record.activity.engaged_millis = 60_500;
    record.session.end = Some(SessionEnd {
        at: record.session.started_at,
        reason: EndReason::RevokedAll,
    });
    let other = SessionId::parse("0192f3c0-4444-7abc-8def-0123456789ab").unwrap();
    let view = EndedSessionView::new(&record, other, &digester());
    let view = shown(&view.session);
    assert_eq!(view["latitude"], json!(52.5));
    assert_eq!(view["clickIds"], json!({"gclid": "abc"}));
    assert_eq!(view["sessionDurationSec"], json!(90));
    assert_eq!(view["engagedDurationSec"], json!(60));
    assert_eq!(view["isActive"], json!(false));
    assert_eq!(view["isCurrent"], json!(false));
    assert_eq!(view["endReason"], json!("revoked_all"));
}

#[test]
fn a_session_past_its_end_is_not_active_before_any_sweep() {
    let record = record(Analytics::default());
    let end = record.session.expires_at();
    let view = shown(&SessionView::new(&record, end, id(), &digester()));
    assert_eq!(view["isActive"], json!(false));
    assert_eq!(view["endedAt"], Value::Null);
}
