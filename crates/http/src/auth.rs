//! Signing in, staying signed in, signing out.

mod bodies;
mod export_stream;
mod profile_body;
mod reset_bodies;
mod signed_in_answer;

pub(crate) mod confirm_email;
pub(crate) mod confirm_password_reset;
pub(crate) mod delete_account;
pub(crate) mod export_own_data;
pub(crate) mod log_in;
pub(crate) mod log_out;
pub(crate) mod read_profile;
pub(crate) mod refresh;
pub(crate) mod report_not_me;
pub(crate) mod request_password_reset;
pub(crate) mod update_profile;

pub(crate) use bodies::{LogInBody, RefreshTokenBody};
pub(crate) use profile_body::UpdateProfileBody;
pub(crate) use reset_bodies::{
    ConfirmPasswordResetBody, MailedTokenBody, RequestPasswordResetBody,
};
pub(crate) use signed_in_answer::answer_signed_in;
