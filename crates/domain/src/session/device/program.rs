//! The browser or program: upstream's, and those that upstream takes for the browser they are
//! built on.

use super::{Family, UserAgentFamilies, automata, names};

/// Programs by what a User-Agent in lower case contains, where upstream has another answer.
const CORRECTED: [(&str, &str); 9] = [
    ("micromessenger/", "WeChat"),
    ("oculusbrowser/", "Oculus Browser"),
    (" opt/", "Opera"),
    ("arkweb/", "ArkWeb"),
    ("nintendobrowser/", "Nintendo Browser"),
    ("(playstation 4", "PlayStation Browser"),
    ("(playstation 5", "PlayStation Browser"),
    ("(smart-tv; linux; tizen", "Samsung Internet"),
    // The machine that apps for Android ran in before Android 5, and its name since.
    ("dalvik/", "Dalvik"),
];

/// The program under the name people know. An automaton that passes for a browser is named by the
/// word that gives it away.
pub(super) fn program_of(
    agent: &str,
    lower: &str,
    is_bot: bool,
    families: &UserAgentFamilies,
) -> Option<Family> {
    let upstream = families.browser.as_ref();
    let corrected = if is_bot {
        let names_it = upstream.is_some_and(|family| is_name_of_automaton(&family.name));
        (!names_it)
            .then(|| automata::telling_word(agent, lower))
            .flatten()
            .and_then(names::clean)
    } else {
        CORRECTED
            .iter()
            .find(|(sign, _)| lower.contains(sign))
            .map(|(_, name)| (*name).to_owned())
    };
    if let Some(name) = corrected {
        // A version belongs to the name that it was found with.
        let version = upstream
            .filter(|family| family.name == name)
            .and_then(|family| family.version.clone());
        return Some(Family { name, version });
    }
    let family = upstream?;
    Some(Family {
        name: names::browser(&family.name)?,
        version: family.version.clone(),
    })
}

/// Whether a family of upstream's is an automaton, and not a piece of its address.
fn is_name_of_automaton(family: &str) -> bool {
    let lower = family.to_ascii_lowercase();
    automata::is_automaton(&lower)
        && !family.contains('/')
        && !matches!(lower.as_str(), "crawler" | "spider" | "bot")
}
