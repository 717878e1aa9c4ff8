//! The answers of the signup's steps.

use kogents_domain::signup::SignupStep;
use kogents_usecases::signup::{CodeSent, ResumedSignup, SignedUp, WorkspaceChosen};
use serde::Serialize;
use utoipa::ToSchema;

use super::rfc3339;
use super::workspace::WorkspaceDraftView;

use crate::openapi::sets;

/// A signup that has begun.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignupView {
    /// How far the signup is: `signup`.
    #[schema(value_type = sets::SignupStep)]
    step: &'static str,
    #[schema(format = "email", example = "ada@example.com")]
    email: String,
    /// The bearer secret of the signup, which every later step asks for.
    #[schema(example = "sgn_mDdGIB8TtA0S3mYhGzVQW5y0r3PcGq9i1bKxJ7nUe4c")]
    session_id: String,
    /// When the signup ends.
    #[schema(format = "date-time", example = "2026-01-02T03:04:05.678Z")]
    expires_at: String,
}

impl From<&SignedUp> for SignupView {
    fn from(signup: &SignedUp) -> Self {
        Self {
            step: SignupStep::Signup.as_str(),
            email: signup.email.as_given().to_owned(),
            session_id: signup.token.secret().expose().to_owned(),
            expires_at: rfc3339(signup.expires_at),
        }
    }
}

/// A signup that has chosen its workspace.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignupWithWorkspaceView {
    /// How far the signup is: `workspace_created`, or `email_sent` once a code was sent.
    #[schema(value_type = sets::SignupStep)]
    step: &'static str,
    #[schema(format = "email", example = "ada@example.com")]
    email: String,
    /// The bearer secret of the signup, as before.
    #[schema(example = "sgn_mDdGIB8TtA0S3mYhGzVQW5y0r3PcGq9i1bKxJ7nUe4c")]
    session_id: String,
    /// When the signup ends.
    #[schema(format = "date-time", example = "2026-01-02T03:04:05.678Z")]
    expires_at: String,
    workspace: WorkspaceDraftView,
}

impl From<&WorkspaceChosen> for SignupWithWorkspaceView {
    fn from(chosen: &WorkspaceChosen) -> Self {
        Self {
            step: chosen.step.as_str(),
            email: chosen.email.as_given().to_owned(),
            session_id: chosen.token.secret().expose().to_owned(),
            expires_at: rfc3339(chosen.expires_at),
            workspace: WorkspaceDraftView::from(&chosen.workspace),
        }
    }
}

/// A code on its way.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CodeSentView {
    #[schema(example = "A code is on its way.")]
    message: &'static str,
    #[schema(format = "email", example = "ada@example.com")]
    email: String,
    /// How far the signup is: `email_sent`.
    #[schema(value_type = sets::SignupStep)]
    step: &'static str,
    /// When the code ends.
    #[schema(format = "date-time", example = "2026-01-02T03:04:05.678Z")]
    expires_at: String,
    /// When the next code may be asked for.
    #[schema(format = "date-time", example = "2026-01-02T02:55:05.678Z")]
    resend_available_at: String,
    /// Guesses left.
    #[schema(example = 5)]
    attempts_remaining: u32,
}

impl From<&CodeSent> for CodeSentView {
    fn from(sent: &CodeSent) -> Self {
        Self {
            message: "A code is on its way.",
            email: sent.email.as_given().to_owned(),
            step: SignupStep::EmailSent.as_str(),
            expires_at: rfc3339(sent.expires_at),
            resend_available_at: rfc3339(sent.resend_available_at),
            attempts_remaining: sent.attempts_remaining,
        }
    }
}

/// How far a signup has come.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResumedSignupView {
    /// `signup`, `workspace_created` or `email_sent`.
    #[schema(value_type = sets::SignupStep)]
    step: &'static str,
    user: SignupUserView,
    /// The workspace, once chosen.
    #[schema(required)]
    workspace: Option<WorkspaceDraftView>,
    /// When the signup ends.
    #[schema(format = "date-time", example = "2026-01-02T03:04:05.678Z")]
    expires_at: String,
    /// The same in seconds from now.
    #[schema(example = 86_400)]
    time_remaining: u64,
}

/// Who signs up.
#[derive(Serialize, ToSchema)]
pub(crate) struct SignupUserView {
    #[schema(example = "Ada Lovelace")]
    name: String,
    #[schema(format = "email", example = "ada@example.com")]
    email: String,
}

impl From<&ResumedSignup> for ResumedSignupView {
    fn from(resumed: &ResumedSignup) -> Self {
        Self {
            step: resumed.step.as_str(),
            user: SignupUserView {
                name: resumed.name.as_str().to_owned(),
                email: resumed.email.as_given().to_owned(),
            },
            workspace: resumed.workspace.as_ref().map(WorkspaceDraftView::from),
            expires_at: rfc3339(resumed.expires_at),
            time_remaining: resumed.remaining.as_secs_floor(),
        }
    }
}
