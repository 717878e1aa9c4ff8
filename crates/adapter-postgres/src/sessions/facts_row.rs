//! The row of what was learnt when a session was opened.

use std::net::IpAddr;

use diesel::prelude::*;
use kogents_domain::auth::Language;
use kogents_domain::session::{
    ClickIds, Coordinate, CountryCode, FromFrontend, GeoSource, ScreenResolution, SessionFacts,
    TimeZoneName,
};
use kogents_domain::store::StoreError;
use uuid::Uuid;

use super::details::Details;
use crate::error::unreadable;
use crate::rows::parsed;
use crate::schema::session_facts;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(
    table_name = session_facts,
    treat_none_as_null = true,
    treat_none_as_default_value = false,
    check_for_backend(diesel::pg::Pg)
)]
pub(crate) struct FactsRow {
    id: Uuid,
    ip_address: String,
    country_code: Option<String>,
    city: Option<String>,
    region_code: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    timezone: Option<String>,
    geo_source: String,
    ip_country_code: Option<String>,
    device_type: Option<String>,
    device_name: Option<String>,
    device_fingerprint: Option<String>,
    browser_name: Option<String>,
    browser_version: Option<String>,
    os_name: Option<String>,
    os_version: Option<String>,
    referrer_url: Option<String>,
    referrer_domain: Option<String>,
    landing_page: Option<String>,
    utm_source: Option<String>,
    utm_medium: Option<String>,
    utm_campaign: Option<String>,
    utm_term: Option<String>,
    utm_content: Option<String>,
    channel: Option<String>,
    details: String,
}

impl FactsRow {
    /// The row of a session's facts.
    pub(super) fn of(id: Uuid, facts: &SessionFacts) -> Result<Self, StoreError> {
        let country = |code: &Option<CountryCode>| code.map(|code| code.as_str().to_owned());
        Ok(Self {
            id,
            ip_address: facts.ip_address.to_string(),
            country_code: country(&facts.country_code),
            city: facts.city.clone(),
            region_code: facts.region_code.clone(),
            latitude: facts.coordinate.map(|point| point.latitude()),
            longitude: facts.coordinate.map(|point| point.longitude()),
            timezone: facts.timezone.as_ref().map(|zone| zone.as_str().to_owned()),
            geo_source: facts.geo_source.as_str().to_owned(),
            ip_country_code: country(&facts.ip_country_code),
            device_type: facts.device_type.clone(),
            device_name: facts.device_name.clone(),
            device_fingerprint: facts.device_fingerprint.clone(),
            browser_name: facts.browser_name.clone(),
            browser_version: facts.browser_version.clone(),
            os_name: facts.os_name.clone(),
            os_version: facts.os_version.clone(),
            referrer_url: facts.referrer_url.clone(),
            referrer_domain: facts.referrer_domain.clone(),
            landing_page: facts.landing_page.clone(),
            utm_source: facts.utm_source.clone(),
            utm_medium: facts.utm_medium.clone(),
            utm_campaign: facts.utm_campaign.clone(),
            utm_term: facts.utm_term.clone(),
            utm_content: facts.utm_content.clone(),
            channel: facts.channel.clone(),
            details: Details::write(facts)?,
        })
    }
}

impl TryFrom<FactsRow> for SessionFacts {
    type Error = StoreError;
    fn try_from(row: FactsRow) -> Result<Self, StoreError> {
        let details = Details::read(&row.details)?;
        let country =
            |code: &Option<String>, column| parsed(code.as_deref(), column, CountryCode::parse);
        let coordinate = match (row.latitude, row.longitude) {
            (Some(latitude), Some(longitude)) => Some(
                Coordinate::new(latitude, longitude)
                    .map_err(|_| unreadable("session_facts.latitude"))?,
            ),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => return Err(unreadable("session_facts.latitude")),
        };
        let clicks = &details.click_ids;
        let from_frontend = details.given_by_frontend()?.unwrap_or(FromFrontend {
            country: row.country_code.is_some(),
            coordinate: coordinate.is_some(),
            timezone: row.timezone.is_some(),
            language: details.language.is_some(),
        });
        Ok(Self {
            from_frontend,
            ip_address: row
                .ip_address
                .parse::<IpAddr>()
                .map_err(|_| unreadable("session_facts.ip_address"))?,
            country_code: country(&row.country_code, "session_facts.country_code")?,
            city: row.city,
            region_code: row.region_code,
            coordinate,
            timezone: parsed(
                row.timezone.as_deref(),
                "session_facts.timezone",
                TimeZoneName::parse,
            )?,
            geo_source: GeoSource::from_name(&row.geo_source)
                .ok_or_else(|| unreadable("session_facts.geo_source"))?,
            ip_country_code: country(&row.ip_country_code, "session_facts.ip_country_code")?,
            device_type: row.device_type,
            device_name: row.device_name,
            device_fingerprint: row.device_fingerprint,
            browser_name: row.browser_name,
            browser_version: row.browser_version,
            os_name: row.os_name,
            os_version: row.os_version,
            device_brand: details.device_brand,
            device_model: details.device_model,
            is_bot: details.is_bot,
            is_new_device: details.is_new_device,
            language: parsed(
                details.language.as_deref(),
                "session_facts.details",
                Language::parse,
            )?,
            screen_resolution: parsed(
                details.screen_resolution.as_deref(),
                "session_facts.details",
                ScreenResolution::parse,
            )?,
            referrer_url: row.referrer_url,
            referrer_domain: row.referrer_domain,
            landing_page: row.landing_page,
            utm_source: row.utm_source,
            utm_medium: row.utm_medium,
            utm_campaign: row.utm_campaign,
            utm_term: row.utm_term,
            utm_content: row.utm_content,
            click_ids: ClickIds::clean(clicks.iter().map(|(k, v)| (k.as_str(), v.as_str()))),
            channel: row.channel,
        })
    }
}
