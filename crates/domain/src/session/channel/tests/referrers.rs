//! The referrer, where campaign values are silent.

use super::*;

#[test]
fn the_kind_of_site_decides() {
    for (referrer, channel) in [
        ("https://www.google.com/", Channel::OrganicSearch),
        (
            "https://www.google.co.jp/search?q=x",
            Channel::OrganicSearch,
        ),
        ("https://www.bing.com/", Channel::OrganicSearch),
        ("https://duckduckgo.com/", Channel::OrganicSearch),
        ("https://de.search.yahoo.com/", Channel::OrganicSearch),
        ("https://yandex.ru/", Channel::OrganicSearch),
        (
            "android-app://com.google.android.googlequicksearchbox/",
            Channel::OrganicSearch,
        ),
        ("https://www.facebook.com/", Channel::OrganicSocial),
        ("https://l.instagram.com/", Channel::OrganicSocial),
        ("https://t.co/AbC", Channel::OrganicSocial),
        ("https://www.linkedin.com/feed/", Channel::OrganicSocial),
        ("https://old.reddit.com/r/rust", Channel::OrganicSocial),
        ("https://x.com/", Channel::OrganicSocial),
        (
            "android-app://com.linkedin.android/",
            Channel::OrganicSocial,
        ),
        ("https://www.amazon.de/", Channel::OrganicShopping),
        ("https://www.etsy.com/", Channel::OrganicShopping),
        ("https://www.youtube.com/watch?v=x", Channel::OrganicVideo),
        ("https://vimeo.com/1", Channel::OrganicVideo),
        ("https://chatgpt.com/", Channel::AiAssistants),
        ("https://gemini.google.com/", Channel::AiAssistants),
        ("https://claude.ai/", Channel::AiAssistants),
        ("https://www.perplexity.ai/", Channel::AiAssistants),
        ("https://copilot.microsoft.com/", Channel::AiAssistants),
        ("https://chat.deepseek.com/", Channel::AiAssistants),
        ("android-app://com.openai.chatgpt/", Channel::AiAssistants),
        ("https://blog.example.org/post", Channel::Referral),
        ("https://docs.google.com/", Channel::Referral),
        ("android-app://com.example.app/", Channel::Referral),
    ] {
        assert_eq!(referred(referrer), channel, "{referrer}");
    }
}

#[test]
fn a_referrer_on_the_own_host_is_no_referrer() {
    let own = Sent {
        referrer: "https://chat.example.com/login",
        landing: "https://chat.example.com/",
        ..Sent::default()
    };
    assert_eq!(
        own.attribution(),
        Attribution {
            referrer_domain: None,
            channel: Channel::Direct
        }
    );
    let other = Sent {
        landing: "https://app.example.com/",
        ..own
    };
    assert_eq!(
        other.attribution(),
        Attribution {
            referrer_domain: Some("chat.example.com".to_owned()),
            channel: Channel::Referral
        }
    );
}

#[test]
fn the_domain_is_told_whatever_the_channel() {
    let mail = Sent {
        medium: "email",
        referrer: "https://Mail.Example.com:444/inbox",
        ..Sent::default()
    };
    assert_eq!(
        mail.attribution(),
        Attribution {
            referrer_domain: Some("mail.example.com".to_owned()),
            channel: Channel::Email
        }
    );
}

#[test]
fn what_is_no_referrer_is_direct() {
    for referrer in ["", "about:blank", "javascript:alert(1)", "nonsense"] {
        assert_eq!(referred(referrer), Channel::Direct, "{referrer}");
    }
}
