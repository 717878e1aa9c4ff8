//! The patterns of Google's rules, on text in lower case.

/// `^(.*cp.*|ppc|retargeting|paid.*)$`: a medium that is paid for.
pub(super) fn is_paid(medium: &str) -> bool {
    medium.contains("cp") || matches!(medium, "ppc" | "retargeting") || medium.starts_with("paid")
}

/// `^(.*(([^a-df-z]|^)shop|shopping).*)$`: the name of a shopping campaign. "shop" counts at the
/// beginning and after anything but a letter, or after an "e": eshop, but neither workshop nor
/// bishop.
pub(super) fn is_shopping(campaign: &str) -> bool {
    let stands_alone = |at: usize| {
        let before = campaign.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(|c| c.is_ascii_lowercase() && c != 'e')
    };
    campaign.contains("shopping")
        || campaign
            .match_indices("shop")
            .any(|(at, _)| stands_alone(at))
}

/// `email|e-mail|e_mail|e mail`: a source or a medium.
pub(super) fn is_email(text: &str) -> bool {
    matches!(text, "email" | "e-mail" | "e_mail" | "e mail")
}

/// A medium of display ads.
pub(super) fn is_display(medium: &str) -> bool {
    matches!(
        medium,
        "display" | "banner" | "expandable" | "interstitial" | "cpm"
    )
}

/// A medium of social sites.
pub(super) fn is_social(medium: &str) -> bool {
    matches!(
        medium,
        "social" | "social-network" | "social-media" | "sm" | "social network" | "social media"
    )
}

/// A medium of notifications on mobile devices.
pub(super) fn is_push(medium: &str) -> bool {
    medium.ends_with("push") || medium.contains("mobile") || medium.contains("notification")
}

/// A medium that says there was none.
pub(super) fn is_none(medium: &str) -> bool {
    matches!(medium, "(not set)" | "(none)")
}

/// A medium of plain links.
pub(super) fn is_link(medium: &str) -> bool {
    matches!(medium, "referral" | "app" | "link")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paid_media_are_those_of_the_pattern() {
        for medium in [
            "cpc",
            "cpm",
            "ecpc",
            "x-cp-y",
            "cp",
            "ppc",
            "retargeting",
            "paid",
            "paidsocial",
            "paid-search",
        ] {
            assert!(is_paid(medium), "{medium}");
        }
        for medium in [
            "xppc",
            "ppcx",
            "retargeting2",
            "unpaid",
            "c-p",
            "organic",
            "",
        ] {
            assert!(!is_paid(medium), "{medium}");
        }
    }

    #[test]
    fn shopping_campaigns_are_those_of_the_pattern() {
        for campaign in [
            "shop",
            "shops-2026",
            "eshop",
            "my-shop",
            "1shop",
            "autumn shop",
            "shopping",
            "workshopping",
            "ñshop",
            "workshop shop",
        ] {
            assert!(is_shopping(campaign), "{campaign}");
        }
        for campaign in ["workshop", "bishop", "photoshop", "sho", "zshop", ""] {
            assert!(!is_shopping(campaign), "{campaign}");
        }
    }
}
