//! The device's model: by the hint, else Android's token, else Apple's and the consoles' families.

use super::believed::Believed;
use super::names;

/// Families of devices by what the User-Agent contains, for the systems that name no model. The
/// first that fits counts (a console says it is like an iPhone); the names are those on the box.
const FAMILIES: [(&str, &str); 20] = [
    ("playstation 5", "PlayStation 5"),
    ("playstation 4", "PlayStation 4"),
    ("playstation 3", "PlayStation 3"),
    ("playstation vita", "PlayStation Vita"),
    ("playstation portable", "PlayStation Portable"),
    ("nintendo switch", "Nintendo Switch"),
    ("nintendo wiiu", "Nintendo Wii U"),
    ("nintendo wii", "Nintendo Wii"),
    ("nintendo 3ds", "Nintendo 3DS"),
    ("xbox", "Xbox"),
    ("watchos", "Apple Watch"),
    ("watch os", "Apple Watch"),
    ("apple watch", "Apple Watch"),
    ("appletv", "Apple TV"),
    ("apple tv", "Apple TV"),
    ("tvos", "Apple TV"),
    ("ipod", "iPod touch"),
    ("ipad", "iPad"),
    ("iphone", "iPhone"),
    ("macintosh", "Mac"),
];

/// The model of a device.
pub(super) fn of(
    agent: &str,
    lower: &str,
    os: Option<&str>,
    believed: &Believed,
) -> Option<String> {
    match os {
        Some("Android") => token(agent).or_else(|| believed.model.clone()),
        // It calls itself an iPhone to get its pages.
        Some("Windows Phone") => None,
        Some("macOS") => Some("Mac".to_owned()),
        _ => FAMILIES
            .iter()
            .find(|(part, _)| lower.contains(part))
            .map(|(_, name)| (*name).to_owned())
            .or_else(|| believed.model.clone()),
    }
}

/// Whether a model is a family that everybody knows by its name, better than its system.
pub(super) fn is_household_name(model: &str) -> bool {
    model != "Mac" && FAMILIES.iter().any(|(_, name)| *name == model)
}

/// The model in an Android User-Agent: the part that follows the system in the parentheses,
/// `(Linux; Android 14; SM-S921B Build/UP1A.231005.007; wv)`. None where it is reduced to "K".
fn token(agent: &str) -> Option<String> {
    let mut parts = platform_part(agent)?.split(';').map(str::trim);
    parts.by_ref().find(|part| {
        let part = part.to_ascii_lowercase();
        part.starts_with("android") || part.starts_with("adr ")
    })?;
    let part = parts.find(|part| !says_nothing(part))?;
    let model = part.split("Build/").next().unwrap_or(part);
    let model = model.split('/').next().unwrap_or(model).trim();
    let model = model.strip_suffix(" Build").unwrap_or(model);
    let model = ["SAMSUNG ", "SAMSUNG-"]
        .into_iter()
        .find_map(|maker| model.strip_prefix(maker))
        .unwrap_or(model);
    names::clean(model)
}

/// The first parentheses that name Android, with those inside them: models have some.
fn platform_part(agent: &str) -> Option<&str> {
    let mut depth = 0_usize;
    let mut start = 0;
    for (at, c) in agent.char_indices() {
        match c {
            '(' => {
                if depth == 0 {
                    start = at + 1;
                }
                depth += 1;
            }
            ')' if depth > 0 => {
                depth -= 1;
                let part = agent.get(start..at).filter(|_| depth == 0);
                if let Some(part) = part.filter(|part| names_android(part)) {
                    return Some(part);
                }
            }
            _ => {}
        }
    }
    None
}

fn names_android(part: &str) -> bool {
    part.contains("Android") || part.contains("Adr ")
}

/// Whether a part is none of a model: "K" for every model, a language, a size, an architecture.
fn says_nothing(part: &str) -> bool {
    let lower = part.to_ascii_lowercase();
    let is_language = match lower.split_once(['-', '_']) {
        Some((language, region)) => {
            matches!(language.len(), 2 | 3)
                && matches!(region.len(), 2..=4)
                && lower
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b == b'-' || b == b'_')
                && part.starts_with(|c: char| c.is_ascii_lowercase())
        }
        None => part.len() == 2 && part.bytes().all(|b| b.is_ascii_lowercase()),
    };
    is_language
        || matches!(
            lower.as_str(),
            "" | "k"
                | "u"
                | "wv"
                | "mobile"
                | "tablet"
                | "phone"
                | "arm"
                | "arm_64"
                | "arm64"
                | "x86"
                | "x86_64"
                | "tv"
        )
        || lower.starts_with("rv:")
        || lower.starts_with("android ")
        || lower.starts_with("build/")
        || lower.starts_with("opera ")
        || lower.starts_with("linux")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_follows_the_system() {
        for (part, model) in [
            ("Linux; Android 14; SM-S921B", Some("SM-S921B")),
            ("Linux; Android 13; SAMSUNG SM-G991B", Some("SM-G991B")),
            (
                "Linux; U; Android 4.4.2; zh-cn; GT-I9500 Build/KOT49H",
                Some("GT-I9500"),
            ),
            (
                "Linux; Android 9; moto g(7) power Build/PCOS29.114-134-7-1; wv",
                Some("moto g(7) power"),
            ),
            (
                "Linux; Android 12; M2102J20SG Build/SKQ1.211006.001; wv",
                Some("M2102J20SG"),
            ),
            ("Linux; Android 14; Pixel 8 Pro", Some("Pixel 8 Pro")),
            ("Linux; U; Android 9; SM-G960F/xyz", Some("SM-G960F")),
            ("Linux; arm_64; Android 12; CPH2205", Some("CPH2205")),
            ("Linux; Android 10; K", None),
            ("Linux; Android 10; K; wv", None),
            ("Android 14; Mobile; rv:131.0", None),
            ("Android 13; Tablet; rv:109.0", None),
            ("Android; Opera Mini/36.2/119.132; U; en", None),
            ("Linux; Android 6.0", None),
            ("Windows NT 10.0; Win64; x64", None),
        ] {
            let agent = format!("Mozilla/5.0 ({part}) AppleWebKit/537.36 (KHTML, like Gecko)");
            assert_eq!(token(&agent).as_deref(), model, "{part}");
        }
    }

    #[test]
    fn broken_parentheses_do_no_harm() {
        for agent in [
            "",
            "(",
            ")",
            "(Android",
            ")(Android;",
            "((Android; x)",
            "(Android;)",
        ] {
            assert_eq!(token(agent), None, "{agent}");
        }
    }
}
