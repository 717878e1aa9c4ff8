//! What a platform's click id says of the source and the medium.

use crate::session::ClickIds;

/// The campaign values that a click id stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Click {
    name: &'static str,
    pub(super) source: &'static str,
    pub(super) medium: &'static str,
    /// Whether the platform adds the id to clicks on ads only.
    pub(super) is_ad: bool,
}

/// The known click ids. With several on one address the first here decides: an ad before a share.
///
/// - `gclid`, `gbraid`, `wbraid`: auto-tagging of Google Ads; Google Analytics reads them as
///   google / cpc. That an ad ran on YouTube or on a partner's page, only the Ads account knows.
/// - `msclkid`: auto-tagging of Microsoft Advertising, bing / cpc.
/// - `dclid`: Campaign Manager 360 and Display & Video 360, whose ads are display ads.
/// - `ttclid`, `twclid`, `li_fat_id`: TikTok, X and LinkedIn document them as added when somebody
///   clicks an ad; plain links there carry none.
/// - `fbclid`: Meta adds it to every link that leaves Facebook or Instagram, so it tells the site
///   and nothing of an ad.
const CLICKS: [Click; 9] = [
    ad("gclid", "google", "cpc"),
    ad("gbraid", "google", "cpc"),
    ad("wbraid", "google", "cpc"),
    ad("msclkid", "bing", "cpc"),
    ad("dclid", "dcm", "display"),
    ad("ttclid", "tiktok", "cpc"),
    ad("twclid", "twitter", "cpc"),
    ad("li_fat_id", "linkedin", "cpc"),
    Click {
        name: "fbclid",
        source: "facebook",
        medium: "social",
        is_ad: false,
    },
];

const fn ad(name: &'static str, source: &'static str, medium: &'static str) -> Click {
    Click {
        name,
        source,
        medium,
        is_ad: true,
    }
}

impl Click {
    /// What the click ids say, if there is one.
    pub(super) fn of(ids: &ClickIds) -> Option<Self> {
        CLICKS
            .into_iter()
            .find(|click| ids.iter().any(|(name, _)| name == click.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_click_id_that_is_kept_has_a_meaning() {
        for name in ClickIds::KNOWN {
            assert!(CLICKS.iter().any(|click| click.name == name), "{name}");
        }
        assert_eq!(CLICKS.len(), ClickIds::KNOWN.len());
    }
}
