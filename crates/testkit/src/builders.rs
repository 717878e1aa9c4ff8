//! Builders of entities: sensible defaults, unique values, and overrides where a test needs them.
//!
//! ```
//! use kogents_testkit::builders::a_user;
//!
//! let ada = a_user().email("ada@example.com").build();
//! let silent = a_user().with(|user| user.notify_new_device = false).build();
//! assert_ne!(ada.id, silent.id);
//! ```
//!
//! Times of entities begin at [`START`], a fixed moment with odd milliseconds. What goes to a
//! cache begins at [`real_now`], because caches also have lifetimes of their own.

mod access;
mod audit;
mod everything;
mod invitation;
mod mail;
mod membership;
mod one_time_token;
mod session;
mod signup;
mod user;
mod values;
mod workspace;

pub use access::{
    a_custom_role, a_permission_name, a_role, a_role_name, an_own_permission, system_roles,
};
pub use audit::{AuditEntryBuilder, an_audit_entry};
pub use everything::{analytics_with_everything, branding_with_everything, facts_with_everything};
pub use invitation::{InvitationBuilder, an_invitation};
pub use mail::{MailJobBuilder, a_mail_job};
pub use membership::{MembershipBuilder, a_membership};
pub use one_time_token::{OneTimeTokenBuilder, a_one_time_token};
pub use session::{SessionBuilder, a_session, lifetimes};
pub use signup::{NewPendingBuilder, PendingSignupBuilder, a_new_pending, a_pending_signup};
pub use user::{UserBuilder, a_user};
pub use values::{
    START, address, code, digest_of, real_now, unique_address, unique_digest, unique_fingerprint,
    unique_id, unique_id_at, unique_word,
};
pub use workspace::{ApiTokenBuilder, WorkspaceBuilder, a_workspace, an_api_token};
