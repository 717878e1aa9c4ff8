//! Names as people know them, from upstream's families and from hints.

use super::Family;
use crate::text::{cut, is_control_or_bidi, is_markup};

const MAX_NAME: usize = 60;
/// The most of a version, in characters: a component may be as long as a User-Agent.
const MAX_VERSION: usize = 30;

/// What upstream's families of browsers and the brands of hints are called here. The others lose
/// the endings that say where they run, which the operating system says too.
const BROWSERS: [(&str, &str); 15] = [
    ("Mobile Safari", "Safari"),
    ("Mobile Safari UI/WKWebView", "Safari WebView"),
    ("Chrome Mobile WebView", "Chrome WebView"),
    ("Android WebView", "Chrome WebView"),
    ("Android", "Android Browser"),
    ("IE", "Internet Explorer"),
    ("IE Mobile", "Internet Explorer"),
    ("IE Large Screen", "Internet Explorer"),
    ("Opera Tablet", "Opera"),
    ("MiuiBrowser", "Mi Browser"),
    ("UC Browser", "UC Browser"),
    ("Microsoft Edge", "Edge"),
    ("Microsoft Edge WebView2", "Edge WebView"),
    ("YaBrowser", "Yandex Browser"),
    ("Yandex", "Yandex Browser"),
];

const ENDINGS: [&str; 2] = [" iOS", " Mobile"];

/// A browser's name.
pub(super) fn browser(family: &str) -> Option<String> {
    if let Some((_, name)) = BROWSERS.iter().find(|(upstream, _)| *upstream == family) {
        return Some((*name).to_owned());
    }
    let name = ENDINGS.into_iter().fold(family, |name, ending| {
        name.strip_suffix(ending)
            .filter(|rest| !rest.is_empty())
            .unwrap_or(name)
    });
    clean(name)
}

/// An operating system's name.
pub(super) fn os(family: &str) -> Option<String> {
    match family {
        "Mac OS X" => Some("macOS".to_owned()),
        "ATV OS X" => Some("tvOS".to_owned()),
        "WatchOS" => Some("watchOS".to_owned()),
        other => clean(other),
    }
}

/// A name out of a request, safe to show: without control characters, characters that reorder
/// text, and markup. None when nothing is left or a link is in it, because names end up in mails
/// to the account's owner.
pub(super) fn clean(text: &str) -> Option<String> {
    let kept: String = text
        .chars()
        .filter(|&c| !is_control_or_bidi(c) && !is_markup(c) && c != '\u{fffd}')
        .collect();
    let kept = cut(kept.trim(), MAX_NAME).trim_end();
    (!kept.is_empty() && !kept.contains("://")).then(|| kept.to_owned())
}

/// The first `count` components of a family's version.
pub(super) fn version(family: &Family, count: usize) -> Option<String> {
    let version = family.version.as_deref()?;
    let parts: Vec<&str> = version.split('.').take(count).collect();
    clean(cut(&parts.join("."), MAX_VERSION))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_lose_where_they_run() {
        for (family, name) in [
            ("Mobile Safari", "Safari"),
            ("Chrome Mobile", "Chrome"),
            ("Chrome Mobile iOS", "Chrome"),
            ("Firefox iOS", "Firefox"),
            ("Edge Mobile", "Edge"),
            ("Samsung Internet", "Samsung Internet"),
            ("IE Mobile", "Internet Explorer"),
            (" Mobile", "Mobile"),
        ] {
            assert_eq!(browser(family).as_deref(), Some(name), "{family}");
        }
    }

    #[test]
    fn names_that_a_mail_must_not_show_are_cleaned() {
        assert_eq!(clean("<b>My\u{202E}App</b>\0").as_deref(), Some("bMyApp/b"));
        assert_eq!(clean("Win at http://evil.example"), None);
        assert_eq!(clean("\u{7}\u{2066} "), None);
        assert_eq!(clean(&"é".repeat(99)).map(|n| n.chars().count()), Some(60));
    }

    #[test]
    fn versions_are_cut_to_their_components() {
        let family = |version: &str| Family {
            name: "Chrome".to_owned(),
            version: Some(version.to_owned()),
        };
        assert_eq!(
            version(&family("131.0.6778.86"), 2).as_deref(),
            Some("131.0")
        );
        assert_eq!(version(&family("131"), 2).as_deref(), Some("131"));
        assert_eq!(
            version(&family(&"9".repeat(99)), 2).map(|v| v.len()),
            Some(30)
        );
    }
}
