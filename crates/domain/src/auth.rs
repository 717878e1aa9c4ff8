//! Persons and how they prove who they are.

mod email_address;
mod language;
mod one_time_token;
mod one_time_token_repository;
mod password;
mod password_hasher;
mod person_name;
mod phone_number;
mod refresh_token;
mod tokens;
mod user;
mod user_repository;

pub use email_address::EmailAddress;
pub use language::Language;
pub use one_time_token::{OneTimeToken, TokenPurpose};
pub use one_time_token_repository::OneTimeTokenRepository;
pub use password::{EnteredPassword, NewPassword, PasswordHash};
pub use password_hasher::{HashError, HashingPlace, PasswordHasher, PasswordStrength, Verdict};
pub use person_name::PersonName;
pub use phone_number::PhoneNumber;
pub use refresh_token::{Reuse, SpentTokens};
pub use tokens::{AccessClaims, AccessTokens, RefreshClaims, RefreshTokens, TokenError};
pub use user::{FirstTouch, InvitedUser, NewUser, ProfileChange, User};
pub use user_repository::{UserFilter, UserRepository};

#[cfg(feature = "mock")]
pub use {
    one_time_token_repository::MockOneTimeTokenRepository,
    password_hasher::{MockPasswordHasher, MockPasswordStrength},
    tokens::{MockAccessTokens, MockRefreshTokens},
    user_repository::MockUserRepository,
};
