//! Signing in, staying signed in, signing out.

mod account_counts;
mod assess_password;
mod authenticate;
mod confirm_email;
mod confirm_password_reset;
mod create_admin;
mod credentials;
mod delete_account;
mod email_change_desk;
mod heed_notices;
mod list_persons;
mod log_in;
mod log_out;
mod operator;
mod read_own_data;
mod read_profile;
mod reauthenticate;
mod refresh;
mod report_not_me;
mod request_password_reset;
mod reset_desk;
mod signed_in;
mod suspend_person;
mod sweep_notices;
mod sweep_tokens;
mod token_minter;
mod unlock_person;
mod update_profile;
mod whom;

pub use account_counts::AccountCounts;
pub use assess_password::AssessPassword;
pub use authenticate::{Authenticate, AuthenticateCommand, AuthenticateError, Caller};
pub use confirm_email::{ConfirmEmail, ConfirmEmailCommand, ConfirmEmailError, EmailChange};
pub use confirm_password_reset::{
    ConfirmPasswordReset, ConfirmPasswordResetCommand, ConfirmPasswordResetError,
};
pub use create_admin::{CreateAdmin, CreateAdminCommand, CreateAdminError, CreatedAdmin};
pub use credentials::Credentials;
pub(crate) use credentials::{Device, Entered, NotTried, NotVerified, Tried, Try};
pub use delete_account::{DeleteAccount, DeleteAccountCommand, DeleteAccountError};
pub use email_change_desk::EmailChangeDesk;
pub use heed_notices::{HeedNotices, HeedNoticesError};
pub use list_persons::{ListPersons, ListPersonsCommand, ListPersonsError};
pub use log_in::{LogIn, LogInCommand, LogInError};
pub use log_out::{LogOut, LogOutCommand, LogOutError};
pub(crate) use operator::posted;
pub use read_own_data::{OwnData, ReadOwnData, ReadOwnDataError};
pub use read_profile::{Profile, ReadProfile, ReadProfileError};
pub use reauthenticate::{Reauthenticate, ReauthenticateCommand, ReauthenticateError};
pub use refresh::{Refresh, RefreshCommand, RefreshError};
pub use report_not_me::{ReportNotMe, ReportNotMeCommand, ReportNotMeError, ReportedSession};
pub use request_password_reset::{
    RequestPasswordReset, RequestPasswordResetCommand, RequestPasswordResetError,
};
pub use reset_desk::ResetDesk;
pub use signed_in::SignedIn;
pub use suspend_person::{SuspendPerson, SuspendPersonError, SuspendedPerson};
pub use sweep_notices::{SweepNotices, SweepNoticesError};
pub use sweep_tokens::{SweepTokens, SweepTokensError};
pub use token_minter::{TokenMinter, TokenPair};
pub use unlock_person::{UnlockPerson, UnlockPersonError, UnlockedPerson};
pub use update_profile::{UpdateProfile, UpdateProfileCommand, UpdateProfileError};
pub use whom::Whom;
