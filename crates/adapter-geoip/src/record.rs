//! Reads a place out of one record, whichever layout it has.

use kogents_domain::session::{Coordinate, CountryCode, IpPlace, TimeZoneName};
use maxminddb::{LookupResult, MaxMindDbError, PathElement, path};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::number::Number;

/// One record of a database.
pub(crate) struct Record<'a>(pub(crate) LookupResult<'a, Vec<u8>>);

impl<'a> Record<'a> {
    /// The place, without what is missing, is of another type, or does not parse.
    ///
    /// # Errors
    /// The record is damaged.
    pub(crate) fn place(&self) -> Result<IpPlace, MaxMindDbError> {
        Ok(IpPlace {
            country_code: self.country()?,
            city: self
                .first_text(&path!["city", "names", "en"], &path!["city"])?
                .and_then(IpPlace::city_name),
            region_code: self
                .first_text(&path!["subdivisions", 0, "iso_code"], &path!["region_code"])?
                .and_then(IpPlace::subdivision),
            coordinate: self.coordinate()?,
            timezone: self
                .first_text(&path!["location", "time_zone"], &path!["timezone"])?
                .and_then(|name| TimeZoneName::parse(name).ok()),
        })
    }

    /// Where the address is used; only if nothing at all is said of that, where it is registered.
    fn country(&self) -> Result<Option<CountryCode>, MaxMindDbError> {
        let code = if let Some(code) = self.text(&path!["country_code"])? {
            Some(code)
        } else if self.value::<IgnoredAny>(&path!["country"])?.is_some() {
            self.first_text(&path!["country", "iso_code"], &path!["country"])?
        } else {
            self.text(&path!["registered_country", "iso_code"])?
        };
        Ok(code.and_then(|code| CountryCode::parse(code).ok()))
    }

    fn coordinate(&self) -> Result<Option<Coordinate>, MaxMindDbError> {
        let nested = self.point(
            &path!["location", "latitude"],
            &path!["location", "longitude"],
        )?;
        match nested {
            Some(point) => Ok(Some(point)),
            None => self.point(&path!["latitude"], &path!["longitude"]),
        }
    }

    fn point(
        &self,
        latitude: &[PathElement<'_>],
        longitude: &[PathElement<'_>],
    ) -> Result<Option<Coordinate>, MaxMindDbError> {
        let halves = self.value(latitude)?.zip(self.value(longitude)?);
        Ok(halves.and_then(|(Number(latitude), Number(longitude))| {
            Coordinate::new(latitude, longitude).ok()
        }))
    }

    fn first_text(
        &self,
        nested: &[PathElement<'_>],
        flat: &[PathElement<'_>],
    ) -> Result<Option<&'a str>, MaxMindDbError> {
        match self.text(nested)? {
            Some(text) => Ok(Some(text)),
            None => self.text(flat),
        }
    }

    fn text(&self, path: &[PathElement<'_>]) -> Result<Option<&'a str>, MaxMindDbError> {
        self.value(path)
    }

    /// A value of a type; None where there is none, or one of another type.
    fn value<T: Deserialize<'a>>(
        &self,
        path: &[PathElement<'_>],
    ) -> Result<Option<T>, MaxMindDbError> {
        match self.0.decode_path(path) {
            Err(MaxMindDbError::Decoding { .. }) => Ok(None),
            other => other,
        }
    }
}
