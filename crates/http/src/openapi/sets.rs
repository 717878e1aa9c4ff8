//! The closed sets of texts that the wire knows, each a named schema of the document. A view says
//! which one its member is of: `#[schema(value_type = sets::EndReason)]`.

use std::borrow::Cow;

use kogents_domain::violation::ViolationCode;
use kogents_domain::{audit, health, mail, session, signup, workspace};
use kogents_usecases::health::HealthStatus as Health;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::problem::Code;

/// Makes a type without values for each set; its schema lists the names.
macro_rules! closed_sets {
    ($($(#[$meta:meta])* $set:ident: $names:expr;)*) => {$(
        $(#[$meta])*
        pub(crate) enum $set {}

        impl PartialSchema for $set {
            fn schema() -> RefOr<Schema> {
                schema_of(&$names)
            }
        }

        impl ToSchema for $set {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($set))
            }
        }
    )*};
}

closed_sets! {
    /// For which client a session was opened.
    SessionType: session::SessionType::ALL.map(session::SessionType::as_str);
    /// Why a session ended.
    EndReason: session::EndReason::ALL.map(session::EndReason::as_str);
    /// Where a session's place comes from.
    GeoSource: session::GeoSource::ALL.map(session::GeoSource::as_str);
    /// What kind of device a session is on.
    DeviceType: session::DeviceType::ALL.map(session::DeviceType::as_str);
    /// What brought a person here, by Google's default channel grouping.
    Channel: session::Channel::ALL.map(session::Channel::as_str);
    /// How far a signup is.
    SignupStep: signup::SignupStep::ALL.map(signup::SignupStep::as_str);
    /// How a person takes part in a workspace.
    MembershipStatus: workspace::MembershipStatus::ALL.map(workspace::MembershipStatus::as_str);
    /// What a directory is sorted by.
    DirectorySort: workspace::DirectorySort::ALL.map(workspace::DirectorySort::as_str);
    /// Whether the least or the greatest comes first.
    SortOrder: ["asc", "desc"];
    /// The colours of a workspace's pages.
    Theme: workspace::Theme::ALL.map(workspace::Theme::as_str);
    /// How to send an access token.
    TokenType: ["Bearer"];
    /// What can have been done.
    AuditAction: audit::AuditAction::ALL.map(audit::AuditAction::as_str);
    /// What kind of thing something was done to.
    AuditTargetType: audit::AuditKind::ALL.map(audit::AuditKind::as_str);
    /// How the product is as a whole.
    HealthStatus: Health::ALL.map(Health::as_str);
    /// How one dependency is.
    CheckStatus: health::CheckStatus::ALL.map(health::CheckStatus::as_str);
    /// How the database is.
    DatabaseStatus: ["healthy", "unhealthy"];
    /// What a process says that answers at all.
    LiveStatus: ["live"];
    /// Whether requests should be sent to a process.
    ReadyStatus: ["ready", "not_ready"];
    /// Which template made a mail.
    MailTemplate: mail::Template::ALL.map(mail::Template::as_str);
    /// The codes of problems.
    ProblemCode: Code::ALL.map(Code::as_str);
    /// What can be wrong with a field.
    FieldErrorCode: ViolationCode::ALL.map(ViolationCode::as_str);
}

fn schema_of(names: &[&'static str]) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(names.iter().copied()))
        .examples(names.iter().copied().take(1))
        .into()
}
