//! What no browser sends.

use kogents_domain::session::{ClientHints, DeviceDetector, DeviceType};

use super::{describe, detector};

#[test]
fn nothing_at_all_is_other() {
    let detector = detector();
    for agent in ["", " ", "\t\t ", "\0", "\u{202E}"] {
        let device = describe(&detector, agent);
        assert_eq!(device.device_type, DeviceType::Other, "{agent:?}");
        assert_eq!(device.device_name, "Unknown device");
        assert!(!device.is_bot);
    }
}

#[test]
fn long_binary_and_hostile_texts_are_answered_within_bounds() {
    let detector = detector();
    let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
    let texts = [
        format!("{chrome} {}", "x".repeat(10_000)).into_bytes(),
        "Mozilla/5.0 (".repeat(1_000).into_bytes(),
        "(".repeat(10_000).into_bytes(),
        "Android;".repeat(2_000).into_bytes(),
        "🦀".repeat(3_000).into_bytes(),
        format!("{}/1 CFNetwork/1 Darwin/1", "<b>\u{202E}".repeat(50)).into_bytes(),
        format!("(Linux; Android 9; {}) Chrome/1", "é".repeat(300)).into_bytes(),
        (0..=255).cycle().take(10_000).collect(),
        vec![0xff; 10_000],
        b"Mozilla/5.0 \xf0\x28\x8c\x28 (iPhone; CPU iPhone OS 17_0 like Mac OS X)".to_vec(),
    ];
    for text in texts {
        let hints = ClientHints::from_headers(|_| Some(&text));
        let device = detector.detect(&hints);
        let length = |text: &Option<String>| text.as_ref().map_or(0, |text| text.chars().count());
        assert!(device.device_name.chars().count() <= 120);
        for value in [&device.browser_name, &device.os_name, &device.device_model] {
            assert!(length(value) <= 60, "{device:?}");
        }
        for value in [&device.browser_version, &device.os_version] {
            assert!(length(value) <= 30, "{device:?}");
        }
        let shown = format!("{device:?}");
        assert!(!shown.contains(['<', '>', '\u{202E}']), "{shown}");
    }
}

#[test]
fn what_stands_at_the_beginning_counts_however_long_the_rest() {
    let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
    let device = describe(&detector(), &format!("{chrome} {}", "x".repeat(10_000)));
    assert_eq!(device.device_name, "Chrome on Windows");
}

#[test]
fn hints_are_used_through_the_port() {
    let device = detector().detect(&ClientHints::from_headers(|name| match name {
        "user-agent" => Some(
            b"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
        ),
        "sec-ch-ua" => Some(br#""Google Chrome";v="131", "Chromium";v="131", "Not_A Brand";v="24""#),
        "sec-ch-ua-mobile" => Some(b"?1"),
        "sec-ch-ua-platform" => Some(b"\"Android\""),
        "sec-ch-ua-platform-version" => Some(b"\"15.0.0\""),
        "sec-ch-ua-model" => Some(b"\"SM-S928B\""),
        _ => None,
    }));
    assert_eq!(device.device_name, "Chrome on Android");
    assert_eq!(device.browser_version.as_deref(), Some("131.0"));
    assert_eq!(device.os_version.as_deref(), Some("15"));
    assert_eq!(device.device_model.as_deref(), Some("SM-S928B"));
    assert_eq!(device.device_brand.as_deref(), Some("Samsung"));
}
