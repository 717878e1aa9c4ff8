//! The request body of changing one's profile.

use kogents_domain::auth::{
    EmailAddress, EnteredPassword, Language, NewPassword, PersonName, ProfileChange,
};
use kogents_domain::limits::LimitLedger;
use kogents_domain::workspace::HttpsUrl;
use kogents_usecases::auth::{Caller, UpdateProfileCommand};
use kogents_usecases::signup::SignUp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::{Body, read_current_password};
use crate::people::phone_number;
use crate::problem::{FieldError, Problem};

/// What the caller wants changed of their profile; what is absent, or equal to what there is,
/// stays.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct UpdateProfileBody {
    /// The name, in any script.
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = r#"^[^<>{}\[\]"\\`]*$"#,
        example = "Ada Lovelace"
    )]
    name: Option<String>,
    /// The telephone number, in the international form; null or empty for none.
    #[schema(pattern = r"^(\+[1-9][0-9]{1,14})?$", example = "+4930123456")]
    phone: Option<String>,
    /// An https URL of a picture; the server never fetches it. null for none.
    #[schema(
        format = "uri",
        max_length = 2048,
        example = "https://cdn.example.com/ada.png"
    )]
    avatar_url: Option<String>,
    /// The language of mails to the person (BCP 47); null: the workspace's, else the request's.
    #[schema(max_length = 35, example = "de-DE")]
    language: Option<String>,
    /// Whether a sign-in on a new device is mailed.
    #[schema(example = true)]
    new_device_mail: Option<bool>,
    /// The address to have. A new one needs `currentPassword`, and is the account's when its own
    /// mailbox has confirmed it.
    #[schema(format = "email", max_length = 254, example = "ada@example.com")]
    email: Option<String>,
    /// The password to have: any characters, hard to guess, also by who knows name and address. A
    /// new one needs `currentPassword`, and ends the other sessions.
    #[schema(
        format = "password",
        min_length = 8,
        max_length = 128,
        example = "SecurePassword123!"
    )]
    password: Option<String>,
    /// The password that the account has; a missing one is answered like a wrong one.
    #[schema(format = "password", max_length = 1024, example = "SecurePassword123!")]
    current_password: Option<String>,
}

/// A profile's body, read as far as it goes: the strength of the password is still to be asked for,
/// whatever else is wrong.
#[derive(Debug)]
pub(crate) struct ReadProfileChange {
    change: ProfileChange,
    email: Option<EmailAddress>,
    password: Option<NewPassword>,
    current_password: Option<EnteredPassword>,
    errors: Vec<FieldError>,
    /// Where among the errors one about the password belongs.
    password_place: usize,
}

impl UpdateProfileBody {
    /// Reads the body.
    pub(crate) fn read(body: &Body) -> ReadProfileChange {
        let (mut read, errors) = body.parse_partly(|fields| {
            // What is wrong is among the errors, and whoever has errors is not asked for values.
            let name = fields.optional("name", PersonName::parse).flatten();
            let phone = fields.clearable("phone", phone_number).flatten();
            let avatar_url = fields.clearable("avatarUrl", HttpsUrl::parse).flatten();
            let language = fields.clearable("language", Language::parse).flatten();
            let notify_new_device = fields.optional_flag("newDeviceMail").flatten();
            let email = fields.optional("email", EmailAddress::parse).flatten();
            let password = fields.optional("password", NewPassword::parse).flatten();
            let password_place = fields.violations();
            ReadProfileChange {
                change: ProfileChange {
                    name,
                    phone: phone.map(Option::flatten),
                    avatar_url,
                    language,
                    notify_new_device,
                },
                email,
                password,
                current_password: read_current_password(fields).flatten(),
                errors: Vec::new(),
                password_place,
            }
        });
        read.errors = errors;
        read
    }
}

impl ReadProfileChange {
    /// The password, when something else is wrong, with the words of the body that it must not be
    /// guessed from. Without other faults the use case itself judges it.
    pub(crate) fn password_to_judge(&self) -> Option<(NewPassword, Vec<String>)> {
        if self.errors.is_empty() {
            return None;
        }
        let password = self.password.clone()?;
        let name = self.change.name.as_ref();
        let context = SignUp::password_context(self.email.as_ref(), name);
        Some((password, context))
    }

    /// The command, or everything that is wrong, a weak password among it.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(crate) fn finish(
        mut self,
        password_is_weak: bool,
        caller: Caller,
        language: Language,
        ledger: LimitLedger,
    ) -> Result<UpdateProfileCommand, Problem> {
        if password_is_weak {
            let weak = FieldError::weak_password("password");
            self.errors.insert(self.password_place, weak);
        }
        if !self.errors.is_empty() {
            return Err(Problem::validation(self.errors));
        }
        Ok(UpdateProfileCommand {
            caller,
            change: self.change,
            email: self.email,
            password: self.password,
            current_password: self.current_password,
            language,
            ledger,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use kogents_domain::access::PermissionSet;
    use kogents_domain::ids::{SessionId, UserId};
    use uuid::Uuid;

    use super::*;

    fn read(text: &str) -> ReadProfileChange {
        UpdateProfileBody::read(&Body::from_bytes(text.as_bytes()).unwrap())
    }

    fn finish(read: ReadProfileChange, weak: bool) -> Result<UpdateProfileCommand, Problem> {
        let caller = Caller {
            user_id: UserId::from_uuid(Uuid::from_u128(1)),
            session_id: SessionId::from_uuid(Uuid::from_u128(2)),
            workspace_id: None,
            held: PermissionSet::EMPTY,
            ip_address: IpAddr::from([203, 0, 113, 7]),
        };
        read.finish(weak, caller, Language::english(), LimitLedger::default())
    }

    #[test]
    fn null_clears_what_may_be_empty_and_is_nothing_elsewhere() {
        let text = r#"{"name":null,"phone":null,"avatarUrl":null,"language":null,
            "newDeviceMail":null,"email":null,"password":null,"currentPassword":null}"#;
        let command = finish(read(text), false).unwrap();
        let cleared = ProfileChange {
            phone: Some(None),
            avatar_url: Some(None),
            language: Some(None),
            ..ProfileChange::default()
        };
        assert_eq!(command.change, cleared);
        assert_eq!((command.email, command.password), (None, None));
        assert_eq!(command.current_password, None);
        // An empty telephone number is none, as forms send it, and so is an empty present password.
        let command = finish(read(r#"{"phone":" ","currentPassword":""}"#), false).unwrap();
        assert_eq!(command.change.phone, Some(None));
        assert_eq!(command.current_password, None);
        let command = finish(read("{}"), false).unwrap();
        assert_eq!(command.change, ProfileChange::default());
    }

    #[test]
    fn a_weak_password_is_told_among_what_else_is_wrong() {
        let text = r#"{"name":"Ada","email":"nobody","password":"Password123!",
            "currentPassword":7}"#;
        let read_badly = read(text);
        let (password, context) = read_badly.password_to_judge().unwrap();
        assert_eq!(password.secret().expose(), "Password123!");
        assert_eq!(context, ["Ada"]);
        let problem = finish(read_badly, true).unwrap_err();
        let told: Vec<_> = problem
            .errors
            .iter()
            .map(|error| (error.field.as_str(), error.violation.code.as_str()))
            .collect();
        let expected = [
            ("email", "INVALID_EMAIL"),
            ("password", "WEAK_PASSWORD"),
            ("currentPassword", "INVALID_TYPE"),
        ];
        assert_eq!(told, expected);
        // Where nothing else is wrong the use case judges it.
        let fine = read(r#"{"password":"Password123!"}"#);
        assert_eq!(fine.password_to_judge(), None);
    }
}
