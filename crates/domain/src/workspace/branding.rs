//! How a workspace looks.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::auth::EmailAddress;
use crate::violation::{Violation, ViolationCode};

/// A workspace's branding: a closed set of optional values, shown to the public and in mails.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Branding {
    /// A picture's URL; never fetched by the server.
    pub logo_url: Option<HttpsUrl>,
    /// An icon's URL; never fetched by the server.
    pub favicon_url: Option<HttpsUrl>,
    /// The company's name, 1 to 100 characters.
    pub company_name: Option<String>,
    /// Its industry, 1 to 100 characters.
    pub industry: Option<String>,
    /// Its size, in words or numbers of the frontend's choice, 1 to 100 characters.
    pub company_size: Option<String>,
    /// Its country, in the frontend's words, 1 to 100 characters.
    pub country: Option<String>,
    /// The main colour.
    pub primary_color: Option<Colour>,
    /// The second colour.
    pub secondary_color: Option<Colour>,
    /// The colour of what stands out.
    pub accent_color: Option<Colour>,
    /// Light, dark, or as the system has it.
    pub theme: Option<Theme>,
    /// Where the workspace's customers may write to.
    pub support_email: Option<EmailAddress>,
    /// The sender's name in the workspace's mails, 1 to 100 characters.
    pub email_from_name: Option<String>,
}

/// A colour, `#rrggbb`, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Colour(String);

impl Colour {
    /// Reads a colour of any case, trimmed.
    ///
    /// # Errors
    /// `REQUIRED_FIELD` when empty, else `INVALID_FORMAT`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let colour = text.trim().to_ascii_lowercase();
        if colour.is_empty() {
            return Err(Violation::required());
        }
        let digits = colour.strip_prefix('#').unwrap_or_default();
        if digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            Ok(Self(colour))
        } else {
            Err(Violation::format("must be a colour such as #1a2b3c"))
        }
    }

    /// The colour.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An https URL of at most 2,048 characters, without user information.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HttpsUrl(String);

impl HttpsUrl {
    /// Reads a URL, trimmed.
    ///
    /// # Errors
    /// `REQUIRED_FIELD` when empty, `INVALID_LENGTH`, else `INVALID_URL`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Violation::required());
        }
        if text.chars().count() > 2_048 {
            return Err(Violation::too_long(2_048));
        }
        let refused = || Violation::new(ViolationCode::InvalidUrl, "must be an https URL");
        // The URL parser repairs what browsers repair; here it is refused instead.
        let begins = text
            .get(..8)
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
        if !begins
            || text
                .chars()
                .any(|c| c.is_whitespace() || c.is_control() || c == '\\')
        {
            return Err(refused());
        }
        let url = Url::parse(text).map_err(|_| refused())?;
        let plain = url.scheme() == "https"
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none();
        if plain && url.as_str().len() <= 2_048 {
            Ok(Self(url.into()))
        } else {
            Err(refused())
        }
    }

    /// The URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// As the reader's system has it.
    System,
}

impl Theme {
    /// Every theme.
    pub const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::System];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::System => "system",
        }
    }

    /// Reads a name.
    ///
    /// # Errors
    /// `INVALID_ENUM_VALUE`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        Self::ALL
            .into_iter()
            .find(|theme| theme.as_str() == text)
            .ok_or_else(|| {
                Violation::new(
                    ViolationCode::InvalidEnumValue,
                    "must be one of light, dark, system",
                )
            })
    }
}

/// What is to be changed of a branding: None stays as it is, Some(None) goes (as in RFC 7396, JSON
/// Merge Patch).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "each field is that of a branding")]
pub struct BrandingChange {
    pub logo_url: Option<Option<HttpsUrl>>,
    pub favicon_url: Option<Option<HttpsUrl>>,
    pub company_name: Option<Option<String>>,
    pub industry: Option<Option<String>>,
    pub company_size: Option<Option<String>>,
    pub country: Option<Option<String>>,
    pub primary_color: Option<Option<Colour>>,
    pub secondary_color: Option<Option<Colour>>,
    pub accent_color: Option<Option<Colour>>,
    pub theme: Option<Option<Theme>>,
    pub support_email: Option<Option<EmailAddress>>,
    pub email_from_name: Option<Option<String>>,
}

impl Branding {
    /// The branding with something changed.
    #[must_use]
    pub fn changed(self, change: BrandingChange) -> Self {
        Self {
            logo_url: change.logo_url.unwrap_or(self.logo_url),
            favicon_url: change.favicon_url.unwrap_or(self.favicon_url),
            company_name: change.company_name.unwrap_or(self.company_name),
            industry: change.industry.unwrap_or(self.industry),
            company_size: change.company_size.unwrap_or(self.company_size),
            country: change.country.unwrap_or(self.country),
            primary_color: change.primary_color.unwrap_or(self.primary_color),
            secondary_color: change.secondary_color.unwrap_or(self.secondary_color),
            accent_color: change.accent_color.unwrap_or(self.accent_color),
            theme: change.theme.unwrap_or(self.theme),
            support_email: change.support_email.unwrap_or(self.support_email),
            email_from_name: change.email_from_name.unwrap_or(self.email_from_name),
        }
    }

    /// The names, as on the wire, of what is another in this branding than in that one.
    #[must_use]
    pub fn differing(&self, other: &Self) -> Vec<String> {
        let Self {
            logo_url,
            favicon_url,
            company_name,
            industry,
            company_size,
            country,
            primary_color,
            secondary_color,
            accent_color,
            theme,
            support_email,
            email_from_name,
        } = self;
        let members = [
            ("logoUrl", *logo_url != other.logo_url),
            ("faviconUrl", *favicon_url != other.favicon_url),
            ("companyName", *company_name != other.company_name),
            ("industry", *industry != other.industry),
            ("companySize", *company_size != other.company_size),
            ("country", *country != other.country),
            ("primaryColor", *primary_color != other.primary_color),
            ("secondaryColor", *secondary_color != other.secondary_color),
            ("accentColor", *accent_color != other.accent_color),
            ("theme", *theme != other.theme),
            ("supportEmail", *support_email != other.support_email),
            ("emailFromName", *email_from_name != other.email_from_name),
        ];
        let differing = members.into_iter().filter(|(_, is_another)| *is_another);
        differing.map(|(name, _)| name.to_owned()).collect()
    }

    /// Reads one of the free texts: like a name, 1 to 100 characters.
    ///
    /// # Errors
    /// See [`parse_name`](crate::text::parse_name).
    pub fn parse_text(text: &str) -> Result<String, Violation> {
        crate::text::parse_name(text, 1, 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_and_urls_have_their_forms() {
        assert_eq!(Colour::parse("#1A2b3C").unwrap().as_str(), "#1a2b3c");
        for bad in ["red", "#fff", "#12345g", "1a2b3c"] {
            assert_eq!(
                Colour::parse(bad).unwrap_err().code,
                ViolationCode::InvalidFormat
            );
        }
        assert!(HttpsUrl::parse("https://cdn.example/logo.png").is_ok());
        for bad in [
            "http://x.example",
            "javascript:alert(1)",
            "https://u:p@x.example",
            "x",
            "https:x.example",
            "https://x.example/a b",
            "https:\\\\x.example",
        ] {
            assert_eq!(
                HttpsUrl::parse(bad).unwrap_err().code,
                ViolationCode::InvalidUrl,
                "{bad}"
            );
        }
    }

    #[test]
    fn what_differs_is_named_as_on_the_wire() {
        let text = || Some("x".to_owned());
        let url = || HttpsUrl::parse("https://cdn.example/x").ok();
        let colour = || Colour::parse("#1a2b3c").ok();
        let full = Branding {
            logo_url: url(),
            favicon_url: url(),
            company_name: text(),
            industry: text(),
            company_size: text(),
            country: text(),
            primary_color: colour(),
            secondary_color: colour(),
            accent_color: colour(),
            theme: Some(Theme::Dark),
            support_email: EmailAddress::parse("help@example.com").ok(),
            email_from_name: text(),
        };
        let json = serde_json::to_value(Branding::default()).unwrap();
        let mut names: Vec<&String> = json.as_object().unwrap().keys().collect();
        let mut differing = full.differing(&Branding::default());
        names.sort();
        differing.sort();
        assert_eq!(differing.iter().collect::<Vec<_>>(), names);
        assert_eq!(full.differing(&full), [""; 0]);
        let light = Branding {
            theme: Some(Theme::Light),
            ..full.clone()
        };
        assert_eq!(light.differing(&full), ["theme"]);
    }

    #[test]
    fn a_change_leaves_what_it_does_not_name() {
        let before = Branding {
            company_name: Some("Acme".to_owned()),
            theme: Some(Theme::Dark),
            ..Branding::default()
        };
        let change = BrandingChange {
            theme: Some(None),
            country: Some(Some("France".to_owned())),
            ..BrandingChange::default()
        };
        let after = Branding {
            company_name: Some("Acme".to_owned()),
            country: Some("France".to_owned()),
            ..Branding::default()
        };
        assert_eq!(before.clone().changed(change), after);
        assert_eq!(before.clone().changed(BrandingChange::default()), before);
    }

    #[test]
    fn themes_are_a_closed_set() {
        assert_eq!(Theme::parse("dark"), Ok(Theme::Dark));
        assert_eq!(
            Theme::parse("Dark").unwrap_err().code,
            ViolationCode::InvalidEnumValue
        );
    }
}
