//! The request bodies of the signup: their schemas and their readers.

use kogents_domain::auth::{EmailAddress, Language, NewPassword, PersonName};
use kogents_domain::limits::LimitLedger;
use kogents_domain::session::Analytics;
use kogents_domain::signup::{OtpCode, SignupToken, WorkspaceDraft};
use kogents_domain::workspace::{Slug, WorkspaceName};
use kogents_usecases::signup::{ChooseWorkspaceCommand, SignUp, SignUpCommand};
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::{Body, BrandingBody, Fields, read_analytics, read_branding, with_analytics};
use crate::problem::{FieldError, Problem};

with_analytics! {
    /// Who signs up.
    struct SignUpBody {
        /// The person's name, in any script.
        #[schema(min_length = 1, max_length = 100, pattern = r#"^[^<>{}\[\]"\\`]*$"#, example = "Ada Lovelace")]
        name: String,
        /// The address, to be proven by a code.
        #[schema(format = "email", max_length = 254, example = "ada@example.com")]
        email: String,
        /// The password to choose: any characters, hard to guess, also by who knows name and
        /// address.
        #[schema(format = "password", min_length = 8, max_length = 128, example = "SecurePassword123!")]
        password: String,
    }
}

/// A signup's body, read as far as it goes: the strength of the password is still to be asked
/// for, whatever else is wrong.
#[derive(Debug)]
pub(crate) struct ReadSignUp {
    name: Option<PersonName>,
    email: Option<EmailAddress>,
    password: Option<NewPassword>,
    analytics: Option<Analytics>,
    errors: Vec<FieldError>,
    /// Where among the errors one about the password belongs.
    password_place: usize,
}

impl SignUpBody {
    /// Reads the body.
    pub(crate) fn read(body: &Body) -> ReadSignUp {
        let (mut read, errors) = body.parse_partly(|fields| {
            let name = fields.required("name", PersonName::parse);
            let email = fields.required("email", EmailAddress::parse);
            let password = fields.required("password", NewPassword::parse);
            ReadSignUp {
                name,
                email,
                password,
                errors: Vec::new(),
                password_place: fields.violations(),
                analytics: read_analytics(fields),
            }
        });
        read.errors = errors;
        read
    }
}

impl ReadSignUp {
    /// The password, when it is one, with the words that it must not be guessed from: ask for its
    /// strength.
    pub(crate) fn password(&self) -> Option<(NewPassword, Vec<String>)> {
        let password = self.password.clone()?;
        let context = SignUp::password_context(self.email.as_ref(), self.name.as_ref());
        Some((password, context))
    }

    /// Whether anything is wrong so far.
    pub(crate) const fn has_violations(&self) -> bool {
        !self.errors.is_empty()
    }

    /// The command, or everything that is wrong, a weak password among it.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(crate) fn finish(
        mut self,
        password_is_weak: bool,
        language: Language,
        ledger: LimitLedger,
    ) -> Result<SignUpCommand, Problem> {
        if password_is_weak {
            self.errors
                .insert(self.password_place, FieldError::weak_password("password"));
        }
        match (self.name, self.email, self.password, self.analytics) {
            (Some(name), Some(email), Some(password), Some(analytics))
                if self.errors.is_empty() =>
            {
                Ok(SignUpCommand {
                    email,
                    name,
                    password,
                    analytics,
                    language,
                    ledger,
                })
            }
            _ => Err(Problem::validation(self.errors)),
        }
    }
}

/// A workspace that is to be made, with a signup or for who is signed in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct WorkspaceBody {
    /// The signup's secret, as `POST /auth/signup` gave it; absent: a further workspace of who is
    /// signed in.
    #[schema(
        min_length = 1,
        max_length = 128,
        example = "sgn_mDdGIB8TtA0S3mYhGzVQW5y0r3PcGq9i1bKxJ7nUe4c"
    )]
    session_id: Option<String>,
    /// The workspace's name, in any script.
    #[schema(
        min_length = 2,
        max_length = 100,
        pattern = r#"^[^<>{}\[\]"\\`]*$"#,
        example = "Acme"
    )]
    name: String,
    /// Its name in addresses: letters, digits and single hyphens between them.
    #[schema(
        min_length = 3,
        max_length = 50,
        pattern = "^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])$",
        example = "acme"
    )]
    slug: String,
    branding: Option<BrandingBody>,
}

impl WorkspaceBody {
    /// Whether the body names a signup.
    pub(crate) fn is_of_a_signup(body: &Body) -> bool {
        body.has("sessionId")
    }

    /// Reads the body of a further workspace.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(crate) fn read_further(body: &Body) -> Result<WorkspaceDraft, Problem> {
        body.parse(|fields| {
            fields.skip("sessionId");
            draft(fields)
        })
    }

    /// Reads the body of a signup.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(crate) fn read(
        body: &Body,
        ledger: LimitLedger,
    ) -> Result<ChooseWorkspaceCommand, Problem> {
        body.parse(|fields| {
            let token = fields.required("sessionId", SignupToken::parse);
            let workspace = draft(fields);
            Some(ChooseWorkspaceCommand {
                token: token?,
                workspace: workspace?,
                ledger,
            })
        })
    }
}

fn draft(fields: &mut Fields<'_>) -> Option<WorkspaceDraft> {
    let name = fields.required("name", WorkspaceName::parse);
    let slug = fields.required("slug", Slug::parse);
    let branding = read_branding(fields);
    Some(WorkspaceDraft {
        name: name?,
        slug: slug?,
        branding: branding?,
    })
}

/// Which signup is meant.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SignupReferenceBody {
    /// The signup's secret, as `POST /auth/signup` gave it.
    #[schema(
        min_length = 1,
        max_length = 128,
        example = "sgn_mDdGIB8TtA0S3mYhGzVQW5y0r3PcGq9i1bKxJ7nUe4c"
    )]
    session_id: String,
}

impl SignupReferenceBody {
    /// Reads the body.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(crate) fn read(body: &Body) -> Result<SignupToken, Problem> {
        body.parse(|fields| fields.required("sessionId", SignupToken::parse))
    }
}

/// A code and the signup it was mailed for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ConfirmCodeBody {
    /// The signup's secret, as `POST /auth/signup` gave it.
    #[schema(
        min_length = 1,
        max_length = 128,
        example = "sgn_mDdGIB8TtA0S3mYhGzVQW5y0r3PcGq9i1bKxJ7nUe4c"
    )]
    session_id: String,
    /// The six digits that were mailed.
    #[schema(pattern = r"^\d{6}$", example = "042137")]
    code: String,
}

impl ConfirmCodeBody {
    /// Reads the body.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(crate) fn read(body: &Body) -> Result<(SignupToken, OtpCode), Problem> {
        body.parse(|fields| {
            let token = fields.required("sessionId", SignupToken::parse);
            let code = fields.required("code", OtpCode::parse);
            Some((token?, code?))
        })
    }
}

#[cfg(test)]
mod tests {
    use kogents_domain::violation::ViolationCode;

    use super::*;
    use crate::problem::Code;

    fn body(text: &str) -> Body {
        Body::from_bytes(text.as_bytes()).unwrap()
    }

    fn errors(problem: &Problem) -> Vec<(&str, ViolationCode)> {
        problem
            .errors
            .iter()
            .map(|error| (error.field.as_str(), error.violation.code))
            .collect()
    }

    #[test]
    fn a_weak_password_is_named_among_everything_else_that_is_wrong() {
        let read = SignUpBody::read(&body(
            r#"{"name":"Ada","email":"nobody","password":"Password1","countryCode":"XX","x":1}"#,
        ));
        assert!(read.has_violations());
        let (password, context) = read.password().unwrap();
        assert_eq!(password.secret().expose(), "Password1");
        assert_eq!(context, ["Ada"]);
        let problem = read
            .finish(true, Language::english(), LimitLedger::default())
            .unwrap_err();
        assert_eq!(
            errors(&problem),
            [
                ("email", ViolationCode::InvalidEmail),
                ("password", ViolationCode::WeakPassword),
                ("countryCode", ViolationCode::InvalidFormat),
                ("x", ViolationCode::UnknownField),
            ]
        );
        assert_eq!(problem.detail.as_deref(), Some("4 fields are invalid."));
    }

    #[test]
    fn a_whole_signup_becomes_a_command() {
        let read = SignUpBody::read(&body(
            r#"{"name":" Ada ","email":"ada@example.com","password":"SecurePassword123!",
                "latitude":52.5,"longitude":13,"utmSource":" x ","referrerUrl":null}"#,
        ));
        assert!(!read.has_violations());
        let command = read
            .finish(false, Language::english(), LimitLedger::default())
            .unwrap();
        assert_eq!(command.name.as_str(), "Ada");
        assert_eq!(command.analytics.utm_source.as_deref(), Some("x"));
        assert!(command.analytics.coordinate.is_some());
    }

    #[test]
    fn a_password_that_is_none_is_not_judged() {
        let read = SignUpBody::read(&body(r#"{"password":"short"}"#));
        assert!(read.password().is_none());
        let problem = read
            .finish(false, Language::english(), LimitLedger::default())
            .unwrap_err();
        assert_eq!(
            errors(&problem),
            [
                ("name", ViolationCode::RequiredField),
                ("email", ViolationCode::RequiredField),
                ("password", ViolationCode::InvalidLength),
            ]
        );
    }

    #[test]
    fn branding_is_closed_and_its_violations_have_paths() {
        let problem = WorkspaceBody::read(
            &body(
                r##"{"sessionId":"sgn_x","name":"Acme","slug":"acme",
                "branding":{"primaryColor":"red","theme":"dark","css":"x","logoUrl":7}}"##,
            ),
            LimitLedger::default(),
        )
        .unwrap_err();
        assert_eq!(
            errors(&problem),
            [
                ("branding.logoUrl", ViolationCode::InvalidType),
                ("branding.primaryColor", ViolationCode::InvalidFormat),
                ("branding.css", ViolationCode::UnknownField),
            ]
        );
        let command = WorkspaceBody::read(
            &body(r#"{"sessionId":"sgn_x","name":"Acme","slug":"Acme","branding":null}"#),
            LimitLedger::default(),
        )
        .unwrap();
        assert_eq!(command.workspace.slug.as_str(), "acme");
    }

    #[test]
    fn a_code_of_another_form_is_a_violation_and_no_guess() {
        let problem =
            ConfirmCodeBody::read(&body(r#"{"sessionId":"sgn_x","code":"12345"}"#)).unwrap_err();
        assert_eq!(problem.code, Code::ValidationFailed);
        assert_eq!(errors(&problem), [("code", ViolationCode::InvalidFormat)]);
        let problem =
            ConfirmCodeBody::read(&body(r#"{"sessionId":"sgn_x","code":123456}"#)).unwrap_err();
        assert_eq!(errors(&problem), [("code", ViolationCode::InvalidType)]);
        assert!(SignupReferenceBody::read(&body(r#"{"sessionId":"anything"}"#)).is_ok());
    }
}
