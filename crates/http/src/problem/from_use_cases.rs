//! From the errors of the use cases to problems: exhaustive, so that a new error cannot be
//! forgotten here.

use std::sync::atomic::{AtomicI64, Ordering};

use kogents_domain::auth::HashError;
use kogents_domain::cache::CacheError;
use kogents_domain::store::StoreError;
use kogents_domain::time::Span;
use kogents_usecases::auth::{
    AuthenticateError, ConfirmEmailError, ConfirmPasswordResetError, LogInError, LogOutError,
    ReadProfileError, RefreshError, ReportNotMeError, RequestPasswordResetError,
};
use kogents_usecases::limits::{AdmitRequestError, Limited};
use kogents_usecases::session::{
    EndOtherSessionsError, EndSessionError, FillSessionError, ListSessionsError, OpenSessionError,
    ReportActivityError,
};
use kogents_usecases::signup::{
    ChooseWorkspaceError, ConfirmCodeError, ResumeSignupError, SendCodeError, SignUpError,
};

use super::{Code, FieldError, Problem};

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::Unavailable(_) => Code::Unavailable,
            // A use case that expects a conflict gives it a name of its own.
            StoreError::Conflict(_) | StoreError::Failed(_) => Code::Internal,
        };
        Self::new(code).cause(error)
    }
}

impl From<CacheError> for Problem {
    fn from(error: CacheError) -> Self {
        match &error {
            CacheError::Unavailable(_) | CacheError::Full => {
                Self::new(Code::CacheUnavailable).cause(error)
            }
        }
    }
}

impl From<HashError> for Problem {
    fn from(error: HashError) -> Self {
        let problem = match &error {
            HashError::Busy => Self::new(Code::Unavailable).retry_after(next_wait()),
            HashError::Failed(_) => Self::new(Code::Internal),
        };
        problem.cause(error)
    }
}

/// How long the next one who is refused in a flood is to wait: from one to [`SPREAD`] seconds in
/// turn, so that those who are refused at one moment do not come back at one.
fn next_wait() -> Span {
    static REFUSED: AtomicI64 = AtomicI64::new(0);
    let turn = REFUSED.fetch_add(1, Ordering::Relaxed).rem_euclid(SPREAD);
    Span::from_secs(turn + 1)
}

/// Of seconds. What waits for its turn when somebody is refused is done within two or three on a
/// machine of few cores.
const SPREAD: i64 = 4;

impl From<Limited> for Problem {
    fn from(limited: Limited) -> Self {
        Self::new(Code::RateLimited).retry_after(limited.wait)
    }
}

impl From<AdmitRequestError> for Problem {
    fn from(error: AdmitRequestError) -> Self {
        match error {
            AdmitRequestError::Limited(limited) => limited.into(),
            AdmitRequestError::Hash(error) => error.into(),
        }
    }
}

impl From<SignUpError> for Problem {
    fn from(error: SignUpError) -> Self {
        match error {
            SignUpError::WeakPassword => {
                Self::validation(vec![FieldError::weak_password("password")])
            }
            SignUpError::Limited(limited) => limited.into(),
            SignUpError::Hash(error) => error.into(),
            SignUpError::Cache(error) => error.into(),
            SignUpError::Store(error) => error.into(),
        }
    }
}

impl From<ChooseWorkspaceError> for Problem {
    fn from(error: ChooseWorkspaceError) -> Self {
        match error {
            ChooseWorkspaceError::NotFound => Self::new(Code::SignupNotFound),
            ChooseWorkspaceError::SlugTaken => Self::new(Code::SlugTaken),
            ChooseWorkspaceError::ConfirmationInProgress => Self::new(Code::ConfirmationInProgress),
            ChooseWorkspaceError::Limited(limited) => limited.into(),
            ChooseWorkspaceError::Cache(error) => error.into(),
            ChooseWorkspaceError::Store(error) => error.into(),
        }
    }
}

impl From<SendCodeError> for Problem {
    fn from(error: SendCodeError) -> Self {
        match error {
            SendCodeError::NotFound => Self::new(Code::SignupNotFound),
            SendCodeError::WorkspaceRequired => Self::new(Code::WorkspaceRequired),
            SendCodeError::TooSoon { wait } => Self::new(Code::OtpResendTooSoon).retry_after(wait),
            SendCodeError::Locked { wait } => Self::new(Code::OtpLocked).retry_after(wait),
            SendCodeError::Limited(limited) => limited.into(),
            SendCodeError::Cache(error) => error.into(),
            SendCodeError::Store(error) => error.into(),
        }
    }
}

impl From<ConfirmCodeError> for Problem {
    fn from(error: ConfirmCodeError) -> Self {
        match error {
            ConfirmCodeError::NotFound => Self::new(Code::SignupNotFound),
            ConfirmCodeError::Invalid { attempts_remaining } => {
                Self::new(Code::OtpInvalid).attempts_remaining(attempts_remaining)
            }
            ConfirmCodeError::Exhausted => Self::new(Code::OtpExhausted),
            ConfirmCodeError::NoCode => Self::new(Code::OtpExpired),
            ConfirmCodeError::Locked { wait } => Self::new(Code::OtpLocked).retry_after(wait),
            ConfirmCodeError::InProgress => Self::new(Code::ConfirmationInProgress),
            ConfirmCodeError::SlugTaken => Self::new(Code::SlugTaken),
            ConfirmCodeError::Cache(error) => error.into(),
            ConfirmCodeError::Store(error) => error.into(),
        }
    }
}

impl From<ResumeSignupError> for Problem {
    fn from(error: ResumeSignupError) -> Self {
        match error {
            ResumeSignupError::NotFound => Self::new(Code::SignupNotFound),
            ResumeSignupError::Cache(error) => error.into(),
        }
    }
}

impl From<AuthenticateError> for Problem {
    fn from(error: AuthenticateError) -> Self {
        match error {
            AuthenticateError::Invalid => Self::new(Code::InvalidToken),
            AuthenticateError::Limited(limited) => limited.into(),
            AuthenticateError::Store(error) => error.into(),
        }
    }
}

impl From<LogInError> for Problem {
    fn from(error: LogInError) -> Self {
        match error {
            LogInError::InvalidCredentials => Self::new(Code::InvalidCredentials),
            LogInError::Limited(limited) => limited.into(),
            LogInError::Hash(error) => error.into(),
            LogInError::Store(error) => error.into(),
        }
    }
}

impl From<RefreshError> for Problem {
    fn from(error: RefreshError) -> Self {
        match error {
            RefreshError::Invalid => Self::new(Code::InvalidRefreshToken),
            RefreshError::Reused => Self::new(Code::RefreshTokenReused),
            RefreshError::TooOften { wait } => Self::new(Code::RateLimited).retry_after(wait),
            RefreshError::Limited(limited) => limited.into(),
            RefreshError::Store(error) => error.into(),
        }
    }
}

impl From<LogOutError> for Problem {
    fn from(error: LogOutError) -> Self {
        match error {
            LogOutError::Store(error) => error.into(),
        }
    }
}

impl From<RequestPasswordResetError> for Problem {
    fn from(error: RequestPasswordResetError) -> Self {
        match error {
            RequestPasswordResetError::Limited(limited) => limited.into(),
            RequestPasswordResetError::Store(error) => error.into(),
        }
    }
}

impl From<ConfirmPasswordResetError> for Problem {
    fn from(error: ConfirmPasswordResetError) -> Self {
        match error {
            ConfirmPasswordResetError::Invalid => Self::new(Code::ResetTokenInvalid),
            ConfirmPasswordResetError::WeakPassword => {
                Self::validation(vec![FieldError::weak_password("newPassword")])
            }
            ConfirmPasswordResetError::Hash(error) => error.into(),
            ConfirmPasswordResetError::Store(error) => error.into(),
        }
    }
}

impl From<ConfirmEmailError> for Problem {
    fn from(error: ConfirmEmailError) -> Self {
        match error {
            ConfirmEmailError::Invalid => Self::new(Code::TokenInvalid),
            ConfirmEmailError::Store(error) => error.into(),
        }
    }
}

impl From<ReportNotMeError> for Problem {
    fn from(error: ReportNotMeError) -> Self {
        match error {
            ReportNotMeError::Invalid => Self::new(Code::TokenInvalid),
            ReportNotMeError::Store(error) => error.into(),
        }
    }
}

impl From<ReadProfileError> for Problem {
    fn from(error: ReadProfileError) -> Self {
        match error {
            ReadProfileError::Gone => Self::new(Code::InvalidToken),
            ReadProfileError::Store(error) => error.into(),
        }
    }
}

impl From<ListSessionsError> for Problem {
    fn from(error: ListSessionsError) -> Self {
        match error {
            ListSessionsError::Store(error) => error.into(),
        }
    }
}

impl From<EndSessionError> for Problem {
    fn from(error: EndSessionError) -> Self {
        match error {
            EndSessionError::NotFound => Self::new(Code::NotFound),
            EndSessionError::Store(error) => error.into(),
        }
    }
}

impl From<EndOtherSessionsError> for Problem {
    fn from(error: EndOtherSessionsError) -> Self {
        match error {
            EndOtherSessionsError::Store(error) => error.into(),
        }
    }
}

impl From<OpenSessionError> for Problem {
    fn from(error: OpenSessionError) -> Self {
        match error {
            OpenSessionError::Over => Self::new(Code::InvalidToken),
            OpenSessionError::Store(error) => error.into(),
        }
    }
}

impl From<FillSessionError> for Problem {
    fn from(error: FillSessionError) -> Self {
        match error {
            FillSessionError::Over => Self::new(Code::InvalidToken),
            FillSessionError::Store(error) => error.into(),
        }
    }
}

impl From<ReportActivityError> for Problem {
    fn from(error: ReportActivityError) -> Self {
        match error {
            ReportActivityError::InvalidAccess => Self::new(Code::InvalidToken),
            ReportActivityError::InvalidRefresh => Self::new(Code::InvalidRefreshToken),
            ReportActivityError::Limited(limited) => limited.into(),
            ReportActivityError::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use kogents_domain::store::Constraint;

    use super::*;

    #[test]
    fn nothing_of_a_cause_is_shown() {
        let problems = [
            Problem::from(StoreError::Failed("SELECT secret".to_owned())),
            Problem::from(StoreError::Unavailable("secret.db".to_owned())),
            Problem::from(StoreError::Conflict(Constraint::UserEmail)),
            Problem::from(CacheError::Unavailable("secret:6379".to_owned())),
            Problem::from(HashError::Failed("secret".to_owned())),
        ];
        for problem in problems {
            assert!(problem.code.status().is_server_error());
            assert!(problem.cause.is_some());
            let shown = serde_json::to_string(&problem.body("/x", "r")).unwrap();
            assert!(
                !shown.contains("secret") && !shown.contains("UserEmail"),
                "{shown}"
            );
        }
    }

    #[test]
    fn s12_those_who_are_refused_together_are_told_to_come_back_apart() {
        let waits: BTreeSet<Option<u64>> = (0..SPREAD * 4)
            .map(|_| Problem::from(HashError::Busy).retry_after_secs)
            .collect();
        assert_eq!(waits, [1, 2, 3, 4].map(Some).into());
    }

    #[test]
    fn waits_reach_the_answer() {
        let wait = Span::from_millis(59_001);
        let problem = Problem::from(SendCodeError::TooSoon { wait });
        assert_eq!(problem.code, Code::OtpResendTooSoon);
        assert_eq!(problem.retry_after_secs, Some(60));
        let problem = Problem::from(ConfirmCodeError::Invalid {
            attempts_remaining: 0,
        });
        assert_eq!(problem.attempts_remaining, Some(0));
    }
}
