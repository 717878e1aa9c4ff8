//! The operating system: upstream's, and what upstream does not know or takes for one.

use super::{Family, UserAgentFamilies, names};

/// Systems by what a User-Agent in lower case contains, where upstream has another answer or none.
/// None: whatever upstream finds is no system, but the maker of a television, or what a console
/// says it is like.
const CORRECTED: [(&str, Option<&str>); 9] = [
    ("openharmony", Some("HarmonyOS")),
    ("harmonyos", Some("HarmonyOS")),
    ("web0s", Some("webOS")),
    ("webos.tv", Some("webOS")),
    ("watchos/", Some("watchOS")),
    ("[watch os", Some("watchOS")),
    ("nintendo", None),
    ("playstation", None),
    ("hbbtv/", None),
];

/// The operating system under the name people know, of a User-Agent in lower case.
pub(super) fn os_of(agent: &str, families: &UserAgentFamilies) -> Option<Family> {
    let upstream = families.os.as_ref().and_then(|family| {
        Some(Family {
            name: names::os(&family.name)?,
            version: family.version.clone(),
        })
    });
    let Some((_, corrected)) = CORRECTED.iter().find(|(sign, _)| agent.contains(sign)) else {
        return upstream;
    };
    let name = (*corrected)?;
    upstream.filter(|os| os.name == name).or_else(|| {
        Some(Family {
            name: name.to_owned(),
            version: None,
        })
    })
}
