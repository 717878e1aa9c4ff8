//! Which hints are believed: those that agree with the User-Agent, for what it has frozen.

use super::{ClientHints, Family, UserAgentFamilies, names};

/// What hints add to a User-Agent.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Believed {
    pub(super) browser: Option<String>,
    pub(super) os_version: Option<String>,
    pub(super) model: Option<String>,
}

/// What Chromium's reduced User-Agent and Safari's and Firefox's say whatever the version of the
/// system is (chromium.org, "User-Agent Reduction").
const FROZEN_SYSTEMS: [&str; 5] = [
    "windows nt 10.0",
    "mac os x 10_15_7",
    "android 10; k)",
    "android 10; k;",
    "cros x86_64 14541.0.0",
];

impl Believed {
    /// Weighs the hints against a User-Agent in lower case and the operating system it names.
    pub(super) fn of(
        hints: &ClientHints,
        agent: &str,
        os: Option<&Family>,
        families: &UserAgentFamilies,
    ) -> Self {
        if !agrees(hints, agent, os) {
            return Self::default();
        }
        let os_version = os
            .filter(|_| FROZEN_SYSTEMS.iter().any(|frozen| agent.contains(frozen)))
            .and_then(|os| system_version(&os.name, hints.platform_version()?));
        Self {
            browser: hidden_brand(hints, agent, families),
            os_version,
            model: hints.platform().and(hints.model()).and_then(names::clean),
        }
    }
}

/// Whether nothing that the hints say contradicts the User-Agent. Only browsers built on Chromium
/// send hints.
fn agrees(hints: &ClientHints, agent: &str, os: Option<&Family>) -> bool {
    let Some(chromium) = chromium_major(agent) else {
        return false;
    };
    let same_version = hints.brands().is_empty() || hints.brands().has_version(chromium);
    let same_platform = hints
        .platform()
        .is_none_or(|platform| os.is_some_and(|os| is_same_system(platform, &os.name)));
    let is_android = os.is_some_and(|os| os.name == "Android");
    let same_size = hints
        .mobile()
        .is_none_or(|mobile| mobile == (is_android && agent.contains("mobile")));
    same_version && same_platform && same_size
}

fn chromium_major(agent: &str) -> Option<&str> {
    let (_, version) = agent.split_once("chrome/")?;
    version
        .split(|c: char| !c.is_ascii_digit())
        .next()
        .filter(|major| !major.is_empty())
}

/// Whether `Sec-CH-UA-Platform` names the system of this name. Distributions are Linux.
fn is_same_system(platform: &str, os: &str) -> bool {
    match platform {
        "Chromium OS" => os == "Chrome OS",
        "Linux" => !matches!(os, "Windows" | "macOS" | "Android" | "Chrome OS" | "iOS"),
        platform => platform == os,
    }
}

/// The name of a browser that passes for Chrome in its User-Agent.
fn hidden_brand(hints: &ClientHints, agent: &str, families: &UserAgentFamilies) -> Option<String> {
    let is_chrome = families
        .browser
        .as_ref()
        .is_some_and(|family| matches!(family.name.as_str(), "Chrome" | "Chrome Mobile"));
    let is_reduced =
        chromium_major(agent).is_some_and(|major| agent.contains(&format!("chrome/{major}.0.0.0")));
    (is_chrome && is_reduced)
        .then(|| hints.brands().distinctive().and_then(names::browser))
        .flatten()
}

/// The version of a system by `Sec-CH-UA-Platform-Version`, which for Windows is that of an
/// interface: 13 and above on Windows 11 (learn.microsoft.com, "Detect Windows 11 using client
/// hints").
fn system_version(os: &str, version: &str) -> Option<String> {
    let mut parts: Vec<u32> = version
        .split('.')
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    if os == "Windows" {
        let name = match parts.as_slice() {
            [0, 1, ..] => "7",
            [0, 2, ..] => "8",
            [0, 3, ..] => "8.1",
            [(13..), ..] => "11",
            [(1..), ..] => "10",
            _ => return None,
        };
        return Some(name.to_owned());
    }
    parts.truncate(3);
    while parts.len() > 1 && parts.last() == Some(&0) {
        parts.pop();
    }
    let parts: Vec<String> = parts.iter().map(u32::to_string).collect();
    (parts != ["0"]).then(|| parts.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_is_told_by_the_version_of_its_interface() {
        for (version, name) in [
            ("0.1.0", Some("7")),
            ("0.2.0", Some("8")),
            ("0.3.0", Some("8.1")),
            ("1.0.0", Some("10")),
            ("10.0.0", Some("10")),
            ("12.9.9", Some("10")),
            ("13.0.0", Some("11")),
            ("15.0.0", Some("11")),
            ("19", Some("11")),
            ("0.0.0", None),
            ("", None),
            ("eleven", None),
        ] {
            assert_eq!(
                system_version("Windows", version).as_deref(),
                name,
                "{version}"
            );
        }
    }

    #[test]
    fn other_systems_lose_the_zeros_at_the_end() {
        for (version, name) in [
            ("14.5.0", Some("14.5")),
            ("15.0.0", Some("15")),
            ("16", Some("16")),
            ("13.6.1", Some("13.6.1")),
            ("0", None),
            ("1.x", None),
            ("99999999999", None),
        ] {
            assert_eq!(
                system_version("macOS", version).as_deref(),
                name,
                "{version}"
            );
        }
    }
}
