//! Every rule of Google's table, in both its forms, and what stands in where they are silent.

mod campaigns;
mod clicks;
mod referrers;

use super::*;
use crate::session::{ClickIds, clean_url};

/// What a frontend may send; an empty text is a field left out.
#[derive(Default)]
struct Sent<'a> {
    source: &'a str,
    medium: &'a str,
    campaign: &'a str,
    referrer: &'a str,
    landing: &'a str,
    clicks: &'a [&'a str],
}

impl Sent<'_> {
    fn channel(&self) -> Channel {
        self.attribution().channel
    }

    fn attribution(&self) -> Attribution {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Attribution::of(&Analytics {
            utm_source: given(self.source),
            utm_medium: given(self.medium),
            utm_campaign: given(self.campaign),
            referrer_url: clean_url(self.referrer),
            landing_page: clean_url(self.landing),
            click_ids: ClickIds::clean(self.clicks.iter().map(|name| (*name, "id-1"))),
            ..Analytics::default()
        })
    }
}

fn tagged(source: &str, medium: &str, campaign: &str) -> Channel {
    Sent {
        source,
        medium,
        campaign,
        ..Sent::default()
    }
    .channel()
}

fn referred(referrer: &str) -> Channel {
    Sent {
        referrer,
        ..Sent::default()
    }
    .channel()
}

#[test]
fn every_channel_has_a_name_of_its_own() {
    for channel in Channel::ALL {
        assert_eq!(Channel::from_name(channel.as_str()), Some(channel));
    }
    assert_eq!(Channel::from_name("Paid Search"), None);
    assert_eq!(
        Channel::ALL.map(Channel::as_str).join(", "),
        "cross-network, paid shopping, paid search, paid social, paid video, display, paid other, \
         organic shopping, organic social, organic video, ai assistants, organic search, email, \
         affiliates, audio, sms, push, referral, direct"
    );
}

#[test]
fn with_nothing_known_it_is_direct() {
    assert_eq!(
        Attribution::of(&Analytics::default()),
        Attribution {
            referrer_domain: None,
            channel: Channel::Direct
        }
    );
}
