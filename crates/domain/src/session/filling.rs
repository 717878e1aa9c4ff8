//! What a frontend adds to the facts of a session that is open already.

use super::{Analytics, Attribution, GeoSource, SessionFacts};

impl SessionFacts {
    /// Fills what the session does not have from its frontend yet. What the server derived gives
    /// way; what the frontend sent before stays, whatever it sends now. Whatever follows from other
    /// facts follows from them again, but for the fingerprint, which names the device as it was
    /// when the session was opened.
    #[must_use]
    pub fn filled(mut self, analytics: Analytics) -> Self {
        let Analytics {
            country_code,
            coordinate,
            timezone,
            referrer_url,
            landing_page,
            utm_source,
            utm_medium,
            utm_campaign,
            utm_term,
            utm_content,
            language,
            screen_resolution,
            click_ids,
        } = analytics;
        let from = &mut self.from_frontend;
        give_way(&mut self.country_code, &mut from.country, country_code);
        give_way(&mut self.coordinate, &mut from.coordinate, coordinate);
        give_way(&mut self.timezone, &mut from.timezone, timezone);
        give_way(&mut self.language, &mut from.language, language);
        if from.coordinate || (self.coordinate.is_none() && from.country) {
            self.geo_source = GeoSource::Client;
        }
        fill(&mut self.screen_resolution, screen_resolution);
        fill(&mut self.referrer_url, referrer_url);
        fill(&mut self.landing_page, landing_page);
        fill(&mut self.utm_source, utm_source);
        fill(&mut self.utm_medium, utm_medium);
        fill(&mut self.utm_campaign, utm_campaign);
        fill(&mut self.utm_term, utm_term);
        fill(&mut self.utm_content, utm_content);
        if self.click_ids.is_empty() {
            self.click_ids = click_ids;
        }
        let attribution = Attribution::of(&self.entry());
        self.attributed(attribution)
    }

    /// The same facts with this attribution in place of theirs.
    #[must_use]
    pub fn attributed(self, attribution: Attribution) -> Self {
        Self {
            referrer_domain: attribution.referrer_domain,
            channel: Some(attribution.channel.as_str().to_owned()),
            ..self
        }
    }

    /// The entry attribution among the facts.
    fn entry(&self) -> Analytics {
        Analytics {
            referrer_url: self.referrer_url.clone(),
            landing_page: self.landing_page.clone(),
            utm_source: self.utm_source.clone(),
            utm_medium: self.utm_medium.clone(),
            utm_campaign: self.utm_campaign.clone(),
            utm_term: self.utm_term.clone(),
            utm_content: self.utm_content.clone(),
            click_ids: self.click_ids.clone(),
            ..Analytics::default()
        }
    }
}

/// A frontend's first value takes the place of a derived one.
fn give_way<T>(fact: &mut Option<T>, from_frontend: &mut bool, value: Option<T>) {
    if !*from_frontend && value.is_some() {
        *fact = value;
        *from_frontend = true;
    }
}

fn fill<T>(fact: &mut Option<T>, value: Option<T>) {
    if fact.is_none() {
        *fact = value;
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::super::{ClickIds, Coordinate, CountryCode, Geography, IpPlace, TimeZoneName};
    use super::*;
    use crate::auth::Language;

    fn point(latitude: f64) -> Option<Coordinate> {
        Coordinate::new(latitude, 1.0).ok()
    }

    fn by_address() -> IpPlace {
        IpPlace {
            country_code: CountryCode::parse("DE").ok(),
            coordinate: point(50.0),
            timezone: TimeZoneName::parse("Europe/Berlin").ok(),
            ..IpPlace::default()
        }
    }

    fn opened(analytics: Analytics, place: IpPlace) -> SessionFacts {
        let geography = Geography::of(&analytics, place);
        let attribution = Attribution::of(&analytics);
        SessionFacts::from_client(IpAddr::from([192, 0, 2, 1]), analytics)
            .with_geography(geography)
            .attributed(attribution)
    }

    #[test]
    fn what_was_derived_gives_way_to_the_first_value_and_that_one_stays() {
        let facts = opened(Analytics::default(), by_address());
        assert_eq!(facts.geo_source, GeoSource::Ip);
        let first = Analytics {
            country_code: CountryCode::parse("FR").ok(),
            language: Language::parse("fr").ok(),
            ..Analytics::default()
        };
        let facts = facts.filled(first.clone());
        assert_eq!(facts.country_code, first.country_code);
        assert_eq!(facts.language, first.language);
        // The point is the address's still, so the source is.
        assert_eq!(facts.coordinate, point(50.0));
        assert_eq!(facts.geo_source, GeoSource::Ip);

        let second = Analytics {
            country_code: CountryCode::parse("IT").ok(),
            language: Language::parse("it").ok(),
            coordinate: point(1.0),
            timezone: TimeZoneName::parse("Europe/Rome").ok(),
            ..Analytics::default()
        };
        let filled = facts.filled(second.clone());
        assert_eq!(filled.country_code, first.country_code);
        assert_eq!(filled.language, first.language);
        assert_eq!(filled.coordinate, second.coordinate);
        assert_eq!(filled.timezone, second.timezone);
        assert_eq!(filled.geo_source, GeoSource::Client);
        assert_eq!(filled.clone().filled(by_frontend_again()), filled);
    }

    fn by_frontend_again() -> Analytics {
        Analytics {
            coordinate: point(2.0),
            timezone: TimeZoneName::parse("Europe/Paris").ok(),
            ..Analytics::default()
        }
    }

    #[test]
    fn a_country_of_the_frontend_is_the_source_where_there_is_no_point() {
        let facts = opened(Analytics::default(), IpPlace::default());
        assert_eq!(facts.geo_source, GeoSource::None);
        let filled = facts.filled(Analytics {
            country_code: CountryCode::parse("FR").ok(),
            ..Analytics::default()
        });
        assert_eq!(filled.geo_source, GeoSource::Client);
    }

    #[test]
    fn campaigns_are_filled_and_never_overwritten_and_the_channel_follows() {
        let facts = opened(Analytics::default(), IpPlace::default());
        assert_eq!(facts.channel.as_deref(), Some("direct"));
        let facts = facts.filled(Analytics {
            utm_source: Some("google".to_owned()),
            utm_medium: Some("cpc".to_owned()),
            ..Analytics::default()
        });
        assert_eq!(facts.channel.as_deref(), Some("paid search"));
        let facts = facts.filled(Analytics {
            utm_source: Some("newsletter".to_owned()),
            utm_medium: Some("email".to_owned()),
            utm_term: Some("chat".to_owned()),
            click_ids: ClickIds::clean([("gclid", "1")]),
            ..Analytics::default()
        });
        assert_eq!(facts.utm_source.as_deref(), Some("google"));
        assert_eq!(facts.utm_term.as_deref(), Some("chat"));
        assert_eq!(facts.channel.as_deref(), Some("paid search"));
        let ids = facts.click_ids.clone();
        let facts = facts.filled(Analytics {
            click_ids: ClickIds::clean([("fbclid", "2")]),
            ..Analytics::default()
        });
        assert_eq!(facts.click_ids, ids);
    }
}
