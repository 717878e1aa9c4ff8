//! Signing in, staying signed in, signing out.

mod assess_password;
mod authenticate;
mod log_in;
mod log_out;
mod read_profile;
mod refresh;
mod signed_in;
mod token_minter;

pub use assess_password::AssessPassword;
pub use authenticate::{Authenticate, AuthenticateCommand, AuthenticateError, Caller};
pub use log_in::{LogIn, LogInCommand, LogInError};
pub use log_out::{LogOut, LogOutCommand, LogOutError};
pub use read_profile::{Profile, ReadProfile, ReadProfileError};
pub use refresh::{Refresh, RefreshCommand, RefreshError};
pub use signed_in::SignedIn;
pub use token_minter::{TokenMinter, TokenPair};
