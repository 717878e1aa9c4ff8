//! What is known of an arrival: source, medium and campaign, in the terms of Google's rules.

use super::click::Click;
use super::source_sites::{SiteKind, kind_of};
use crate::session::Analytics;

/// Where a person came from, in lower case, because Google compares without regard to it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Arrival {
    pub(super) source: Option<String>,
    pub(super) medium: Option<String>,
    pub(super) campaign: Option<String>,
    /// The kind of site that the source is.
    pub(super) site: Option<SiteKind>,
}

impl Arrival {
    /// Reads campaign values first, then click ids, then the referrer.
    ///
    /// Campaign values are one statement: with a source or a medium given, the referrer does not
    /// fill in the other (a link in a mail is not search traffic because a webmail page referred).
    /// The click id of an ad does fill in what they leave out, as auto-tagging is meant to:
    /// `utm_source=google` with a `gclid` is paid search. A click id that proves no ad speaks only
    /// where campaign values are silent.
    pub(super) fn of(analytics: &Analytics, referrer_domain: Option<&str>) -> Self {
        let lower = |value: &Option<String>| value.as_ref().map(|value| value.to_lowercase());
        let mut source = lower(&analytics.utm_source);
        let mut medium = lower(&analytics.utm_medium);
        let tagged = source.is_some() || medium.is_some();
        let click = Click::of(&analytics.click_ids);
        if let Some(click) = click.filter(|click| click.is_ad || !tagged) {
            source = source.or_else(|| Some(click.source.to_owned()));
            medium = medium.or_else(|| Some(click.medium.to_owned()));
        }
        if source.is_none() && medium.is_none() {
            source = referrer_domain.map(str::to_lowercase);
        }
        Self {
            site: source.as_deref().and_then(kind_of),
            source,
            medium,
            campaign: lower(&analytics.utm_campaign),
        }
    }

    /// Whether nothing is known.
    pub(super) const fn is_silent(&self) -> bool {
        self.source.is_none() && self.medium.is_none() && self.campaign.is_none()
    }
}
