//! Which names of sources are search engines, social sites, shops, video sites and AI assistants.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::session::referrer::without_www;

const GOOGLE: &str = include_str!("../../../data/source_sites_google.txt");
const OURS: &str = include_str!("../../../data/source_sites.txt");

/// What a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SiteKind {
    Search,
    Social,
    Shopping,
    Video,
    AiAssistant,
}

impl SiteKind {
    fn from_section(name: &str) -> Option<Self> {
        match name {
            "search" => Some(Self::Search),
            "social" => Some(Self::Social),
            "shopping" => Some(Self::Shopping),
            "video" => Some(Self::Video),
            "ai assistants" => Some(Self::AiAssistant),
            _ => None,
        }
    }
}

#[derive(Default)]
struct SourceSites {
    /// Whole names.
    names: HashMap<&'static str, SiteKind>,
    /// Hosts that stand for all below them.
    above: HashMap<&'static str, SiteKind>,
    /// Names that many countries' domains have.
    national: HashMap<&'static str, SiteKind>,
}

static SITES: LazyLock<SourceSites> = LazyLock::new(|| {
    let mut sites = SourceSites::default();
    // Ours first, so that Google's word replaces it wherever both speak.
    sites.read(OURS);
    sites.read(GOOGLE);
    sites
});

/// What a source is: the host of a referrer, an app's package, or what a campaign wrote. In lower
/// case.
pub(super) fn kind_of(source: &str) -> Option<SiteKind> {
    let host = without_www(source);
    let sites = &*SITES;
    sites
        .names
        .get(source)
        .or_else(|| sites.names.get(host))
        .copied()
        .or_else(|| sites.national(host))
        .or_else(|| sites.below(host))
}

impl SourceSites {
    fn read(&mut self, text: &'static str) {
        let mut section = None;
        for line in text.lines() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                section = SiteKind::from_section(name);
            } else if let Some(kind) = section {
                if let Some(host) = line.strip_prefix("*.") {
                    self.above.insert(host, kind);
                } else if let Some(name) = line.strip_suffix(".*") {
                    self.national.insert(name, kind);
                } else {
                    self.names.insert(line, kind);
                }
            }
        }
    }

    fn national(&self, host: &str) -> Option<SiteKind> {
        let (name, domain) = host.split_once('.')?;
        let country = domain
            .strip_prefix("com.")
            .or_else(|| domain.strip_prefix("co."))
            .unwrap_or(domain);
        let is_country = country.len() == 2 && country.bytes().all(|b| b.is_ascii_lowercase());
        (domain == "com" || is_country)
            .then(|| self.national.get(name).copied())
            .flatten()
    }

    /// What the nearest host above this one is. Google names some hosts of its sites one by one
    /// (m.facebook.com) and forgets others (de-de.facebook.com); a site's hosts are of one kind.
    /// Not so a search engine's, whose other hosts are mail, news and maps: there only those hosts
    /// stand for all below them that are marked so.
    fn below(&self, host: &str) -> Option<SiteKind> {
        let mut above = host;
        while let Some((_, rest)) = above.split_once('.') {
            if !rest.contains('.') {
                return None;
            }
            above = rest;
            let named = self
                .names
                .get(above)
                .filter(|kind| **kind != SiteKind::Search);
            if let Some(kind) = self.above.get(above).or(named) {
                return Some(*kind);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> impl Iterator<Item = &str> {
        text.lines()
            .filter(|line| !line.is_empty() && !line.starts_with(['#', '[']))
    }

    #[test]
    fn every_line_is_read_once() {
        assert_eq!(lines(GOOGLE).count(), 819);
        let count = SITES.names.len() + SITES.above.len() + SITES.national.len();
        assert_eq!(count, 819 + lines(OURS).count(), "a name stands twice");
        for line in lines(GOOGLE).chain(lines(OURS)) {
            assert_eq!(line, line.trim().to_lowercase(), "{line}");
        }
        for text in [GOOGLE, OURS] {
            for section in text.lines().filter(|line| line.starts_with('[')) {
                let name = section.trim_matches(['[', ']']);
                assert!(SiteKind::from_section(name).is_some(), "{section}");
            }
        }
    }

    #[test]
    fn hosts_are_found_with_and_without_www_and_in_every_country() {
        for host in [
            "google",
            "google.com",
            "www.google.com",
            "www.google.de",
            "google.co.uk",
            "www.google.com.br",
            "de.search.yahoo.com",
            "r.search.yahoo.com",
            "html.duckduckgo.com",
        ] {
            assert_eq!(kind_of(host), Some(SiteKind::Search), "{host}");
        }
        for host in ["amazon.nl", "www.amazon.com.be", "ebay.fr"] {
            assert_eq!(kind_of(host), Some(SiteKind::Shopping), "{host}");
        }
    }

    #[test]
    fn hosts_below_a_site_are_of_its_kind_but_not_those_of_a_search_engine() {
        assert_eq!(kind_of("de-de.facebook.com"), Some(SiteKind::Social));
        assert_eq!(kind_of("somebody.tumblr.com"), Some(SiteKind::Social));
        assert_eq!(kind_of("groups.google.com"), Some(SiteKind::Social));
        assert_eq!(kind_of("gemini.google.com"), Some(SiteKind::AiAssistant));
        for host in [
            "docs.google.com",
            "mail.google.com",
            "finance.yahoo.com",
            "tieba.baidu.com",
        ] {
            assert_eq!(kind_of(host), None, "{host}");
        }
    }

    #[test]
    fn names_that_only_look_alike_are_unknown() {
        for host in [
            "google.example",
            "google.com.evil.example",
            "notfacebook.com",
            "com",
            "",
            ".",
            "x.y",
            "google.123",
            "facebook.com.example",
        ] {
            assert_eq!(kind_of(host), None, "{host}");
        }
    }
}
