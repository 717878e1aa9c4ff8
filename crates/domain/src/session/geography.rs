//! Where a session is, by its frontend and by its address.

use super::{Analytics, Coordinate, CountryCode, GeoSource, IpPlace, SessionFacts, TimeZoneName};

/// The geographic part of [`SessionFacts`].
#[derive(Debug, Clone, PartialEq)]
pub struct Geography {
    /// The country.
    pub country_code: Option<CountryCode>,
    /// The point.
    pub coordinate: Option<Coordinate>,
    /// The time zone.
    pub timezone: Option<TimeZoneName>,
    /// Where the point comes from, else where the country does.
    pub geo_source: GeoSource,
    /// The city, by the IP database.
    pub city: Option<String>,
    /// The region (ISO 3166-2, the part after the hyphen), by the IP database.
    pub region_code: Option<String>,
    /// The country by the IP database alone. What is about security goes by this one, since the
    /// other is whatever a client says.
    pub ip_country_code: Option<CountryCode>,
}

impl Geography {
    /// Where a session is, by what its frontend sent and what the IP database knows of its
    /// address.
    ///
    /// Country, point and time zone are taken one by one, the frontend's first. The point is
    /// taken whole, never its latitude from here and its longitude from there. The other values
    /// are the IP database's, whatever the frontend says.
    #[must_use]
    pub fn of(frontend: &Analytics, ip: IpPlace) -> Self {
        let point = source(frontend.coordinate.is_some(), ip.coordinate.is_some());
        let country = source(frontend.country_code.is_some(), ip.country_code.is_some());
        Self {
            country_code: frontend.country_code.or(ip.country_code),
            coordinate: frontend.coordinate.or(ip.coordinate),
            timezone: frontend.timezone.clone().or(ip.timezone),
            geo_source: point.or(country).unwrap_or(GeoSource::None),
            city: ip.city,
            region_code: ip.region_code,
            ip_country_code: ip.country_code,
        }
    }
}

const fn source(has_frontend: bool, has_ip: bool) -> Option<GeoSource> {
    match (has_frontend, has_ip) {
        (true, _) => Some(GeoSource::Client),
        (false, true) => Some(GeoSource::Ip),
        (false, false) => None,
    }
}

impl SessionFacts {
    /// The same facts with this geography in place of theirs.
    #[must_use]
    pub fn with_geography(self, geography: Geography) -> Self {
        Self {
            country_code: geography.country_code,
            coordinate: geography.coordinate,
            timezone: geography.timezone,
            geo_source: geography.geo_source,
            city: geography.city,
            region_code: geography.region_code,
            ip_country_code: geography.ip_country_code,
            ..self
        }
    }
}

#[cfg(test)]
mod tests;
