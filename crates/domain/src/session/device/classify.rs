//! The type of a device, by the first of an ordered list of rules that fits.

use super::DeviceType;

/// What the rules look at.
pub(super) struct Signals<'a> {
    /// The User-Agent in lower case.
    pub(super) agent: &'a str,
    /// The operating system, under the name people know.
    pub(super) os: Option<&'a str>,
    /// The device's model.
    pub(super) model: Option<&'a str>,
    /// Whether it is an automaton.
    pub(super) is_bot: bool,
}

type Rule = fn(&Signals<'_>) -> bool;

/// The order settles what fits two: a box for a television runs Android, a console Windows.
const RULES: [(DeviceType, Rule); 7] = [
    (DeviceType::Bot, |signals| signals.is_bot),
    (DeviceType::Tv, is_tv),
    (DeviceType::Console, is_console),
    (DeviceType::Wearable, is_wearable),
    (DeviceType::Tablet, is_tablet),
    (DeviceType::Mobile, is_mobile),
    (DeviceType::Desktop, is_desktop),
];

/// The type of a device.
pub(super) fn device_type(signals: &Signals<'_>) -> DeviceType {
    RULES
        .iter()
        .find(|(_, fits)| fits(signals))
        .map_or(DeviceType::Other, |(kind, _)| *kind)
}

const TV: [&str; 40] = [
    "smart-tv",
    "smarttv",
    "smart tv",
    "googletv",
    "google tv",
    "androidtv",
    "android tv",
    "appletv",
    "apple tv",
    "tvos",
    "hbbtv",
    "netcast",
    "nettv",
    "philipstv",
    "inettv",
    "sonydtv",
    "dtvnetbrowser",
    "web0s",
    "webos.tv",
    "webostv",
    "webtv",
    "opera tv",
    "bravia",
    "viera",
    "roku",
    "crkey",
    "chromecast",
    "vizio",
    "vidaa",
    "mitv",
    "mi tv",
    "mibox",
    "mi box",
    "firetv",
    "fire tv",
    "nexus player",
    "adt-3",
    "ce-html",
    "maple2012",
    "large screen",
];

fn is_tv(signals: &Signals<'_>) -> bool {
    let is_fire_tv = signals.model.is_some_and(|model| model.starts_with("AFT"));
    is_fire_tv || contains_any(signals.agent, &TV) || has_tv(signals.agent)
}

/// Whether the word "tv" stands in the first parentheses, where the platform is described.
fn has_tv(agent: &str) -> bool {
    let platform = agent.split('(').nth(1).unwrap_or_default();
    let platform = platform.split(')').next().unwrap_or_default();
    platform
        .split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| word == "tv")
}

fn is_console(signals: &Signals<'_>) -> bool {
    contains_any(
        signals.agent,
        &["playstation", "nintendo", "xbox", "; ouya"],
    )
}

const WEARABLE: [&str; 14] = [
    "watchos",
    "watch os",
    "apple watch",
    "pixel watch",
    "galaxy watch",
    "ticwatch",
    "wear os",
    "wearos",
    "; glass 1",
    "; glass 2",
    "oculusbrowser",
    "; quest",
    "pico neo",
    "pico 4",
];

fn is_wearable(signals: &Signals<'_>) -> bool {
    contains_any(signals.agent, &WEARABLE) || begins_number(signals.agent, "sm-r")
}

const TABLET: [&str; 20] = [
    "ipad",
    "playbook",
    "rim tablet",
    "hp-tablet",
    "touchpad",
    "kindle",
    "kobo",
    "nook",
    "xoom",
    "nexus 7",
    "nexus 9",
    "nexus 10",
    "pixel c",
    "pixel tablet",
    "gt-n8",
    "mediapad",
    "matepad",
    "lenovo tab",
    "lenovo tb-",
    "; tb-",
];

fn is_tablet(signals: &Signals<'_>) -> bool {
    let agent = signals.agent;
    // Internet Explorer said "Tablet PC" on every Windows that could take a pen.
    let says_tablet = agent.replace("tablet pc", "").contains("tablet");
    let is_fire = signals
        .model
        .is_some_and(|model| model.starts_with("KF") && model.len() > 3);
    let is_android = signals.os == Some("Android");
    // Browsers for Android say "Mobile" on phones and leave it out on tablets (developer.chrome.com,
    // "User Agent Strings"). The clients of apps never say it.
    let is_large_android = is_android
        && agent.starts_with("mozilla/5.0 (")
        && agent.contains("like gecko")
        && !agent.contains("mobi");
    let is_galaxy_tab = ["sm-t", "sm-x", "sm-p", "gt-p"]
        .into_iter()
        .any(|beginning| begins_number(agent, beginning));
    says_tablet
        || is_fire
        || is_large_android
        || is_android && is_galaxy_tab
        || contains_any(agent, &TABLET)
}

const MOBILE: [&str; 31] = [
    "mobi",
    "iphone",
    "ipod",
    "android",
    "windows phone",
    "windows ce",
    "iemobile",
    "blackberry",
    "bb10",
    "symbian",
    "symbos",
    "series60",
    "series 60",
    "series40",
    "nokia",
    "kaios",
    "meego",
    "maemo",
    "opera mini",
    "ucweb",
    "j2me",
    "midp",
    "bada/",
    "brew",
    "webos/",
    "palm",
    "phone",
    "tizen",
    "openharmony",
    "harmonyos",
    "sailfish",
];

const MOBILE_SYSTEMS: [&str; 5] = [
    "iOS",
    "Android",
    "Windows Phone",
    "Firefox OS",
    "BlackBerry OS",
];

fn is_mobile(signals: &Signals<'_>) -> bool {
    let by_system = signals.os.is_some_and(|os| MOBILE_SYSTEMS.contains(&os));
    by_system || contains_any(signals.agent, &MOBILE)
}

const DESKTOP: [&str; 14] = [
    "windows",
    "win32",
    "win64",
    "win98",
    "macintosh",
    "mac os",
    "mac_powerpc",
    "x11",
    "linux",
    "cros ",
    "bsd",
    "sunos",
    "haiku",
    "amiga",
];

const DESKTOP_SYSTEMS: [&str; 4] = ["Windows", "macOS", "Linux", "Chrome OS"];

fn is_desktop(signals: &Signals<'_>) -> bool {
    let by_system = signals.os.is_some_and(|os| DESKTOP_SYSTEMS.contains(&os));
    by_system || contains_any(signals.agent, &DESKTOP)
}

fn contains_any(agent: &str, signs: &[&str]) -> bool {
    signs.iter().any(|sign| agent.contains(sign))
}

/// Whether a number follows these letters somewhere: "sm-t" in "sm-t970".
fn begins_number(agent: &str, letters: &str) -> bool {
    agent.match_indices(letters).any(|(at, letters)| {
        agent
            .get(at + letters.len()..)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    })
}
