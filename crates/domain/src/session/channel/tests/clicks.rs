//! Click ids, where campaign values are silent.

use super::*;

fn clicked(clicks: &[&str]) -> Channel {
    Sent {
        clicks,
        ..Sent::default()
    }
    .channel()
}

#[test]
fn click_ids_decide_where_campaign_values_are_silent() {
    for (click, channel) in [
        ("gclid", Channel::PaidSearch),
        ("gbraid", Channel::PaidSearch),
        ("wbraid", Channel::PaidSearch),
        ("msclkid", Channel::PaidSearch),
        ("dclid", Channel::Display),
        ("ttclid", Channel::PaidSocial),
        ("twclid", Channel::PaidSocial),
        ("li_fat_id", Channel::PaidSocial),
        ("fbclid", Channel::OrganicSocial),
    ] {
        assert_eq!(clicked(&[click]), channel, "{click}");
        let referred = Sent {
            clicks: &[click],
            referrer: "https://blog.example.org/",
            ..Sent::default()
        };
        assert_eq!(referred.channel(), channel, "{click} with a referrer");
    }
}

#[test]
fn an_ad_outranks_a_share() {
    assert_eq!(clicked(&["fbclid", "gclid"]), Channel::PaidSearch);
    assert_eq!(clicked(&["fbclid", "ttclid"]), Channel::PaidSocial);
}

#[test]
fn the_click_id_of_an_ad_fills_in_what_campaign_values_leave_out() {
    for (source, medium, campaign, click, channel) in [
        ("google", "", "", "gclid", Channel::PaidSearch),
        ("", "cpc", "", "gclid", Channel::PaidSearch),
        ("youtube", "", "", "gclid", Channel::PaidVideo),
        ("", "", "shopping", "gclid", Channel::PaidShopping),
        ("", "", "cross-network", "gclid", Channel::CrossNetwork),
        ("", "paid", "", "ttclid", Channel::PaidSocial),
        // What they say stands.
        ("letter", "email", "", "gclid", Channel::Email),
        ("bing", "organic", "", "gclid", Channel::OrganicSearch),
    ] {
        let sent = Sent {
            source,
            medium,
            campaign,
            clicks: &[click],
            ..Sent::default()
        };
        assert_eq!(
            sent.channel(),
            channel,
            "{source:?} {medium:?} {campaign:?}"
        );
    }
}

#[test]
fn a_click_id_that_proves_no_ad_adds_nothing_to_campaign_values() {
    for (source, medium, channel) in [
        ("letter", "", Channel::Referral),
        ("email", "", Channel::Email),
        ("", "affiliate", Channel::Affiliates),
        ("facebook", "paid", Channel::PaidSocial),
    ] {
        let sent = Sent {
            source,
            medium,
            clicks: &["fbclid"],
            ..Sent::default()
        };
        assert_eq!(sent.channel(), channel, "{source:?} {medium:?}");
    }
}
