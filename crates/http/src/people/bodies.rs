//! The request bodies of members and invitations.

use kogents_domain::access::RoleName;
use kogents_domain::auth::{EmailAddress, EnteredPassword, PersonName, PhoneNumber};
use kogents_domain::mail::MailedToken;
use kogents_domain::violation::{Violation, ViolationCode};
use kogents_domain::workspace::MembershipStatus;
use kogents_usecases::workspace::OwnValues;
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::Body;
use crate::openapi::sets;
use crate::problem::Problem;

/// Whom to invite.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InvitePersonBody {
    /// The name, in any script.
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = r#"^[^<>{}\[\]"\\`]*$"#,
        example = "Grace Hopper"
    )]
    name: String,
    /// The address to mail.
    #[schema(format = "email", max_length = 254, example = "grace@example.com")]
    email: String,
    /// The name of the role to give.
    #[schema(
        min_length = 2,
        max_length = 50,
        pattern = r#"^[^<>{}\[\]"\\`]*$"#,
        example = "agent"
    )]
    role_name: String,
    /// The telephone number, in the international form; null or empty for none.
    #[schema(pattern = r"^(\+[1-9][0-9]{1,14})?$", example = "+4930123456")]
    phone: Option<String>,
    /// Any text. It is passed over: who is invited is pending.
    #[schema(example = "PENDING")]
    status: Option<String>,
    /// Any text. It is passed over: who accepts chooses a password themselves.
    #[schema(format = "password", example = "")]
    password: Option<String>,
}

/// What a body says of whom to invite.
#[derive(Debug)]
pub(crate) struct InvitePersonInput {
    pub(crate) name: PersonName,
    pub(crate) email: EmailAddress,
    pub(crate) role_name: RoleName,
    pub(crate) phone: Option<PhoneNumber>,
}

impl InvitePersonBody {
    /// Reads the body.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(crate) fn read(body: &Body) -> Result<InvitePersonInput, Problem> {
        body.parse(|fields| {
            let name = fields.required("name", PersonName::parse);
            let email = fields.required("email", EmailAddress::parse);
            let role_name = fields.required("role_name", RoleName::parse);
            let phone = fields.optional("phone", phone_number);
            // Neither is kept, not even for a moment.
            let status = fields.optional("status", |_| Ok(()));
            let password = fields.optional("password", |_| Ok(()));
            status?;
            password?;
            Some(InvitePersonInput {
                name: name?,
                email: email?,
                role_name: role_name?,
                phone: phone?.flatten(),
            })
        })
    }
}

/// What somebody is to be; what is absent stays.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangePersonBody {
    /// The name, as it is: only the person changes it.
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = r#"^[^<>{}\[\]"\\`]*$"#,
        example = "Grace Hopper"
    )]
    name: Option<String>,
    /// The telephone number, as it is: only the person changes it. null or empty for none.
    #[schema(pattern = r"^(\+[1-9][0-9]{1,14})?$", example = "+4930123456")]
    phone: Option<String>,
    /// The name of the role to give.
    #[schema(
        min_length = 2,
        max_length = 50,
        pattern = r#"^[^<>{}\[\]"\\`]*$"#,
        example = "agent"
    )]
    role_name: Option<String>,
    /// Of the membership. A member is never `PENDING`, and who is invited is nothing else.
    #[schema(value_type = Option<sets::MembershipStatus>)]
    status: Option<String>,
    /// The address, as it is: only the person changes it.
    #[schema(format = "email", max_length = 254, example = "grace@example.com")]
    email: Option<String>,
    /// Empty: only the person changes it.
    #[schema(format = "password", example = "")]
    password: Option<String>,
}

/// What a body says of a person.
#[derive(Debug)]
pub(crate) struct ChangePersonInput {
    pub(crate) role_name: Option<RoleName>,
    pub(crate) status: Option<MembershipStatus>,
    pub(crate) own: OwnValues,
}

impl ChangePersonBody {
    /// Reads the body.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(crate) fn read(body: &Body) -> Result<ChangePersonInput, Problem> {
        body.parse(|fields| {
            let name = fields.optional("name", PersonName::parse);
            let phone = fields.clearable("phone", phone_number);
            let role_name = fields.optional("role_name", RoleName::parse);
            let status = fields.optional("status", parse_status);
            let email = fields.optional("email", EmailAddress::parse);
            let password = fields.optional("password", |text| Ok(!text.is_empty()));
            let own = OwnValues {
                name: name?,
                phone: phone?.map(Option::flatten),
                email: email?,
                has_password: password? == Some(true),
            };
            Some(ChangePersonInput {
                role_name: role_name?,
                status: status?,
                own,
            })
        })
    }
}

/// Reads a status.
///
/// # Errors
/// `INVALID_ENUM_VALUE`.
pub(super) fn parse_status(text: &str) -> Result<MembershipStatus, Violation> {
    MembershipStatus::from_name(text).ok_or_else(|| {
        let names = MembershipStatus::ALL.map(MembershipStatus::as_str);
        let message = format!("must be one of {}", names.join(", "));
        Violation::new(ViolationCode::InvalidEnumValue, message)
    })
}

/// A mailed token, and what shows that its bearer may act for the address.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptInvitationBody {
    /// What the mailed link carries.
    #[schema(
        min_length = 1,
        max_length = 128,
        example = "kgm_mDdGIB8TtA0S3mYhGzVQW5y0r3PcGq9i1bKxJ7nUe4c"
    )]
    token: String,
    /// The name of whoever has no account yet.
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = r#"^[^<>{}\[\]"\\`]*$"#,
        example = "Grace Hopper"
    )]
    name: Option<String>,
    /// The account's password, or the one that it is to have: at least 8 characters, at most 128,
    /// and not easily guessed. At most 1,024 bytes.
    #[schema(
        format = "password",
        min_length = 1,
        max_length = 1024,
        example = "SecurePassword123!"
    )]
    password: Option<String>,
}

/// What a body says of who accepts.
#[derive(Debug)]
pub(crate) struct AcceptInvitationInput {
    pub(crate) token: MailedToken,
    pub(crate) name: Option<PersonName>,
    pub(crate) password: Option<EnteredPassword>,
}

impl AcceptInvitationBody {
    /// Reads the body. Whether name and password are needed is told later, because that depends on
    /// whose address it is.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(crate) fn read(body: &Body) -> Result<AcceptInvitationInput, Problem> {
        body.parse(|fields| {
            let token = fields.required("token", MailedToken::parse);
            let name = fields.optional("name", PersonName::parse);
            let password = fields.optional("password", EnteredPassword::parse);
            Some(AcceptInvitationInput {
                token: token?,
                name: name?,
                password: password?,
            })
        })
    }
}

/// A telephone number, or an empty text in place of none, as forms send it.
pub(crate) fn phone_number(text: &str) -> Result<Option<PhoneNumber>, Violation> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    PhoneNumber::parse(text).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> Body {
        Body::from_bytes(text.as_bytes()).unwrap()
    }

    #[test]
    fn status_and_password_of_whom_to_invite_are_any_text() {
        let text = r#"{"name":" Grace ","email":"Grace@Example.com","role_name":"agent",
            "phone":"+4930123456","status":"nonsense","password":""}"#;
        let input = InvitePersonBody::read(&body(text)).unwrap();
        assert_eq!(input.name.as_str(), "Grace");
        assert_eq!(input.email.normalised(), "grace@example.com");
        assert_eq!(input.role_name.as_str(), "agent");
        assert_eq!(input.phone.unwrap().as_str(), "+4930123456");
    }

    #[test]
    fn what_is_to_stay_is_absent_and_a_telephone_number_may_be_none() {
        let input = ChangePersonBody::read(&body("{}")).unwrap();
        assert_eq!((input.role_name, input.status), (None, None));
        assert_eq!((input.own.name, input.own.phone), (None, None));
        assert!(!input.own.has_password);
        let text = r#"{"name":null,"phone":null,"role_name":null,"status":null,"email":null,
            "password":null}"#;
        let input = ChangePersonBody::read(&body(text)).unwrap();
        assert_eq!((input.role_name, input.status), (None, None));
        assert_eq!((input.own.name, input.own.phone), (None, Some(None)));
    }

    #[test]
    fn an_empty_password_is_none() {
        for (password, has_password) in [("", false), (" ", true), ("x", true)] {
            let text = format!(r#"{{"password":"{password}","status":"INACTIVE"}}"#);
            let input = ChangePersonBody::read(&body(&text)).unwrap();
            assert_eq!(input.own.has_password, has_password, "{password:?}");
            assert_eq!(input.status, Some(MembershipStatus::Inactive));
        }
    }
}
