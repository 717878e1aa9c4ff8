//! The request bodies of signing in, refreshing and signing out.

use kogents_domain::auth::{EmailAddress, EnteredPassword};
use kogents_domain::secret::SecretText;
use kogents_domain::session::Analytics;
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::{Body, read_analytics, with_analytics};
use crate::problem::Problem;

with_analytics! {
    /// Who signs in.
    struct LogInBody {
        /// The address, in any case.
        #[schema(format = "email", max_length = 254, example = "ada@example.com")]
        email: String,
        /// The password; at most 1,024 bytes.
        #[schema(format = "password", min_length = 1, max_length = 1024, example = "SecurePassword123!")]
        password: String,
    }
}

/// What a sign-in tells.
#[derive(Debug)]
pub(crate) struct LogInInput {
    pub(crate) email: EmailAddress,
    pub(crate) password: EnteredPassword,
    pub(crate) analytics: Analytics,
}

impl LogInBody {
    /// Reads the body.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(crate) fn read(body: &Body) -> Result<LogInInput, Problem> {
        body.parse(|fields| {
            let email = fields.required("email", EmailAddress::parse);
            let password = fields.required("password", EnteredPassword::parse);
            let analytics = read_analytics(fields);
            Some(LogInInput {
                email: email?,
                password: password?,
                analytics: analytics?,
            })
        })
    }
}

/// The refresh token of a client that cannot hold cookies, taken with `X-Client-Type: native`
/// only. Other clients send nothing, or `{}`.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefreshTokenBody {
    /// The refresh token.
    #[schema(example = "eyJhbGciOiJIUzI1NiIsInR5cCI6InJlZnJlc2grand0In0.e30.c2lnbmF0dXJl")]
    refresh_token: Option<String>,
}

impl RefreshTokenBody {
    /// Reads the body of a native client, or makes sure that another one's is empty.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(crate) fn read(body: &Body, native: bool) -> Result<Option<SecretText>, Problem> {
        body.parse(|fields| {
            if native {
                fields.optional("refresh_token", |text| Ok(SecretText::new(text)))
            } else {
                Some(None)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use kogents_domain::violation::ViolationCode;

    use super::*;

    fn body(text: &str) -> Body {
        Body::from_bytes(text.as_bytes()).unwrap()
    }

    #[test]
    fn a_sign_in_is_read_whole() {
        let input = LogInBody::read(&body(
            r#"{"email":" Ada@Example.com","password":" x ","clickIds":{"gclid":"abc","foo":"y"}}"#,
        ))
        .unwrap();
        assert_eq!(input.email.normalised(), "ada@example.com");
        assert_eq!(input.password.secret().expose(), " x ");
        assert_eq!(input.analytics.click_ids.iter().count(), 1);
    }

    #[test]
    fn a_refresh_token_is_for_native_clients() {
        let with_token = body(r#"{"refresh_token":"abc"}"#);
        let token = RefreshTokenBody::read(&with_token, true).unwrap();
        assert_eq!(token, Some(SecretText::new("abc")));
        let problem = RefreshTokenBody::read(&with_token, false).unwrap_err();
        assert_eq!(
            problem.errors.first().map(|error| error.violation.code),
            Some(ViolationCode::UnknownField)
        );
        assert_eq!(RefreshTokenBody::read(&body("{}"), true), Ok(None));
        assert_eq!(RefreshTokenBody::read(&Body::empty(), false), Ok(None));
    }
}
