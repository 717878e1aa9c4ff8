//! The channel that brought a person here, by Google's default channel grouping.

mod arrival;
mod click;
mod patterns;
mod rules;
mod source_sites;
#[cfg(test)]
mod tests;

use super::{Analytics, referrer_domain};
use arrival::Arrival;

/// A channel of Google Analytics 4's default channel group, and beside them the AI assistants.
///
/// The rules and their order are Google's (support.google.com/analytics/answer/9756891), the first
/// that fits decides. There is one difference: Google leaves what fits nothing unassigned, here it
/// is a referral when anything at all is known of where the person came from, else direct.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    /// Campaigns that run across Google's networks.
    CrossNetwork,
    /// Ads on shopping sites, and ads of shopping campaigns.
    PaidShopping,
    /// Ads on search engines.
    PaidSearch,
    /// Ads on social sites.
    PaidSocial,
    /// Ads on video sites.
    PaidVideo,
    /// Display ads.
    Display,
    /// Ads anywhere else.
    PaidOther,
    /// Links on shopping sites that are no ads.
    OrganicShopping,
    /// Links on social sites that are no ads.
    OrganicSocial,
    /// Links on video sites that are no ads.
    OrganicVideo,
    /// Links in the answers of AI assistants.
    AiAssistants,
    /// Results of search engines that are no ads.
    OrganicSearch,
    /// Links in mails.
    Email,
    /// Links of affiliates.
    Affiliates,
    /// Ads in podcasts and the like.
    Audio,
    /// Links in text messages.
    Sms,
    /// Notifications on mobile devices.
    Push,
    /// Links anywhere else.
    Referral,
    /// Nothing led here: a saved or typed address.
    Direct,
}

impl Channel {
    /// Every channel, in the order in which their rules are tried.
    pub const ALL: [Self; 19] = [
        Self::CrossNetwork,
        Self::PaidShopping,
        Self::PaidSearch,
        Self::PaidSocial,
        Self::PaidVideo,
        Self::Display,
        Self::PaidOther,
        Self::OrganicShopping,
        Self::OrganicSocial,
        Self::OrganicVideo,
        Self::AiAssistants,
        Self::OrganicSearch,
        Self::Email,
        Self::Affiliates,
        Self::Audio,
        Self::Sms,
        Self::Push,
        Self::Referral,
        Self::Direct,
    ];

    /// The name on the wire and in stores.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CrossNetwork => "cross-network",
            Self::PaidShopping => "paid shopping",
            Self::PaidSearch => "paid search",
            Self::PaidSocial => "paid social",
            Self::PaidVideo => "paid video",
            Self::Display => "display",
            Self::PaidOther => "paid other",
            Self::OrganicShopping => "organic shopping",
            Self::OrganicSocial => "organic social",
            Self::OrganicVideo => "organic video",
            Self::AiAssistants => "ai assistants",
            Self::OrganicSearch => "organic search",
            Self::Email => "email",
            Self::Affiliates => "affiliates",
            Self::Audio => "audio",
            Self::Sms => "sms",
            Self::Push => "push",
            Self::Referral => "referral",
            Self::Direct => "direct",
        }
    }

    /// The channel with a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|channel| channel.as_str() == name)
    }
}

/// How a person came here, derived from what the frontend sent when the session was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribution {
    /// The host of the page that led here; see [`referrer_domain`].
    pub referrer_domain: Option<String>,
    /// The channel.
    pub channel: Channel,
}

impl Attribution {
    /// Derives it. Never fails: with nothing known the channel is [`Channel::Direct`].
    #[must_use]
    pub fn of(analytics: &Analytics) -> Self {
        let landing_page = analytics.landing_page.as_deref();
        let referrer_domain = analytics
            .referrer_url
            .as_deref()
            .and_then(|url| referrer_domain(url, landing_page));
        let arrival = Arrival::of(analytics, referrer_domain.as_deref());
        Self {
            channel: rules::channel_of(&arrival),
            referrer_domain,
        }
    }
}
