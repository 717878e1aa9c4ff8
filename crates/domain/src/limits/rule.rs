//! The names of the limits.

/// What is limited, and by what it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LimitRule {
    /// Failed sign-ins to one address from one client.
    LoginPair,
    /// Failed sign-ins to one address, from wherever.
    LoginAccount,
    /// Failed sign-ins from one client.
    LoginAddress,
    /// Signups with one address.
    SignupEmail,
    /// Signups from one client.
    SignupAddress,
    /// Codes mailed to one address.
    SendEmail,
    /// Requests for codes from one client.
    SendAddress,
    /// Confirmations from one client.
    ConfirmAddress,
    /// Resumed signups from one client.
    ResumeAddress,
    /// Refreshes of one session.
    RefreshSession,
    /// Refreshes from one client.
    RefreshAddress,
    /// Workspaces chosen in one signup.
    WorkspaceSignup,
    /// Workspaces chosen from one client.
    WorkspaceAddress,
    /// Resets asked for of one address.
    ResetEmail,
    /// Resets asked for from one client.
    ResetAddress,
    /// Invitations mailed to one address, from whatever workspace.
    InviteEmail,
    /// Changes of address asked for: of one account, and to one address.
    ChangeEmail,
    /// Mailed tokens presented from one client.
    TokenAddress,
    /// Everything else, of one session or one API token.
    GeneralSession,
    /// Everything else, from one client without a token.
    GeneralAddress,
}

impl LimitRule {
    /// Every rule.
    pub const ALL: [Self; 20] = [
        Self::LoginPair,
        Self::LoginAccount,
        Self::LoginAddress,
        Self::SignupEmail,
        Self::SignupAddress,
        Self::SendEmail,
        Self::SendAddress,
        Self::ConfirmAddress,
        Self::ResumeAddress,
        Self::RefreshSession,
        Self::RefreshAddress,
        Self::WorkspaceSignup,
        Self::WorkspaceAddress,
        Self::ResetEmail,
        Self::ResetAddress,
        Self::InviteEmail,
        Self::ChangeEmail,
        Self::TokenAddress,
        Self::GeneralSession,
        Self::GeneralAddress,
    ];

    /// The name, as `RateLimit-Policy` and the caches have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LoginPair => "login-pair",
            Self::LoginAccount => "login-account",
            Self::LoginAddress => "login-address",
            Self::SignupEmail => "signup-email",
            Self::SignupAddress => "signup-address",
            Self::SendEmail => "send-email",
            Self::SendAddress => "send-address",
            Self::ConfirmAddress => "confirm-address",
            Self::ResumeAddress => "resume-address",
            Self::RefreshSession => "refresh-session",
            Self::RefreshAddress => "refresh-address",
            Self::WorkspaceSignup => "workspace-signup",
            Self::WorkspaceAddress => "workspace-address",
            Self::ResetEmail => "reset-email",
            Self::ResetAddress => "reset-address",
            Self::InviteEmail => "invite-email",
            Self::ChangeEmail => "change-email",
            Self::TokenAddress => "token-address",
            Self::GeneralSession => "general-session",
            Self::GeneralAddress => "general-address",
        }
    }
}
