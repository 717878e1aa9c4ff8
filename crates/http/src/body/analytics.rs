//! The analytics fields, shared by every body that opens a session.

use kogents_domain::auth::Language;
use kogents_domain::session::{
    Analytics, ClickIds, Coordinate, CountryCode, ScreenResolution, TimeZoneName, clean_url,
    clean_utm,
};
use kogents_domain::violation::Violation;

use super::Fields;

/// How long campaign values may be before they are cut, in characters.
const MAX_UTM: usize = 255;
/// The same, of `utmContent`.
const MAX_UTM_CONTENT: usize = 500;

/// Defines a body whose own members are followed by the analytics fields. They are spelled out,
/// not flattened: a schema made of parts cannot refuse unknown members.
macro_rules! with_analytics {
    ($(#[$meta:meta])* struct $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(serde::Serialize, utoipa::ToSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub(crate) struct $name {
            $($(#[$field_meta])* $field: $type,)*
            /// The country the frontend believes to be in, ISO 3166-1 alpha-2, in any case.
            #[schema(pattern = "^[A-Za-z]{2}$", example = "DE")]
            country_code: Option<String>,
            /// Degrees north; not without longitude.
            #[schema(minimum = -90, maximum = 90, example = 52.52)]
            latitude: Option<f64>,
            /// Degrees east; not without latitude.
            #[schema(minimum = -180, maximum = 180, example = 13.405)]
            longitude: Option<f64>,
            /// A zone of the IANA time zone database.
            #[schema(example = "Europe/Berlin")]
            timezone: Option<String>,
            /// The page that led here. Cleaned, or dropped when it is no http, https or
            /// android-app URL; never refused.
            #[schema(example = "https://www.example.com/blog")]
            referrer_url: Option<String>,
            /// The page entered at. Cleaned like the referrer.
            #[schema(example = "https://app.example.com/?utm_source=newsletter")]
            landing_page: Option<String>,
            /// `utm_source`; cut at 255 characters.
            #[schema(example = "newsletter")]
            utm_source: Option<String>,
            /// `utm_medium`; cut at 255 characters.
            #[schema(example = "email")]
            utm_medium: Option<String>,
            /// `utm_campaign`; cut at 255 characters.
            #[schema(example = "spring")]
            utm_campaign: Option<String>,
            /// `utm_term`; cut at 255 characters.
            #[schema(example = "chat")]
            utm_term: Option<String>,
            /// `utm_content`; cut at 500 characters.
            #[schema(example = "header")]
            utm_content: Option<String>,
            /// The client's language, BCP 47.
            #[schema(max_length = 35, example = "de-DE")]
            language: Option<String>,
            /// The client's screen in pixels.
            #[schema(pattern = r"^\d{2,5}x\d{2,5}$", example = "1920x1080")]
            screen_resolution: Option<String>,
            /// Click ids of advertising platforms: gclid, gbraid, wbraid, dclid, fbclid,
            /// msclkid, ttclid, twclid, li_fat_id. Others are dropped.
            #[schema(example = json!({"gclid": "EAIaIQobChMI"}))]
            click_ids: Option<std::collections::BTreeMap<String, String>>,
        }
    };
}

pub(crate) use with_analytics;

/// Reads the analytics fields. What the frontend computes is refused when wrong; what arrives
/// through somebody else's link is cleaned or dropped. A wrong JSON type is refused everywhere.
pub(crate) fn read_analytics(fields: &mut Fields<'_>) -> Option<Analytics> {
    let country_code = fields.optional("countryCode", CountryCode::parse);
    let coordinate = read_coordinate(fields);
    let timezone = fields.optional("timezone", TimeZoneName::parse);
    let referrer_url = cleaned(fields, "referrerUrl", clean_url);
    let landing_page = cleaned(fields, "landingPage", clean_url);
    let utm_source = cleaned(fields, "utmSource", |text| clean_utm(text, MAX_UTM));
    let utm_medium = cleaned(fields, "utmMedium", |text| clean_utm(text, MAX_UTM));
    let utm_campaign = cleaned(fields, "utmCampaign", |text| clean_utm(text, MAX_UTM));
    let utm_term = cleaned(fields, "utmTerm", |text| clean_utm(text, MAX_UTM));
    let utm_content = cleaned(fields, "utmContent", |text| {
        clean_utm(text, MAX_UTM_CONTENT)
    });
    let language = fields.optional("language", Language::parse);
    let screen_resolution = fields.optional("screenResolution", ScreenResolution::parse);
    let click_ids = fields.texts("clickIds").map(ClickIds::clean);
    Some(Analytics {
        country_code: country_code?,
        coordinate: coordinate?,
        timezone: timezone?,
        referrer_url: referrer_url?,
        landing_page: landing_page?,
        utm_source: utm_source?,
        utm_medium: utm_medium?,
        utm_campaign: utm_campaign?,
        utm_term: utm_term?,
        utm_content: utm_content?,
        language: language?,
        screen_resolution: screen_resolution?,
        click_ids: click_ids?,
    })
}

/// Both halves or none: with one there, the other one is required.
fn read_coordinate(fields: &mut Fields<'_>) -> Option<Option<Coordinate>> {
    if !fields.is_present("latitude") && !fields.is_present("longitude") {
        fields.skip("latitude");
        fields.skip("longitude");
        return Some(None);
    }
    let latitude = fields.required_number("latitude", Coordinate::parse_latitude);
    let longitude = fields.required_number("longitude", Coordinate::parse_longitude);
    Coordinate::new(latitude?, longitude?).ok().map(Some)
}

fn cleaned(
    fields: &mut Fields<'_>,
    name: &'static str,
    clean: impl FnOnce(&str) -> Option<String>,
) -> Option<Option<String>> {
    fields
        .optional(name, |text| Ok::<_, Violation>(clean(text)))
        .map(Option::flatten)
}
