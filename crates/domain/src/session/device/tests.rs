//! Hints against User-Agents; names.

use super::*;

const WINDOWS: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
const MAC: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
const ANDROID: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36";
const ANDROID_TABLET: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
const CHROME: &str = r#""Google Chrome";v="131", "Chromium";v="131", "Not_A Brand";v="24""#;

/// A request with hints.
struct Request<'a> {
    agent: &'a str,
    brands: &'a str,
    mobile: &'a str,
    platform: &'a str,
    version: &'a str,
    model: &'a str,
}

const REQUEST: Request<'static> = Request {
    agent: WINDOWS,
    brands: CHROME,
    mobile: "?0",
    platform: r#""Windows""#,
    version: r#""15.0.0""#,
    model: r#""""#,
};

impl Request<'_> {
    fn describe(&self, browser: (&str, &str), os: (&str, &str)) -> Device {
        let hints = ClientHints::from_headers(|name| {
            let value = match name {
                "user-agent" => self.agent,
                "sec-ch-ua" => self.brands,
                "sec-ch-ua-mobile" => self.mobile,
                "sec-ch-ua-platform" => self.platform,
                "sec-ch-ua-platform-version" => self.version,
                "sec-ch-ua-model" => self.model,
                other => panic!("{other} is not among the headers"),
            };
            (!value.is_empty()).then_some(value.as_bytes())
        });
        Device::describe(&hints, &families(browser, os))
    }
}

fn families(browser: (&str, &str), os: (&str, &str)) -> UserAgentFamilies {
    let family = |(name, version): (&str, &str)| {
        (!name.is_empty()).then(|| Family {
            name: name.to_owned(),
            version: (!version.is_empty()).then(|| version.to_owned()),
        })
    };
    UserAgentFamilies {
        browser: family(browser),
        os: family(os),
    }
}

const CHROME_131: (&str, &str) = ("Chrome", "131.0.0");
const CHROME_MOBILE_131: (&str, &str) = ("Chrome Mobile", "131.0.0");

#[test]
fn windows_11_is_told_by_its_hint() {
    let with = |version| Request { version, ..REQUEST }.describe(CHROME_131, ("Windows", "10"));
    assert_eq!(with(r#""15.0.0""#).os_version.as_deref(), Some("11"));
    assert_eq!(with(r#""13.0.0""#).os_version.as_deref(), Some("11"));
    assert_eq!(with(r#""10.0.0""#).os_version.as_deref(), Some("10"));
    assert_eq!(with("").os_version.as_deref(), Some("10"));
    assert_eq!(with("nonsense").os_version.as_deref(), Some("10"));
    assert_eq!(with(r#""15.0.0""#).device_name, "Chrome on Windows");
}

#[test]
fn a_frozen_mac_gets_its_version_from_the_hint() {
    let device = Request {
        agent: MAC,
        platform: r#""macOS""#,
        version: r#""15.1.0""#,
        ..REQUEST
    }
    .describe(CHROME_131, ("Mac OS X", "10.15.7"));
    assert_eq!(
        device,
        Device {
            device_type: DeviceType::Desktop,
            device_name: "Chrome on macOS".to_owned(),
            browser_name: Some("Chrome".to_owned()),
            browser_version: Some("131.0".to_owned()),
            os_name: Some("macOS".to_owned()),
            os_version: Some("15.1".to_owned()),
            device_brand: Some("Apple".to_owned()),
            device_model: Some("Mac".to_owned()),
            is_bot: false,
        }
    );
}

#[test]
fn a_reduced_android_gets_version_and_model_from_hints() {
    let device = Request {
        agent: ANDROID,
        mobile: "?1",
        platform: r#""Android""#,
        version: r#""15.0.0""#,
        model: r#""Pixel 9 Pro""#,
        ..REQUEST
    }
    .describe(CHROME_MOBILE_131, ("Android", "10"));
    assert_eq!(
        device,
        Device {
            device_type: DeviceType::Mobile,
            device_name: "Chrome on Android".to_owned(),
            browser_name: Some("Chrome".to_owned()),
            browser_version: Some("131.0".to_owned()),
            os_name: Some("Android".to_owned()),
            os_version: Some("15".to_owned()),
            device_brand: Some("Google".to_owned()),
            device_model: Some("Pixel 9 Pro".to_owned()),
            is_bot: false,
        }
    );
}

#[test]
fn a_reduced_android_without_the_word_mobile_is_a_tablet() {
    let device = Request {
        agent: ANDROID_TABLET,
        platform: r#""Android""#,
        version: r#""14.0.0""#,
        model: r#""SM-X910""#,
        ..REQUEST
    }
    .describe(CHROME_131, ("Android", "10"));
    assert_eq!(device.device_type, DeviceType::Tablet);
    assert_eq!(device.device_model.as_deref(), Some("SM-X910"));
    assert_eq!(device.device_brand.as_deref(), Some("Samsung"));
}

#[test]
fn the_user_agents_own_model_and_version_win() {
    let device = Request {
        agent: "Mozilla/5.0 (Linux; Android 13; SM-G991B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.6778.39 Mobile Safari/537.36",
        mobile: "?1",
        platform: r#""Android""#,
        version: r#""15.0.0""#,
        model: r#""Pixel 9""#,
        ..REQUEST
    }
    .describe(CHROME_MOBILE_131, ("Android", "13"));
    assert_eq!(device.device_model.as_deref(), Some("SM-G991B"));
    assert_eq!(device.os_version.as_deref(), Some("13"));
}

#[test]
fn hints_that_contradict_the_user_agent_are_ignored() {
    let plain = Request {
        brands: "",
        mobile: "",
        platform: "",
        version: "",
        model: "",
        ..REQUEST
    }
    .describe(CHROME_131, ("Windows", "10"));
    for lie in [
        Request {
            platform: r#""macOS""#,
            ..REQUEST
        },
        Request {
            platform: r#""Android""#,
            model: r#""Pixel 9""#,
            ..REQUEST
        },
        Request {
            platform: r#""Linux""#,
            ..REQUEST
        },
        Request {
            mobile: "?1",
            ..REQUEST
        },
        Request {
            brands: r#""Brave";v="120", "Chromium";v="120""#,
            ..REQUEST
        },
    ] {
        assert_eq!(lie.describe(CHROME_131, ("Windows", "10")), plain);
    }
    // Firefox sends no hints: whoever adds them is not believed.
    let firefox =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0";
    let device = Request {
        agent: firefox,
        ..REQUEST
    }
    .describe(("Firefox", "133.0"), ("Windows", "10"));
    assert_eq!(device.device_name, "Firefox on Windows");
    assert_eq!(device.os_version.as_deref(), Some("10"));
}

#[test]
fn without_a_platform_neither_version_nor_model_is_believed() {
    let device = Request {
        agent: ANDROID,
        mobile: "?1",
        platform: "",
        version: "",
        model: r#""Pixel 9""#,
        ..REQUEST
    }
    .describe(CHROME_MOBILE_131, ("Android", "10"));
    assert_eq!(device.device_model, None);
}

#[test]
fn brands_tell_who_passes_for_chrome() {
    for (brands, name) in [
        (CHROME, "Chrome"),
        (
            r#""Brave";v="131", "Chromium";v="131", "Not_A Brand";v="24""#,
            "Brave",
        ),
        (
            r#""Not?A_Brand";v="99", "Chromium";v="131", "DuckDuckGo";v="131""#,
            "DuckDuckGo",
        ),
        (r#""Chromium";v="131", "Not/A)Brand";v="8""#, "Chrome"),
        (
            r#""Chromium";v="131", "YaBrowser";v="24.12", "Not_A Brand";v="24""#,
            "Yandex Browser",
        ),
    ] {
        let device = Request { brands, ..REQUEST }.describe(CHROME_131, ("Windows", "10"));
        assert_eq!(device.browser_name.as_deref(), Some(name), "{brands}");
    }
    // A User-Agent that names its browser needs no brands.
    let edge = Request {
        agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
        brands: r#""Other Name";v="131", "Chromium";v="131""#,
        ..REQUEST
    };
    let edge = edge.describe(("Edge", "131.0.0"), ("Windows", "10"));
    assert_eq!(edge.browser_name.as_deref(), Some("Edge"));
}

#[test]
fn a_headless_brand_is_a_bot() {
    let device = Request {
        brands: r#""HeadlessChrome";v="131", "Chromium";v="131""#,
        ..REQUEST
    }
    .describe(CHROME_131, ("Windows", "10"));
    assert!(device.is_bot);
    assert_eq!(device.device_type, DeviceType::Bot);
}

#[test]
fn names_tell_what_is_known() {
    let name = |agent: &str, browser, os| {
        Device::describe(&ClientHints::of_user_agent(agent), &families(browser, os)).device_name
    };
    let none = ("", "");
    assert_eq!(name("", none, none), "Unknown device");
    assert_eq!(name("x", ("Firefox", "1"), none), "Firefox");
    assert_eq!(name("x", none, ("Linux", "")), "Linux");
    assert_eq!(
        name("(iPhone; x)", ("Mobile Safari", "18.1"), ("iOS", "18.1")),
        "Safari on iPhone"
    );
    assert_eq!(
        name("(PlayStation; PlayStation 5/2.26)", ("Safari", "13"), none),
        "Safari on PlayStation 5"
    );
    assert_eq!(
        name("Googlebot/2.1", ("Googlebot", "2.1"), ("Android", "6")),
        "Googlebot"
    );
    let long = "é".repeat(500);
    let named = name("x", (&long, "1"), (&long, ""));
    assert!(named.chars().count() <= MAX_DEVICE_NAME, "{named}");
}

#[test]
fn nothing_known_is_other() {
    let device = Device::describe(&ClientHints::default(), &UserAgentFamilies::default());
    assert_eq!(
        device,
        Device {
            device_type: DeviceType::Other,
            device_name: "Unknown device".to_owned(),
            browser_name: None,
            browser_version: None,
            os_name: None,
            os_version: None,
            device_brand: None,
            device_model: None,
            is_bot: false,
        }
    );
}
