//! The device a session was opened on: what it is, judged from what the request says of it.

mod automata;
mod believed;
mod brands;
mod classify;
mod client_hints;
mod device_type;
mod families;
mod maker;
mod model;
mod names;
mod platform;
mod program;
#[cfg(test)]
mod tests;

pub use client_hints::ClientHints;
pub use device_type::DeviceType;
pub use families::{Family, UserAgentFamilies};

use crate::text::cut;
use believed::Believed;
use classify::Signals;

/// A device. What is unknown is None.
///
/// Two things no rule can tell: an iPad that asks for desktop sites (the default since iPadOS 13)
/// sends the User-Agent of Safari on a Mac, without hints, and is described as that. And a browser
/// with a frozen User-Agent that sends no hints has the frozen version of its system: Windows 10
/// for Windows 11, macOS 10.15.7 for every later one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// What kind of thing it is.
    pub device_type: DeviceType,
    /// "Chrome on macOS", "Safari on iPhone"; at most 120 characters.
    pub device_name: String,
    /// The browser's or program's family, at most 60 characters.
    pub browser_name: Option<String>,
    /// Its version, major.minor.
    pub browser_version: Option<String>,
    /// The operating system's family, at most 60 characters.
    pub os_name: Option<String>,
    /// Its version, up to major.minor.patch.
    pub os_version: Option<String>,
    /// The device's maker, of those whose models are known.
    pub device_brand: Option<String>,
    /// The device's model as its maker numbers it, or Apple's family; at most 60 characters.
    pub device_model: Option<String>,
    /// Whether it is an automaton: a crawler, a monitor, a headless browser, a script's HTTP
    /// client. Not so the HTTP clients that apps for phones are built with.
    pub is_bot: bool,
}

const MAX_DEVICE_NAME: usize = 120;

impl Device {
    /// Judges what a request says of its device, with what a parser reads in its User-Agent.
    ///
    /// Hints count where they agree with the User-Agent and add what it has frozen; where they
    /// contradict it the User-Agent is right.
    #[must_use]
    pub fn describe(hints: &ClientHints, families: &UserAgentFamilies) -> Self {
        let agent = hints.user_agent().unwrap_or_default();
        let lower = agent.to_ascii_lowercase();
        let os = platform::os_of(&lower, families);
        let believed = Believed::of(hints, &lower, os.as_ref(), families);

        let is_bot = automata::is_automaton(&lower) || hints.brands().contains("HeadlessChrome");
        let program = program::program_of(agent, &lower, is_bot, families);
        let model = model::of(
            agent,
            &lower,
            os.as_ref().map(|os| os.name.as_str()),
            &believed,
        );
        let device_type = classify::device_type(&Signals {
            agent: &lower,
            os: os.as_ref().map(|os| os.name.as_str()),
            model: model.as_deref(),
            is_bot,
        });
        let browser_name = believed
            .browser
            .clone()
            .or_else(|| program.as_ref().map(|program| program.name.clone()));
        let os_name = os.as_ref().map(|os| os.name.clone());
        Self {
            device_type,
            device_name: name(
                device_type,
                browser_name.as_deref(),
                os_name.as_deref(),
                model.as_deref(),
            ),
            browser_version: program
                .as_ref()
                .and_then(|program| names::version(program, 2)),
            os_version: believed
                .os_version
                .clone()
                .or_else(|| os.as_ref().and_then(|family| names::version(family, 3))),
            device_brand: model.as_deref().and_then(maker::of).map(str::to_owned),
            device_model: model,
            browser_name,
            os_name,
            is_bot,
        }
    }
}

/// "Browser on place", where the place is a device that everybody knows by its name, else the
/// operating system. An automaton is named alone.
fn name(
    device_type: DeviceType,
    browser: Option<&str>,
    os: Option<&str>,
    model: Option<&str>,
) -> String {
    let place = model.filter(|model| model::is_household_name(model)).or(os);
    let name = match (browser, place) {
        (Some(browser), _) if device_type == DeviceType::Bot => browser.to_owned(),
        (Some(browser), Some(place)) => format!("{browser} on {place}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "Unknown device".to_owned(),
    };
    cut(&name, MAX_DEVICE_NAME).to_owned()
}
