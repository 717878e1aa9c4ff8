//! Rendering: templates with the layout, the texts of a language, the looks of a workspace, and the
//! configured links.

mod brand;
mod catalogue;
mod catalogues;
mod files;
mod links;
mod look;
mod parameters;
mod secret;

use kogents_domain::auth::{EmailAddress, Language};
use kogents_domain::ids::MailId;
use kogents_domain::mail::{Letter, MailRenderer, MailerError, OutgoingMail};
use kogents_domain::secret::SecretText;
use kogents_domain::signup::OtpCode;
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior, context};

use crate::line::one_line;
use catalogues::Catalogues;
pub use links::Links;
use secret::Secret;

/// The longest subject, in characters.
const MAX_SUBJECT: usize = 150;

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
/// every value is escaped. Nothing in them is loaded from anywhere.
pub struct Templates {
    bodies: Environment<'static>,
    catalogues: Catalogues,
    base_url: String,
}

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
        for (name, source) in files::FILES {
            bodies.add_template(name, source)?;
        }
        Ok(Self {
            bodies,
            catalogues: Catalogues::read()?,
            base_url: links.base().to_owned(),
        })
    }

    fn try_render(
        &self,
        id: MailId,
        to: &EmailAddress,
        language: &Language,
        letter: &Letter,
    ) -> Result<OutgoingMail, minijinja::Error> {
        let template = letter.message.template();
        let brand = letter.brand.as_ref();
        let known = context! { ..parameters::of(&letter.message), ..brand::of(brand) };
        // The texts, and among them the subject, are rendered before the secret is known.
        let texts = self.catalogues.nearest(language, template);
        let t = texts.render(template, &known)?;
        let subject = t
            .get("subject")
            .map(|subject| one_line(subject, MAX_SUBJECT))
            .unwrap_or_default();
        let secret = Secret::of(&letter.message, &self.base_url);
        let context = context! {
            t,
            language => texts.language(),
            base_url => self.base_url.as_str(),
            code => secret.code().map(OtpCode::expose),
            link => secret.link(),
            ..known
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
            from_name: brand::from_name(brand),
            send_before: None,
            subject,
            text: SecretText::new(body("txt")?.trim_end().to_owned() + "\n"),
            html: SecretText::new(body("html")?.trim_end().to_owned() + "\n"),
            otp: secret.code().cloned(),
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
        letter: &Letter,
    ) -> Result<OutgoingMail, MailerError> {
        self.try_render(id, to, language, letter).map_err(|error| {
            // The kind and place only: the rest of the error could quote a parameter.
            MailerError::Permanent(format!(
                "template {} line {}: {}",
                error.name().unwrap_or(letter.message.template().as_str()),
                error.line().unwrap_or_default(),
                error.kind()
            ))
        })
    }
}

#[cfg(test)]
mod tests;
