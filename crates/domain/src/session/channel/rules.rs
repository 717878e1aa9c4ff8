//! Google's rules, in their order.

use super::arrival::Arrival;
use super::source_sites::SiteKind;
use super::{Channel, patterns};

type Rule = fn(&Arrival) -> bool;

/// The first rule that fits decides. The conditions are those of Google's table; what has no rule
/// of its own there ends as a referral or as direct.
const RULES: [(Channel, Rule); 18] = [
    (Channel::CrossNetwork, |a| {
        campaign(a, |c| c.contains("cross-network"))
    }),
    (Channel::PaidShopping, |a| paid(a) && shopping(a)),
    (Channel::PaidSearch, |a| {
        paid(a) && site(a, SiteKind::Search)
    }),
    (Channel::PaidSocial, |a| {
        paid(a) && site(a, SiteKind::Social)
    }),
    (Channel::PaidVideo, |a| paid(a) && site(a, SiteKind::Video)),
    (Channel::Display, |a| medium(a, patterns::is_display)),
    (Channel::PaidOther, paid),
    (Channel::OrganicShopping, shopping),
    (Channel::OrganicSocial, |a| {
        site(a, SiteKind::Social) || medium(a, patterns::is_social)
    }),
    (Channel::OrganicVideo, |a| {
        site(a, SiteKind::Video) || medium(a, |m| m.contains("video"))
    }),
    (Channel::AiAssistants, |a| {
        site(a, SiteKind::AiAssistant) || medium(a, |m| m == "ai-assistant")
    }),
    (Channel::OrganicSearch, |a| {
        site(a, SiteKind::Search) || medium(a, |m| m == "organic")
    }),
    (Channel::Email, |a| {
        source(a, patterns::is_email) || medium(a, patterns::is_email)
    }),
    (Channel::Affiliates, |a| medium(a, |m| m == "affiliate")),
    (Channel::Audio, |a| medium(a, |m| m == "audio")),
    (Channel::Sms, |a| {
        source(a, |s| s == "sms") || medium(a, |m| m == "sms")
    }),
    (Channel::Push, |a| {
        source(a, |s| s == "firebase") || medium(a, patterns::is_push)
    }),
    (Channel::Referral, |a| {
        medium(a, patterns::is_link) || !(a.is_silent() || direct(a))
    }),
];

/// The channel of an arrival.
pub(super) fn channel_of(arrival: &Arrival) -> Channel {
    RULES
        .iter()
        .find(|(_, fits)| fits(arrival))
        .map_or(Channel::Direct, |(channel, _)| *channel)
}

fn paid(arrival: &Arrival) -> bool {
    medium(arrival, patterns::is_paid)
}

fn shopping(arrival: &Arrival) -> bool {
    site(arrival, SiteKind::Shopping) || campaign(arrival, patterns::is_shopping)
}

/// Google's own values for traffic without a source.
fn direct(arrival: &Arrival) -> bool {
    source(arrival, |s| s == "(direct)") && medium(arrival, patterns::is_none)
}

fn site(arrival: &Arrival, kind: SiteKind) -> bool {
    arrival.site == Some(kind)
}

fn source(arrival: &Arrival, fits: impl Fn(&str) -> bool) -> bool {
    arrival.source.as_deref().is_some_and(fits)
}

fn medium(arrival: &Arrival, fits: impl Fn(&str) -> bool) -> bool {
    arrival.medium.as_deref().is_some_and(fits)
}

fn campaign(arrival: &Arrival, fits: impl Fn(&str) -> bool) -> bool {
    arrival.campaign.as_deref().is_some_and(fits)
}
