//! The analytics fields that a frontend sends when a session is opened.

use serde::{Deserialize, Serialize};

use super::{ClickIds, Coordinate, CountryCode, ScreenResolution, TimeZoneName};
use crate::auth::Language;

/// Entry attribution and client facts from the frontend, each optional, each already checked or
/// cleaned.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Analytics {
    /// The country the frontend believes to be in.
    pub country_code: Option<CountryCode>,
    /// Where the frontend believes to be.
    pub coordinate: Option<Coordinate>,
    /// The client's time zone.
    pub timezone: Option<TimeZoneName>,
    /// The page that led here, cleaned.
    pub referrer_url: Option<String>,
    /// The page entered at, cleaned.
    pub landing_page: Option<String>,
    /// `utm_source`, cleaned.
    pub utm_source: Option<String>,
    /// `utm_medium`, cleaned.
    pub utm_medium: Option<String>,
    /// `utm_campaign`, cleaned.
    pub utm_campaign: Option<String>,
    /// `utm_term`, cleaned.
    pub utm_term: Option<String>,
    /// `utm_content`, cleaned.
    pub utm_content: Option<String>,
    /// The client's language.
    pub language: Option<Language>,
    /// The client's screen.
    pub screen_resolution: Option<ScreenResolution>,
    /// Click ids of advertising platforms.
    pub click_ids: ClickIds,
}
