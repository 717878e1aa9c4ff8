//! Tests of signing in, staying signed in, signing out, and of what mailed links do.

mod account;
mod assess_password;
mod authenticate;
mod confirm_email;
mod confirm_password_reset;
mod delete_account;
mod given;
mod log_in;
mod log_out;
mod operators;
mod own_data;
mod read_profile;
mod refresh;
mod report_not_me;
mod request_password_reset;
mod sweep_tokens;
mod token_minter;
mod update_profile;
