//! Every field of a session, filled from where it comes from.

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::support::{CHROME_ON_MAC, IN_BERLIN, SAFARI_ON_IPHONE, put_places};
use crate::support::{Backend, PASSWORD, TestApp, on_both};

on_both!(
    a_sign_in_fills_every_field_of_its_session,
    a_signup_fills_its_first_session_and_the_first_touch,
    a_device_is_new_once,
    the_frontend_goes_before_the_address_each_group_by_itself,
    client_hints_name_what_the_user_agent_hides,
    without_anything_to_go_by_every_member_is_there,
);

/// A server behind a proxy, which knows where one network is.
async fn start(backend: &Backend, folder: &TempDir) -> TestApp {
    let path = folder.path().join("places.mmdb");
    put_places(&path);
    backend
        .start_with(|config| {
            config.geography.database = Some(path);
            config.server.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
        })
        .await
}

/// Signs in with these headers and analytics, and gives the session.
async fn sign_in(app: &TestApp, headers: &[(&str, &str)], analytics: Value) -> Value {
    let mut body = json!({ "email": "ada@example.com", "password": PASSWORD });
    let members = body.as_object_mut().unwrap();
    members.extend(analytics.as_object().unwrap().clone());
    let mut request = app.request(Method::POST, "/auth/login").json(&body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request).await.expect(200)["session"].clone()
}

async fn a_sign_in_fills_every_field_of_its_session(backend: &Backend) {
    let folder = TempDir::new().unwrap();
    let app = start(backend, &folder).await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let headers = [
        ("user-agent", CHROME_ON_MAC),
        ("x-forwarded-for", IN_BERLIN),
        ("accept-language", "fr-CA, en;q=0.8"),
    ];
    let analytics = json!({
        "referrerUrl": "https://www.google.com/search?q=chat&token=abc#top",
        "landingPage": "https://app.example.com/start?utm_source=google&code=123",
        "utmSource": "google", "utmMedium": "cpc", "utmCampaign": "spring",
        "utmTerm": "chat", "utmContent": "header",
        "screenResolution": "1920x1080",
        "clickIds": { "gclid": "EAIaIQ", "unknown": "x" },
    });
    let before = app.now().as_millis();
    let session = sign_in(&app, &headers, analytics).await;

    for (member, expected) in [
        ("userId", json!(account.user_id)),
        ("workspaceId", json!(account.workspace_id)),
        ("sessionType", json!("WEB")),
        ("isActive", json!(true)),
        ("isCurrent", json!(true)),
        ("endedAt", Value::Null),
        ("endReason", Value::Null),
        ("ipAddress", json!(IN_BERLIN)),
        ("countryCode", json!("DE")),
        ("city", json!("Berlin")),
        ("regionCode", json!("BE")),
        ("latitude", json!(52.5)),
        ("longitude", json!(13.4)),
        ("timezone", json!("Europe/Berlin")),
        ("geoSource", json!("ip")),
        ("ipCountryCode", json!("DE")),
        ("deviceType", json!("desktop")),
        ("deviceName", json!("Chrome on macOS")),
        ("browserName", json!("Chrome")),
        ("browserVersion", json!("131.0")),
        ("osName", json!("macOS")),
        ("osVersion", json!("10.15.7")),
        ("isBot", json!(false)),
        ("isNewDevice", json!(true)),
        ("language", json!("fr-CA")),
        ("screenResolution", json!("1920x1080")),
        (
            "referrerUrl",
            json!("https://www.google.com/search?q=chat&token="),
        ),
        ("referrerDomain", json!("www.google.com")),
        (
            "landingPage",
            json!("https://app.example.com/start?utm_source=google&code="),
        ),
        ("utmSource", json!("google")),
        ("utmMedium", json!("cpc")),
        ("utmCampaign", json!("spring")),
        ("utmTerm", json!("chat")),
        ("utmContent", json!("header")),
        ("clickIds", json!({ "gclid": "EAIaIQ" })),
        ("channel", json!("paid search")),
        ("totalRequests", json!(0)),
        ("pagesVisited", json!(0)),
        ("actionsPerformed", json!(0)),
        ("sessionDurationSec", json!(0)),
        ("engagedDurationSec", json!(0)),
        ("visitCount", json!(1)),
    ] {
        assert_eq!(session[member], expected, "{member}");
    }
    assert_eq!(session.as_object().unwrap().len(), 50);
    let fingerprint = session["deviceFingerprint"].as_str().unwrap();
    assert!(
        fingerprint.starts_with("fp1_") && fingerprint.len() == 26,
        "{fingerprint}"
    );
    assert_eq!(session["startedAt"], session["lastActivityAt"]);
    assert!(before <= app.now().as_millis());

    // What the answer said is what the store keeps.
    let token = account.access_token;
    let listed = app.get_as(&token, "/health/sessions").await.expect(200);
    let mut kept = listed["sessions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|other| other["id"] == session["id"])
        .unwrap()
        .clone();
    kept["isCurrent"] = json!(true);
    assert_eq!(kept, session);
}

async fn a_signup_fills_its_first_session_and_the_first_touch(backend: &Backend) {
    let folder = TempDir::new().unwrap();
    let app = start(backend, &folder).await;
    let email = "ada@example.com";
    let body = json!({ "name": "Ada", "email": email, "password": PASSWORD,
        "utmSource": "newsletter", "utmMedium": "email", "countryCode": "at", "language": "de-AT" });
    let signup = app.post("/auth/signup", body).await.expect(201);
    let signup = signup["sessionId"].as_str().unwrap();
    app.choose_workspace(signup, "engines").await;
    let code = app.send_code(signup, email).await;
    // The signup's campaign, and the device and address of the request that confirms it.
    let request = app
        .request(Method::POST, "/auth/verify/confirm-for-session")
        .header("user-agent", SAFARI_ON_IPHONE)
        .header("x-forwarded-for", IN_BERLIN)
        .header("accept-language", "en")
        .json(&json!({ "sessionId": signup, "code": code }));
    let session = app.send(request).await.expect(201)["session"].clone();
    for (member, expected) in [
        ("utmSource", json!("newsletter")),
        ("channel", json!("email")),
        ("countryCode", json!("AT")),
        ("ipCountryCode", json!("DE")),
        ("language", json!("de-AT")),
        ("deviceType", json!("mobile")),
        ("deviceName", json!("Safari on iPhone")),
        ("deviceBrand", json!("Apple")),
        ("deviceModel", json!("iPhone")),
        ("osName", json!("iOS")),
        ("isNewDevice", json!(true)),
        ("ipAddress", json!(IN_BERLIN)),
    ] {
        assert_eq!(session[member], expected, "{member}");
    }
    let user = session["userId"].as_str().unwrap();
    let user = kogents_domain::ids::UserId::parse(user).unwrap();
    let scope = kogents_domain::store::Scope::Person(user);
    let mut unit = app.store().read(scope).await.unwrap();
    let user = unit.users().find(user).await.unwrap().unwrap();
    assert_eq!(
        user.first_touch.analytics.utm_source.as_deref(),
        Some("newsletter")
    );
}

async fn a_device_is_new_once(backend: &Backend) {
    let folder = TempDir::new().unwrap();
    let app = start(backend, &folder).await;
    app.sign_up_and_confirm("ada@example.com").await;
    let on = |agent| [("user-agent", agent), ("accept-language", "en")];
    let first = sign_in(&app, &on(CHROME_ON_MAC), json!({})).await;
    // A newer version of the same browser, elsewhere, a month later.
    app.advance_secs(30 * 86_400);
    let newer = CHROME_ON_MAC.replace("131", "140");
    let moved = [
        ("user-agent", newer.as_str()),
        ("accept-language", "en-GB"),
        ("x-forwarded-for", IN_BERLIN),
    ];
    let again = sign_in(&app, &moved, json!({})).await;
    let other = sign_in(&app, &on(SAFARI_ON_IPHONE), json!({})).await;
    assert_eq!(first["isNewDevice"], true);
    assert_eq!(again["isNewDevice"], false);
    assert_eq!(other["isNewDevice"], true);
    assert_eq!(first["deviceFingerprint"], again["deviceFingerprint"]);
    assert_ne!(first["deviceFingerprint"], other["deviceFingerprint"]);

    app.sign_up_and_confirm("bob@example.com").await;
    let body = json!({ "email": "bob@example.com", "password": PASSWORD });
    let request = app.request(Method::POST, "/auth/login").json(&body);
    let request = request.header("user-agent", CHROME_ON_MAC);
    let bobs = app
        .send(request.header("accept-language", "en"))
        .await
        .expect(200);
    let bobs = &bobs["session"];
    assert_eq!(bobs["deviceName"], first["deviceName"]);
    assert_ne!(bobs["deviceFingerprint"], first["deviceFingerprint"]);
}

async fn the_frontend_goes_before_the_address_each_group_by_itself(backend: &Backend) {
    let folder = TempDir::new().unwrap();
    let app = start(backend, &folder).await;
    app.sign_up_and_confirm("ada@example.com").await;
    let headers = [("x-forwarded-for", IN_BERLIN)];
    let point = json!({ "latitude": 48.2, "longitude": 16.4 });
    for (analytics, country, latitude, zone, source) in [
        (json!({}), "DE", 52.5, "Europe/Berlin", "ip"),
        (
            json!({ "countryCode": "at" }),
            "AT",
            52.5,
            "Europe/Berlin",
            "ip",
        ),
        (point, "DE", 48.2, "Europe/Berlin", "client"),
        (
            json!({ "timezone": "Europe/Vienna" }),
            "DE",
            52.5,
            "Europe/Vienna",
            "ip",
        ),
    ] {
        let session = sign_in(&app, &headers, analytics).await;
        assert_eq!(session["countryCode"], country);
        assert_eq!(session["latitude"], latitude);
        assert_eq!(session["timezone"], zone);
        assert_eq!(session["geoSource"], source);
        assert_eq!(session["city"], "Berlin");
        assert_eq!(session["ipCountryCode"], "DE");
    }
    // Addresses that are nobody's in the world are not looked up.
    for private in ["10.0.0.1", "100.64.0.1", "fd00::1", "192.0.2.7"] {
        let session = sign_in(&app, &[("x-forwarded-for", private)], json!({})).await;
        assert_eq!(session["ipAddress"], private);
        assert_eq!(session["geoSource"], "none");
        assert_eq!(session["ipCountryCode"], Value::Null);
    }
    // An IPv4 address in the form of IPv6 is the IPv4 address.
    let mapped = format!("::ffff:{IN_BERLIN}");
    let session = sign_in(&app, &[("x-forwarded-for", &mapped)], json!({})).await;
    assert_eq!(session["ipAddress"], IN_BERLIN);
    assert_eq!(session["city"], "Berlin");
}

async fn client_hints_name_what_the_user_agent_hides(backend: &Backend) {
    let folder = TempDir::new().unwrap();
    let app = start(backend, &folder).await;
    app.sign_up_and_confirm("ada@example.com").await;
    let frozen = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) \
                  Chrome/131.0.0.0 Mobile Safari/537.36";
    let headers = [
        ("user-agent", frozen),
        (
            "sec-ch-ua",
            "\"Google Chrome\";v=\"131\", \"Chromium\";v=\"131\", \"Not_A Brand\";v=\"24\"",
        ),
        ("sec-ch-ua-mobile", "?1"),
        ("sec-ch-ua-platform", "\"Android\""),
        ("sec-ch-ua-platform-version", "\"15.0.0\""),
        ("sec-ch-ua-model", "\"Pixel 9\""),
    ];
    let session = sign_in(&app, &headers, json!({})).await;
    assert_eq!(session["deviceType"], "mobile");
    assert_eq!(session["deviceModel"], "Pixel 9");
    assert_eq!(session["deviceBrand"], "Google");
    assert_eq!(session["osVersion"], "15");
    // Pages ask browsers for the hints that do not come by themselves.
    let page = app.request(Method::GET, "/").header("accept", "text/html");
    let page = app.send(page).await;
    assert_eq!(
        page.header("accept-ch"),
        Some("Sec-CH-UA-Platform-Version, Sec-CH-UA-Model")
    );
}

async fn without_anything_to_go_by_every_member_is_there(backend: &Backend) {
    let app = backend.start().await;
    app.sign_up_and_confirm("ada@example.com").await;
    let session = sign_in(&app, &[], json!({})).await;
    assert_eq!(session.as_object().unwrap().len(), 50);
    for member in [
        "countryCode",
        "city",
        "regionCode",
        "latitude",
        "longitude",
        "timezone",
        "ipCountryCode",
        "browserName",
        "osName",
        "deviceModel",
        "language",
        "screenResolution",
        "referrerUrl",
        "referrerDomain",
        "landingPage",
        "utmSource",
        "clickIds",
    ] {
        assert_eq!(session[member], Value::Null, "{member}");
    }
    assert_eq!(session["geoSource"], "none");
    assert_eq!(session["channel"], "direct");
    assert_eq!(session["deviceName"], "Unknown device");
}
