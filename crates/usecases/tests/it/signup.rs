//! Tests of signing up.

mod choose_workspace;
mod confirm_code;
mod draft_box;
mod given;
mod resume_signup;
mod send_code;
mod sign_up;
