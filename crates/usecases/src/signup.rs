//! From an unproven address to a person with a workspace.

mod account_exists;
mod choose_workspace;
mod confirm_code;
mod draft_box;
mod resume_signup;
mod send_code;
mod sign_up;

pub use account_exists::AccountExists;
pub use choose_workspace::{
    ChooseWorkspace, ChooseWorkspaceCommand, ChooseWorkspaceError, WorkspaceChosen,
};
pub use confirm_code::{ConfirmCode, ConfirmCodeCommand, ConfirmCodeError, Confirmed};
pub use draft_box::{DraftBox, DraftError, OpenDraft};
pub use resume_signup::{ResumeSignup, ResumeSignupError, ResumedSignup};
pub use send_code::{CodeSent, SendCode, SendCodeCommand, SendCodeError};
pub use sign_up::{SignUp, SignUpCommand, SignUpError, SignedUp};
