//! Campaign values: one case at least for each branch of each rule.

use super::*;

/// Source, medium, campaign and the channel they give.
const CASES: &[(&str, &str, &str, Channel)] = &[
    // Cross-network: the campaign's name contains "cross-network".
    (
        "google",
        "cpc",
        "pmax cross-network 7",
        Channel::CrossNetwork,
    ),
    ("", "", "cross-network", Channel::CrossNetwork),
    ("(direct)", "(none)", "Cross-Network", Channel::CrossNetwork),
    // Paid shopping: (a shopping site or a shopping campaign) and a paid medium.
    ("amazon", "cpc", "", Channel::PaidShopping),
    ("ebay.de", "ppc", "", Channel::PaidShopping),
    ("Google Shopping", "paid", "", Channel::PaidShopping),
    ("google", "cpc", "summer-shopping", Channel::PaidShopping),
    ("facebook", "paid_social", "eshop", Channel::PaidShopping),
    ("shopify", "retargeting", "", Channel::PaidShopping),
    ("walmart", "xcpx", "", Channel::PaidShopping),
    // Paid search: a search engine and a paid medium.
    ("google", "cpc", "", Channel::PaidSearch),
    ("Google", "CPC", "Spring", Channel::PaidSearch),
    ("google.com", "ppc", "", Channel::PaidSearch),
    ("bing", "ppc", "", Channel::PaidSearch),
    ("baidu", "retargeting", "", Channel::PaidSearch),
    ("duckduckgo", "paid", "", Channel::PaidSearch),
    ("yahoo", "paid-search", "", Channel::PaidSearch),
    ("yandex.ru", "acpb", "", Channel::PaidSearch),
    ("google", "cpc", "workshop", Channel::PaidSearch),
    // Paid social: a social site and a paid medium.
    ("facebook", "cpc", "", Channel::PaidSocial),
    ("ig", "paidsocial", "", Channel::PaidSocial),
    ("linkedin", "ppc", "", Channel::PaidSocial),
    ("tiktok", "retargeting", "", Channel::PaidSocial),
    ("t.co", "cpm", "", Channel::PaidSocial),
    // Paid video: a video site and a paid medium.
    ("youtube", "cpv-cpm", "", Channel::PaidVideo),
    ("vimeo.com", "ppc", "", Channel::PaidVideo),
    ("twitch", "retargeting", "", Channel::PaidVideo),
    ("youtube.com", "paid", "", Channel::PaidVideo),
    // Display: the medium is one of five.
    ("partner", "display", "", Channel::Display),
    ("partner", "Banner", "", Channel::Display),
    ("partner", "expandable", "", Channel::Display),
    ("partner", "interstitial", "", Channel::Display),
    ("partner", "cpm", "", Channel::Display),
    ("google", "display", "", Channel::Display),
    ("", "display", "", Channel::Display),
    // Paid other: a paid medium and none of the sites above.
    ("partner", "cpc", "", Channel::PaidOther),
    ("partner", "ppc", "", Channel::PaidOther),
    ("partner", "retargeting", "", Channel::PaidOther),
    ("partner", "paid-anything", "", Channel::PaidOther),
    ("chatgpt.com", "cpc", "", Channel::PaidOther),
    ("", "cpc", "", Channel::PaidOther),
    // Organic shopping: a shopping site or a shopping campaign.
    ("etsy", "", "", Channel::OrganicShopping),
    ("IGShopping", "Social", "", Channel::OrganicShopping),
    ("partner", "link", "my-shop", Channel::OrganicShopping),
    ("", "", "shopping week", Channel::OrganicShopping),
    ("stripe.com", "referral", "", Channel::OrganicShopping),
    // Organic social: a social site or a medium of six.
    ("facebook", "", "", Channel::OrganicSocial),
    ("reddit.com", "referral", "", Channel::OrganicSocial),
    ("t.co", "organic", "", Channel::OrganicSocial),
    ("partner", "social", "", Channel::OrganicSocial),
    ("partner", "social-network", "", Channel::OrganicSocial),
    ("partner", "social-media", "", Channel::OrganicSocial),
    ("partner", "sm", "", Channel::OrganicSocial),
    ("partner", "social network", "", Channel::OrganicSocial),
    ("partner", "Social Media", "", Channel::OrganicSocial),
    // Organic video: a video site or a medium that contains "video".
    ("youtube", "referral", "", Channel::OrganicVideo),
    ("vimeo", "", "", Channel::OrganicVideo),
    ("partner", "video", "", Channel::OrganicVideo),
    ("partner", "pre-video-roll", "", Channel::OrganicVideo),
    // AI assistants: an assistant, or the medium that Google gives their traffic.
    ("chatgpt.com", "", "", Channel::AiAssistants),
    ("perplexity", "referral", "", Channel::AiAssistants),
    ("copilot.com", "organic", "", Channel::AiAssistants),
    ("some-assistant", "ai-assistant", "", Channel::AiAssistants),
    // Organic search: a search engine or the medium "organic".
    ("google", "", "", Channel::OrganicSearch),
    ("bing", "organic", "", Channel::OrganicSearch),
    ("ecosia.org", "referral", "", Channel::OrganicSearch),
    ("partner", "organic", "", Channel::OrganicSearch),
    // Email: source or medium, in four spellings.
    ("email", "", "", Channel::Email),
    ("e-mail", "x", "", Channel::Email),
    ("e_mail", "", "", Channel::Email),
    ("e mail", "", "", Channel::Email),
    ("newsletter", "Email", "", Channel::Email),
    ("newsletter", "e-mail", "", Channel::Email),
    ("newsletter", "e_mail", "", Channel::Email),
    ("newsletter", "e mail", "", Channel::Email),
    // Affiliates, audio: the medium.
    ("partner", "affiliate", "", Channel::Affiliates),
    ("podcast", "audio", "", Channel::Audio),
    // SMS: source or medium.
    ("sms", "", "", Channel::Sms),
    ("partner", "SMS", "", Channel::Sms),
    // Push: the medium's end, two words in it, or Firebase.
    ("partner", "push", "", Channel::Push),
    ("partner", "web-push", "", Channel::Push),
    ("partner", "mobile", "", Channel::Push),
    ("partner", "in-mobile-app", "", Channel::Push),
    ("partner", "notifications", "", Channel::Push),
    ("firebase", "", "", Channel::Push),
    // Referral: the medium is one of three, or nothing else fits.
    ("partner", "referral", "", Channel::Referral),
    ("partner", "app", "", Channel::Referral),
    ("partner", "link", "", Channel::Referral),
    ("partner", "", "", Channel::Referral),
    ("partner", "pushed", "", Channel::Referral),
    ("partner", "affiliates-list", "", Channel::Referral),
    ("partner", "unpaid", "workshop", Channel::Referral),
    ("", "", "spring", Channel::Referral),
    // Direct: the source "(direct)" and one of two media.
    ("(direct)", "(none)", "", Channel::Direct),
    ("(direct)", "(not set)", "", Channel::Direct),
    ("(direct)", "(none)", "spring", Channel::Direct),
    ("(direct)", "partner", "", Channel::Referral),
];

#[test]
fn every_rule_of_the_published_table_holds() {
    for (source, medium, campaign, channel) in CASES {
        assert_eq!(
            tagged(source, medium, campaign),
            *channel,
            "{source:?} {medium:?} {campaign:?}"
        );
    }
    for channel in Channel::ALL {
        assert!(CASES.iter().any(|case| case.3 == channel), "{channel:?}");
    }
}

#[test]
fn an_earlier_rule_decides() {
    // Each pair fits two rules.
    for (source, medium, campaign, channel) in [
        ("amazon", "cpc", "cross-network", Channel::CrossNetwork),
        ("facebook", "cpc", "shopping", Channel::PaidShopping),
        ("google", "cpm", "", Channel::PaidSearch),
        ("partner", "cpm", "", Channel::Display),
        ("amazon", "social", "", Channel::OrganicShopping),
        ("youtube", "social", "", Channel::OrganicSocial),
        ("google", "video", "", Channel::OrganicVideo),
        ("google", "ai-assistant", "", Channel::AiAssistants),
        ("chatgpt", "email", "", Channel::AiAssistants),
        ("google", "email", "", Channel::OrganicSearch),
        ("email", "affiliate", "", Channel::Email),
        ("sms", "audio", "", Channel::Audio),
        ("firebase", "sms", "", Channel::Sms),
        ("firebase", "referral", "", Channel::Push),
    ] {
        assert_eq!(
            tagged(source, medium, campaign),
            channel,
            "{source:?} {medium:?} {campaign:?}"
        );
    }
}

#[test]
fn campaign_values_outrank_the_referrer() {
    let mail = Sent {
        source: "spring-letter",
        medium: "email",
        referrer: "https://www.google.com/",
        ..Sent::default()
    };
    assert_eq!(mail.channel(), Channel::Email);
    let medium_alone = Sent {
        medium: "cpc",
        referrer: "https://www.google.com/",
        ..Sent::default()
    };
    assert_eq!(medium_alone.channel(), Channel::PaidOther);
    let campaign_alone = Sent {
        campaign: "spring",
        referrer: "https://www.google.com/",
        ..Sent::default()
    };
    assert_eq!(campaign_alone.channel(), Channel::OrganicSearch);
}
