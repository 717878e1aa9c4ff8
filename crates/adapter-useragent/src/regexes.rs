//! Upstream's regular expressions and what they find.

use kogents_domain::session::{Family, UserAgentFamilies};
use uaparser::{Parser, UserAgentParser};

const YAML: &[u8] = include_bytes!("../data/regexes.yaml");

/// What upstream calls a family that it does not know.
const UNKNOWN: &str = "Other";

/// The regular expressions, compiled.
///
/// Without those for devices (the domain judges devices, and they are the most) and without
/// Unicode (they are written in ASCII): a tenth of the time and a sixth of the memory.
#[derive(Debug)]
pub(crate) struct Regexes(UserAgentParser);

impl Regexes {
    /// Compiles them.
    pub(crate) fn load() -> Result<Self, uaparser::Error> {
        UserAgentParser::builder()
            .with_unicode_support(false)
            .with_device(false)
            .build_from_bytes(YAML)
            .map(Self)
    }

    /// The families in a User-Agent. Takes time in proportion to its length, whatever it is.
    pub(crate) fn read(&self, agent: &str) -> UserAgentFamilies {
        let browser = self.0.parse_user_agent(agent);
        let os = self.0.parse_os(agent);
        UserAgentFamilies {
            browser: family(
                &browser.family,
                [browser.major, browser.minor, browser.patch],
            ),
            os: family(&os.family, [os.major, os.minor, os.patch]),
        }
    }
}

fn family<T: AsRef<str>>(name: &str, version: [Option<T>; 3]) -> Option<Family> {
    let parts: Vec<T> = version.into_iter().map_while(|part| part).collect();
    let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
    (name != UNKNOWN).then(|| Family {
        name: name.to_owned(),
        version: (!parts.is_empty()).then(|| parts.join(".")),
    })
}

#[cfg(test)]
mod tests;
