//! Tests of signing in, staying signed in and signing out.

mod assess_password;
mod authenticate;
mod log_in;
mod log_out;
mod read_profile;
mod refresh;
mod token_minter;
