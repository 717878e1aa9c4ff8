//! The row of what was learnt of a session's client.

use std::net::IpAddr;

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use kogents_domain::ids::SessionId;
use kogents_domain::session::{
    Coordinate, CountryCode, FromFrontend, GeoSource, SessionFacts, TimeZoneName,
};

use super::details::Details;
use crate::columns::{id_bytes, named, parsed, parsed_opt};
use crate::error::InvalidRow;
use crate::schema::session_facts;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(
    table_name = session_facts,
    treat_none_as_null = true,
    treat_none_as_default_value = false,
    check_for_backend(Sqlite)
)]
pub(super) struct FactsRow {
    id: Vec<u8>,
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
    pub(super) fn of(id: SessionId, facts: &SessionFacts) -> Result<Self, InvalidRow> {
        let country = |code: &CountryCode| code.as_str().to_owned();
        Ok(Self {
            id: id_bytes(id.as_uuid()),
            ip_address: facts.ip_address.to_string(),
            country_code: facts.country_code.as_ref().map(country),
            city: facts.city.clone(),
            region_code: facts.region_code.clone(),
            latitude: facts.coordinate.map(|point| point.latitude()),
            longitude: facts.coordinate.map(|point| point.longitude()),
            timezone: facts.timezone.as_ref().map(|zone| zone.as_str().to_owned()),
            geo_source: facts.geo_source.as_str().to_owned(),
            ip_country_code: facts.ip_country_code.as_ref().map(country),
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
    type Error = InvalidRow;

    fn try_from(row: FactsRow) -> Result<Self, InvalidRow> {
        let details = Details::read(&row.details)?;
        // Documents that do not tell were filled by the frontend alone.
        let from_frontend = details.from_frontend.unwrap_or(FromFrontend {
            country: row.country_code.is_some(),
            coordinate: row.latitude.is_some(),
            timezone: row.timezone.is_some(),
            language: details.language.is_some(),
        });
        Ok(Self {
            from_frontend,
            ip_address: parsed(
                &row.ip_address,
                str::parse::<IpAddr>,
                "session_facts.ip_address",
            )?,
            country_code: parsed_opt(
                row.country_code,
                CountryCode::parse,
                "session_facts.country_code",
            )?,
            city: row.city,
            region_code: row.region_code,
            coordinate: coordinate(row.latitude, row.longitude)?,
            timezone: parsed_opt(row.timezone, TimeZoneName::parse, "session_facts.timezone")?,
            geo_source: named(
                &row.geo_source,
                GeoSource::from_name,
                "session_facts.geo_source",
            )?,
            ip_country_code: parsed_opt(
                row.ip_country_code,
                CountryCode::parse,
                "session_facts.ip_country_code",
            )?,
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
            language: details.language,
            screen_resolution: details.screen_resolution,
            referrer_url: row.referrer_url,
            referrer_domain: row.referrer_domain,
            landing_page: row.landing_page,
            utm_source: row.utm_source,
            utm_medium: row.utm_medium,
            utm_campaign: row.utm_campaign,
            utm_term: row.utm_term,
            utm_content: row.utm_content,
            click_ids: details.click_ids,
            channel: row.channel,
        })
    }
}

pub(crate) fn coordinate(
    latitude: Option<f64>,
    longitude: Option<f64>,
) -> Result<Option<Coordinate>, InvalidRow> {
    match (latitude, longitude) {
        (None, None) => Ok(None),
        (Some(latitude), Some(longitude)) => Coordinate::new(latitude, longitude)
            .map(Some)
            .map_err(|_| InvalidRow("session_facts.latitude")),
        (Some(_), None) | (None, Some(_)) => Err(InvalidRow("session_facts.latitude")),
    }
}
