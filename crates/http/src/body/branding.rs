//! The branding of a workspace, as a body holds it.

use kogents_domain::auth::EmailAddress;
use kogents_domain::workspace::{Branding, BrandingChange, Colour, HttpsUrl, Theme};
use serde::Serialize;
use utoipa::ToSchema;

use super::Fields;
use crate::openapi::sets;

/// How a workspace looks: a closed set of optional values.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = BrandingBody)]
pub(crate) struct BrandingBody {
    /// An https URL of a picture; the server never fetches it.
    #[schema(
        format = "uri",
        max_length = 2048,
        example = "https://cdn.example.com/logo.svg"
    )]
    logo_url: Option<String>,
    /// An https URL of an icon; the server never fetches it.
    #[schema(
        format = "uri",
        max_length = 2048,
        example = "https://cdn.example.com/icon.png"
    )]
    favicon_url: Option<String>,
    /// The company's name.
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = r#"^[^<>{}\[\]"\\`]*$"#,
        example = "Acme, Inc."
    )]
    company_name: Option<String>,
    /// Its industry.
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = r#"^[^<>{}\[\]"\\`]*$"#,
        example = "Retail"
    )]
    industry: Option<String>,
    /// Its size, in words or numbers.
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = r#"^[^<>{}\[\]"\\`]*$"#,
        example = "11-50"
    )]
    company_size: Option<String>,
    /// Its country, in words.
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = r#"^[^<>{}\[\]"\\`]*$"#,
        example = "Germany"
    )]
    country: Option<String>,
    /// The main colour.
    #[schema(pattern = "^#[0-9A-Fa-f]{6}$", example = "#1a2b3c")]
    primary_color: Option<String>,
    /// The second colour.
    #[schema(pattern = "^#[0-9A-Fa-f]{6}$", example = "#ffffff")]
    secondary_color: Option<String>,
    /// The colour of what stands out.
    #[schema(pattern = "^#[0-9A-Fa-f]{6}$", example = "#ff6600")]
    accent_color: Option<String>,
    /// Light, dark, or as the reader's system has it.
    #[schema(value_type = Option<sets::Theme>)]
    theme: Option<&'static str>,
    /// Where the workspace's customers may write to.
    #[schema(format = "email", max_length = 254, example = "help@example.com")]
    support_email: Option<String>,
    /// The sender's name in the workspace's mails.
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = r#"^[^<>{}\[\]"\\`]*$"#,
        example = "Acme Support"
    )]
    email_from_name: Option<String>,
}

/// Reads the member `branding`; without one there is no branding.
pub(crate) fn read_branding(fields: &mut Fields<'_>) -> Option<Branding> {
    let branding = fields.object("branding", |fields| {
        let logo_url = fields.optional("logoUrl", HttpsUrl::parse);
        let favicon_url = fields.optional("faviconUrl", HttpsUrl::parse);
        let company_name = fields.optional("companyName", Branding::parse_text);
        let industry = fields.optional("industry", Branding::parse_text);
        let company_size = fields.optional("companySize", Branding::parse_text);
        let country = fields.optional("country", Branding::parse_text);
        let primary_color = fields.optional("primaryColor", Colour::parse);
        let secondary_color = fields.optional("secondaryColor", Colour::parse);
        let accent_color = fields.optional("accentColor", Colour::parse);
        let theme = fields.optional("theme", Theme::parse);
        let support_email = fields.optional("supportEmail", EmailAddress::parse);
        let email_from_name = fields.optional("emailFromName", Branding::parse_text);
        Some(Branding {
            logo_url: logo_url?,
            favicon_url: favicon_url?,
            company_name: company_name?,
            industry: industry?,
            company_size: company_size?,
            country: country?,
            primary_color: primary_color?,
            secondary_color: secondary_color?,
            accent_color: accent_color?,
            theme: theme?,
            support_email: support_email?,
            email_from_name: email_from_name?,
        })
    })?;
    Some(branding.unwrap_or_default())
}

/// Reads the member `branding` as a change of what there is: what is absent in it stays, `null`
/// removes; `null` in its place removes all.
pub(crate) fn read_branding_change(
    fields: &mut Fields<'_>,
) -> Option<Option<Option<BrandingChange>>> {
    if fields.is_null("branding") {
        fields.skip("branding");
        return Some(Some(None));
    }
    let change = fields.object("branding", |fields| {
        let logo_url = fields.clearable("logoUrl", HttpsUrl::parse);
        let favicon_url = fields.clearable("faviconUrl", HttpsUrl::parse);
        let company_name = fields.clearable("companyName", Branding::parse_text);
        let industry = fields.clearable("industry", Branding::parse_text);
        let company_size = fields.clearable("companySize", Branding::parse_text);
        let country = fields.clearable("country", Branding::parse_text);
        let primary_color = fields.clearable("primaryColor", Colour::parse);
        let secondary_color = fields.clearable("secondaryColor", Colour::parse);
        let accent_color = fields.clearable("accentColor", Colour::parse);
        let theme = fields.clearable("theme", Theme::parse);
        let support_email = fields.clearable("supportEmail", EmailAddress::parse);
        let email_from_name = fields.clearable("emailFromName", Branding::parse_text);
        Some(BrandingChange {
            logo_url: logo_url?,
            favicon_url: favicon_url?,
            company_name: company_name?,
            industry: industry?,
            company_size: company_size?,
            country: country?,
            primary_color: primary_color?,
            secondary_color: secondary_color?,
            accent_color: accent_color?,
            theme: theme?,
            support_email: support_email?,
            email_from_name: email_from_name?,
        })
    })?;
    Some(change.map(Some))
}
