//! From the errors of the use cases of members and invitations to problems.

use kogents_domain::violation::{Violation, ViolationCode};
use kogents_usecases::workspace::{
    AcceptInvitationError, ChangePersonError, InvitePersonError, ListInvitationsError,
    ListPeopleError, PreviewInvitationError, ReadPersonError, RemovePersonError,
    ResendInvitationError, WithdrawInvitationError,
};

use super::{Code, FieldError, Problem};

/// A role that there is not, or that is not given any more.
fn unknown_role() -> Problem {
    let message = "must be the name of a role of the workspace";
    let violation = Violation::new(ViolationCode::InvalidEnumValue, message);
    Problem::validation(vec![FieldError::new("role_name", violation)])
}

impl From<ListPeopleError> for Problem {
    fn from(error: ListPeopleError) -> Self {
        match error {
            ListPeopleError::NotFound => Self::new(Code::NotFound),
            ListPeopleError::Store(error) => error.into(),
        }
    }
}

impl From<ReadPersonError> for Problem {
    fn from(error: ReadPersonError) -> Self {
        match error {
            ReadPersonError::NotFound => Self::new(Code::NotFound),
            ReadPersonError::Store(error) => error.into(),
        }
    }
}

impl From<ChangePersonError> for Problem {
    fn from(error: ChangePersonError) -> Self {
        match error {
            ChangePersonError::NotFound => Self::new(Code::NotFound),
            ChangePersonError::UnknownRole => unknown_role(),
            ChangePersonError::NeverPending => {
                let message = "must be one of ACTIVE, INACTIVE, SUSPENDED";
                let violation = Violation::new(ViolationCode::InvalidEnumValue, message);
                Self::validation(vec![FieldError::new("status", violation)])
            }
            ChangePersonError::NotTheirs => Self::new(Code::NotYoursToChange),
            ChangePersonError::CannotGrant => Self::new(Code::CannotGrant),
            ChangePersonError::LastAdmin => Self::new(Code::LastAdmin),
            ChangePersonError::Store(error) => error.into(),
        }
    }
}

impl From<RemovePersonError> for Problem {
    fn from(error: RemovePersonError) -> Self {
        match error {
            RemovePersonError::NotFound => Self::new(Code::NotFound),
            RemovePersonError::CannotGrant => Self::new(Code::CannotGrant),
            RemovePersonError::LastAdmin => Self::new(Code::LastAdmin),
            RemovePersonError::Store(error) => error.into(),
        }
    }
}

impl From<InvitePersonError> for Problem {
    fn from(error: InvitePersonError) -> Self {
        match error {
            InvitePersonError::NotFound => Self::new(Code::NotFound),
            InvitePersonError::UnknownRole => unknown_role(),
            InvitePersonError::CannotGrant => Self::new(Code::CannotGrant),
            InvitePersonError::AlreadyMember => Self::new(Code::AlreadyMember),
            InvitePersonError::Pending => Self::new(Code::InvitationPending),
            InvitePersonError::TooMany => Self::new(Code::QuotaExceeded),
            InvitePersonError::Limited(limited) => limited.into(),
            InvitePersonError::Store(error) => error.into(),
        }
    }
}

impl From<ListInvitationsError> for Problem {
    fn from(error: ListInvitationsError) -> Self {
        match error {
            ListInvitationsError::Store(error) => error.into(),
        }
    }
}

impl From<ResendInvitationError> for Problem {
    fn from(error: ResendInvitationError) -> Self {
        match error {
            ResendInvitationError::NotFound => Self::new(Code::NotFound),
            ResendInvitationError::CannotGrant => Self::new(Code::CannotGrant),
            ResendInvitationError::Limited(limited) => limited.into(),
            ResendInvitationError::Store(error) => error.into(),
        }
    }
}

impl From<WithdrawInvitationError> for Problem {
    fn from(error: WithdrawInvitationError) -> Self {
        match error {
            WithdrawInvitationError::NotFound => Self::new(Code::NotFound),
            WithdrawInvitationError::CannotGrant => Self::new(Code::CannotGrant),
            WithdrawInvitationError::Store(error) => error.into(),
        }
    }
}

impl From<PreviewInvitationError> for Problem {
    fn from(error: PreviewInvitationError) -> Self {
        match error {
            PreviewInvitationError::Invalid => Self::new(Code::InvitationInvalid),
            PreviewInvitationError::Store(error) => error.into(),
        }
    }
}

impl From<AcceptInvitationError> for Problem {
    fn from(error: AcceptInvitationError) -> Self {
        match error {
            AcceptInvitationError::Invalid => Self::new(Code::InvitationInvalid),
            AcceptInvitationError::Refused { name, password } => {
                let name = name.map(|violation| FieldError::new("name", violation));
                let password = password.map(|violation| FieldError::new("password", violation));
                Self::validation(name.into_iter().chain(password).collect())
            }
            AcceptInvitationError::InvalidCredentials => Self::new(Code::InvalidCredentials),
            AcceptInvitationError::InvalidToken => Self::new(Code::InvalidToken),
            AcceptInvitationError::Limited(limited) => limited.into(),
            AcceptInvitationError::Hash(error) => error.into(),
            AcceptInvitationError::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use kogents_domain::auth::NewPassword;

    use super::*;

    #[test]
    fn what_an_account_lacks_is_named_by_field() {
        let refused = |name: Option<Violation>, password: Option<Violation>| {
            let problem = Problem::from(AcceptInvitationError::Refused { name, password });
            let named = |error: &FieldError| (error.field.clone(), error.violation.code.as_str());
            problem.errors.iter().map(named).collect::<Vec<_>>()
        };
        let (name, password) = ("name".to_owned(), "password".to_owned());
        assert_eq!(
            refused(Some(Violation::required()), Some(Violation::required())),
            [
                (name, "REQUIRED_FIELD"),
                (password.clone(), "REQUIRED_FIELD")
            ]
        );
        assert_eq!(
            refused(None, Some(NewPassword::too_weak())),
            [(password, "WEAK_PASSWORD")]
        );
    }

    #[test]
    fn an_unknown_role_is_none_of_the_set() {
        for problem in [
            Problem::from(InvitePersonError::UnknownRole),
            Problem::from(ChangePersonError::UnknownRole),
        ] {
            let error = problem.errors.first().unwrap();
            assert_eq!(error.field, "role_name");
            assert_eq!(error.violation.code, ViolationCode::InvalidEnumValue);
        }
        let pending = Problem::from(ChangePersonError::NeverPending);
        let error = pending.errors.first().unwrap();
        assert_eq!(error.field, "status");
        assert_eq!(error.violation.code, ViolationCode::InvalidEnumValue);
    }
}
