//! How a workspace looks, as the client sees it.

use kogents_domain::workspace::{Branding, Colour, HttpsUrl, Theme};
use serde::Serialize;
use utoipa::ToSchema;

use crate::openapi::sets;

/// How a workspace looks. Only what was chosen is there.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BrandingView {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "uri")]
    logo_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "uri")]
    favicon_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    company_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    industry: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    company_size: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    country: Option<String>,
    /// `#rrggbb`, in lower case.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "#1a2b3c")]
    primary_color: Option<String>,
    /// `#rrggbb`, in lower case.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "#ffffff")]
    secondary_color: Option<String>,
    /// `#rrggbb`, in lower case.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "#ff6600")]
    accent_color: Option<String>,
    /// Light, dark, or as the reader's system has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<sets::Theme>)]
    theme: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "email")]
    support_email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    email_from_name: Option<String>,
}

impl From<&Branding> for BrandingView {
    fn from(branding: &Branding) -> Self {
        let url = |url: &Option<HttpsUrl>| url.as_ref().map(|url| url.as_str().to_owned());
        let colour = |colour: &Option<Colour>| colour.as_ref().map(|c| c.as_str().to_owned());
        Self {
            logo_url: url(&branding.logo_url),
            favicon_url: url(&branding.favicon_url),
            company_name: branding.company_name.clone(),
            industry: branding.industry.clone(),
            company_size: branding.company_size.clone(),
            country: branding.country.clone(),
            primary_color: colour(&branding.primary_color),
            secondary_color: colour(&branding.secondary_color),
            accent_color: colour(&branding.accent_color),
            theme: branding.theme.map(Theme::as_str),
            support_email: branding
                .support_email
                .as_ref()
                .map(|email| email.as_given().to_owned()),
            email_from_name: branding.email_from_name.clone(),
        }
    }
}
