//! The catalogue: every problem code there is, each in one place.

use actix_web::http::StatusCode;

/// Makes the enum and its tables from one list, so that no code can be half known.
macro_rules! catalogue {
    ($($variant:ident = $name:literal, $status:ident, $title:literal, $explanation:literal;)*) => {
        /// A problem code: stable, and what clients switch on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Code {
            $(#[doc = $explanation] $variant,)*
        }

        impl Code {
            /// Every code, in the catalogue's order.
            pub(crate) const ALL: [Self; [$($name),*].len()] = [$(Self::$variant),*];

            /// The code on the wire.
            pub(crate) const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The status it is answered with.
            pub(crate) const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status,)* }
            }

            /// Its title, the same every time.
            pub(crate) const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }

            /// What it means and what to do, in a sentence or two.
            pub(crate) const fn explanation(self) -> &'static str {
                match self { $(Self::$variant => $explanation,)* }
            }
        }
    };
}

catalogue! {
    MalformedJson = "malformed_json", BAD_REQUEST, "Malformed JSON",
        "The body is not one well-formed JSON object in UTF-8. Duplicate members, NUL characters, lone surrogates and more than 32 levels are refused as well.";
    ValidationFailed = "validation_failed", BAD_REQUEST, "Validation failed",
        "Single values are missing, unknown or not what they must be; errors names all of them.";
    OtpInvalid = "otp_invalid", BAD_REQUEST, "Wrong code",
        "The code is not the one that was mailed last for this signup. attemptsRemaining says how many guesses are left.";
    OtpExhausted = "otp_exhausted", BAD_REQUEST, "Too many wrong codes",
        "The code has been burnt by wrong guesses and no longer counts, not even the right one. Ask for a new code.";
    OtpExpired = "otp_expired", BAD_REQUEST, "Code expired",
        "No code is outstanding for this signup, or its ten minutes are over. Ask for a new code.";
    ResetTokenInvalid = "reset_token_invalid", BAD_REQUEST, "Reset link not valid",
        "The token of the reset is unknown, was used, or its hour is over. Ask for a new mail with POST /auth/verify/request-password-reset.";
    TokenInvalid = "token_invalid", BAD_REQUEST, "Link not valid",
        "The token is unknown, was made for something else, was used, or has expired.";
    InvitationInvalid = "invitation_invalid", BAD_REQUEST, "Invitation not valid",
        "The invitation is unknown, was accepted or withdrawn, has expired, is for another account, or whoever sent it may not invite any more. Ask for a new one.";
    Unauthenticated = "unauthenticated", UNAUTHORIZED, "Not signed in",
        "The route needs an access token and none was sent. Send it in the header Authorization as Bearer.";
    InvalidToken = "invalid_token", UNAUTHORIZED, "Invalid token",
        "The access token is malformed, forged, expired, or belongs to a session that has ended or moved to another workspace. Refresh it or sign in again.";
    InvalidCredentials = "invalid_credentials", UNAUTHORIZED, "Invalid credentials",
        "The address and the password do not belong to an account that may sign in.";
    InvalidRefreshToken = "invalid_refresh_token", UNAUTHORIZED, "Invalid refresh token",
        "The refresh token is missing, malformed, forged or expired, or its session has ended. Sign in again.";
    RefreshTokenReused = "refresh_token_reused", UNAUTHORIZED, "Refresh token reused",
        "The refresh token was spent before, so somebody may have a copy of it; its session has been ended. Sign in again.";
    PermissionDenied = "permission_denied", FORBIDDEN, "Permission denied",
        "The role in the current workspace does not include the permission that the route needs.";
    ReauthenticationRequired = "reauthentication_required", FORBIDDEN, "Password required",
        "What was asked for needs the account's present password in currentPassword, and it is missing or wrong.";
    CannotGrant = "cannot_grant", FORBIDDEN, "Not yours to give",
        "A role, a permission or an invitation would give what the caller does not hold themselves, or what is to be changed belongs to somebody who holds more than the caller.";
    NotYoursToChange = "not_yours_to_change", FORBIDDEN, "Not yours to change",
        "Name, telephone number, address and password belong to the person, and so does whether they accept an invitation: only they decide on that.";
    OriginNotAllowed = "origin_not_allowed", FORBIDDEN, "Origin not allowed",
        "Routes that read the refresh cookie answer only pages of the allowed origins.";
    NotFound = "not_found", NOT_FOUND, "Not found",
        "There is nothing here, or nothing that the caller may know of.";
    SignupNotFound = "signup_not_found", NOT_FOUND, "Signup not found",
        "No pending signup has this sessionId: it never began, was finished, or its 24 hours are over. Begin again with POST /auth/signup.";
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "Method not allowed",
        "The route exists and does not take this method; the header Allow names those it takes.";
    RequestTimeout = "request_timeout", REQUEST_TIMEOUT, "Body too slow",
        "The body did not arrive in time, and the connection was closed. Send the request again, on a new connection.";
    SlugTaken = "slug_taken", CONFLICT, "Slug taken",
        "Another workspace has this slug. Choose another one; in a signup with POST /workspace, and a code that was sent stays good.";
    LastAdmin = "last_admin", CONFLICT, "Last admin",
        "The workspace would be left without an active admin. Make somebody else an admin, or delete the workspace, first.";
    AlreadyMember = "already_member", CONFLICT, "Already a member",
        "The address belongs to a member of the workspace.";
    InvitationPending = "invitation_pending", CONFLICT, "Already invited",
        "The address was invited and the invitation is still open. Send it again, or withdraw it.";
    RoleNameTaken = "role_name_taken", CONFLICT, "Role name taken",
        "The workspace has a role of this name.";
    RoleInUse = "role_in_use", CONFLICT, "Role in use",
        "A member has the role, or somebody is invited to it. Give them another one first.";
    SystemRole = "system_role", CONFLICT, "System role",
        "The roles admin, manager, agent and viewer are the same in every workspace and cannot be changed.";
    PermissionNameTaken = "permission_name_taken", CONFLICT, "Permission name taken",
        "There is a permission of this name, built in or of the workspace's own.";
    PermissionInUse = "permission_in_use", CONFLICT, "Permission in use",
        "A role holds the permission. Take it from the role first.";
    SystemPermission = "system_permission", CONFLICT, "Built-in permission",
        "Built-in permissions are the same in every workspace and cannot be changed.";
    QuotaExceeded = "quota_exceeded", CONFLICT, "Too many",
        "There are as many as there may be: 500 invitations, 100 roles and 200 permissions of its own in a workspace, 100 workspaces of a person who makes another. Remove one first.";
    WorkspaceRequired = "workspace_required", CONFLICT, "Workspace required",
        "The signup has no workspace yet, and needs one before a code is sent. Choose one with POST /workspace.";
    ConfirmationInProgress = "confirmation_in_progress", CONFLICT, "Confirmation in progress",
        "Another request is confirming this signup at this moment.";
    PayloadTooLarge = "payload_too_large", PAYLOAD_TOO_LARGE, "Payload too large",
        "The body is larger than 64 KiB.";
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "Unsupported media type",
        "The body must be of a type that the route takes: application/json in UTF-8 without a content encoding, for the activity beacon also as text/plain.";
    RateLimited = "rate_limited", TOO_MANY_REQUESTS, "Too many requests",
        "A limit of the route is used up. The header Retry-After says when to try again.";
    OtpResendTooSoon = "otp_resend_too_soon", TOO_MANY_REQUESTS, "Code sent a moment ago",
        "A code was sent a moment ago. The header Retry-After says when the next one may be asked for.";
    OtpLocked = "otp_locked", TOO_MANY_REQUESTS, "Too many wrong codes for this address",
        "Too many wrong codes were entered for this address within a day. The header Retry-After says when codes are sent and accepted again.";
    Internal = "internal", INTERNAL_SERVER_ERROR, "Internal error",
        "The server failed. Tell its operator the requestId, under which the cause is in the log.";
    Unavailable = "unavailable", SERVICE_UNAVAILABLE, "Temporarily unavailable",
        "The server, or something it depends on, cannot answer now. The header Retry-After says when to try again.";
    CacheUnavailable = "cache_unavailable", SERVICE_UNAVAILABLE, "Cache unavailable",
        "The cache that keeps pending signups cannot answer now. Nothing is lost; the header Retry-After says when to try again.";
}

impl Code {
    /// The code with a name on the wire.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == name)
    }

    /// Whether it says that the refresh token is good no more: then the answer clears the cookie.
    pub(crate) const fn spends_refresh_token(self) -> bool {
        matches!(self, Self::InvalidRefreshToken | Self::RefreshTokenReused)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_is_unique_and_documented() {
        let names: BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        let titles: BTreeSet<_> = Code::ALL.iter().map(|code| code.title()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        assert_eq!(titles.len(), Code::ALL.len());
        for code in Code::ALL {
            assert_eq!(Code::from_name(code.as_str()), Some(code));
            assert!(code.status().is_client_error() || code.status().is_server_error());
            assert!(code.explanation().ends_with('.'), "{code:?}");
            assert!(
                code.as_str()
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b == b'_'),
                "{code:?}"
            );
        }
        assert_eq!(Code::from_name("teapot"), None);
    }
}
