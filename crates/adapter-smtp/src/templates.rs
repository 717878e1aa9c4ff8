//! Rendering: templates with the layout, the texts of a language, and the configured links.

mod catalogue;
mod parameters;

use kogents_domain::auth::{EmailAddress, Language};
use kogents_domain::ids::MailId;
use kogents_domain::mail::{MailMessage, MailRenderer, MailerError, OutgoingMail};
use kogents_domain::secret::SecretText;
use kogents_domain::signup::OtpCode;
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior, context};

use crate::line::one_line;
use catalogue::Catalogues;

/// The longest subject, in characters.
const MAX_SUBJECT: usize = 150;

/// Where mails may link to. Nothing of a request goes into a link.
#[derive(Debug, Clone)]
pub struct Links {
    /// `PUBLIC_URL`.
    pub public_url: String,
    /// `DASHBOARD_URL`: people are sent there instead, if there is one.
    pub dashboard_url: Option<String>,
}

impl Links {
    fn base(&self) -> String {
        let base = self.dashboard_url.as_ref().unwrap_or(&self.public_url);
        base.trim_end_matches('/').to_owned()
    }
}

/// The templates or texts that are built in cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the mail templates are broken: {0}")]
pub struct BrokenTemplates(String);

impl From<minijinja::Error> for BrokenTemplates {
    fn from(error: minijinja::Error) -> Self {
        Self(format!("{error:#}"))
    }
}

/// Renders the messages from the templates built into the program, as text and as HTML, in which
/// every value is escaped.
pub struct Templates {
    bodies: Environment<'static>,
    catalogues: Catalogues,
    base_url: String,
}

macro_rules! template {
    ($name:literal) => {
        ($name, include_str!(concat!("../templates/", $name)))
    };
}

const FILES: [(&str, &str); 10] = [
    template!("layout.txt"),
    template!("layout.html"),
    template!("verification_code.txt"),
    template!("verification_code.html"),
    template!("account_exists.txt"),
    template!("account_exists.html"),
    template!("welcome.txt"),
    template!("welcome.html"),
    template!("refresh_token_reused.txt"),
    template!("refresh_token_reused.html"),
];

impl Templates {
    /// Reads the templates and texts.
    ///
    /// # Errors
    /// [`BrokenTemplates`] when one of those built in is malformed.
    pub fn new(links: &Links) -> Result<Self, BrokenTemplates> {
        let mut bodies = Environment::new();
        bodies.set_undefined_behavior(UndefinedBehavior::Strict);
        bodies.set_syntax(
            SyntaxConfig::builder()
                .trim_blocks(true)
                .lstrip_blocks(true)
                .build()?,
        );
        for (name, source) in FILES {
            bodies.add_template(name, source)?;
        }
        Ok(Self {
            bodies,
            catalogues: Catalogues::read()?,
            base_url: links.base(),
        })
    }

    fn try_render(
        &self,
        id: MailId,
        to: &EmailAddress,
        language: &Language,
        message: &MailMessage,
    ) -> Result<OutgoingMail, minijinja::Error> {
        let template = message.template();
        let parameters = parameters::of(message);
        // The texts, and among them the subject, are rendered before the code is known.
        let texts = self.catalogues.nearest(language);
        let t = texts.render(template, &parameters)?;
        let subject = t
            .get("subject")
            .map(|subject| one_line(subject, MAX_SUBJECT))
            .unwrap_or_default();
        let code = code_of(message);
        let context = context! {
            t,
            language => texts.language(),
            base_url => self.base_url.as_str(),
            code => code.as_ref().map(OtpCode::expose),
            ..parameters
        };
        let body = |extension: &str| {
            self.bodies
                .get_template(&format!("{}.{extension}", template.as_str()))?
                .render(context.clone())
        };
        Ok(OutgoingMail {
            id,
            to: to.clone(),
            template,
            subject,
            text: SecretText::new(body("txt")? + "\n"),
            html: SecretText::new(body("html")? + "\n"),
            otp: code,
        })
    }
}

impl std::fmt::Debug for Templates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Templates")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

impl MailRenderer for Templates {
    fn render(
        &self,
        id: MailId,
        to: &EmailAddress,
        language: &Language,
        message: &MailMessage,
    ) -> Result<OutgoingMail, MailerError> {
        self.try_render(id, to, language, message).map_err(|error| {
            // The kind and place only: the rest of the error could quote a parameter.
            MailerError::Permanent(format!(
                "template {} line {}: {}",
                error.name().unwrap_or(message.template().as_str()),
                error.line().unwrap_or_default(),
                error.kind()
            ))
        })
    }
}

fn code_of(message: &MailMessage) -> Option<OtpCode> {
    match message {
        MailMessage::VerificationCode { code, .. } => Some(code.clone()),
        MailMessage::AccountExists { .. }
        | MailMessage::Welcome { .. }
        | MailMessage::RefreshTokenReused { .. } => None,
    }
}

#[cfg(test)]
mod tests;
