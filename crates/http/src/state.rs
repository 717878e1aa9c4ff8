//! What the server is made of; every worker shares one.

mod access;
mod health;
mod people;
mod profile;
mod workspaces;

use std::sync::Arc;

use kogents_domain::digest::Digester;
use kogents_domain::ids::IdGenerator;
use kogents_domain::mail::MailboxReader;
use kogents_domain::time::Timestamp;
use kogents_usecases::audit::ListAudit;
use kogents_usecases::auth::{
    AssessPassword, Authenticate, ConfirmEmail, ConfirmPasswordReset, LogIn, LogOut, ReadProfile,
    Refresh, ReportNotMe, RequestPasswordReset,
};
use kogents_usecases::limits::AdmitRequest;
use kogents_usecases::session::{
    CountAction, EndOtherSessions, EndSession, FillSession, ListSessions, OpenSession,
    ReportActivity,
};
use kogents_usecases::signup::{ChooseWorkspace, ConfirmCode, ResumeSignup, SendCode, SignUp};
use tokio_util::task::TaskTracker;

use crate::client_address::ForwardingWarning;
use crate::metrics::HttpMetrics;
use crate::readiness::Readiness;
use crate::settings::HttpSettings;
pub use access::AccessUseCases;
pub use health::HealthUseCases;
pub use people::PeopleUseCases;
pub use profile::ProfileUseCases;
pub use workspaces::WorkspaceUseCases;

/// What the product does, one field a use case.
#[expect(
    missing_docs,
    reason = "each field is named after its use case, which is documented"
)]
pub struct UseCases {
    pub sign_up: Arc<SignUp>,
    pub choose_workspace: Arc<ChooseWorkspace>,
    pub send_code: Arc<SendCode>,
    pub confirm_code: Arc<ConfirmCode>,
    pub resume_signup: Arc<ResumeSignup>,
    pub log_in: Arc<LogIn>,
    pub refresh: Arc<Refresh>,
    pub log_out: Arc<LogOut>,
    pub request_password_reset: Arc<RequestPasswordReset>,
    pub confirm_password_reset: Arc<ConfirmPasswordReset>,
    pub confirm_email: Arc<ConfirmEmail>,
    pub report_not_me: Arc<ReportNotMe>,
    pub assess_password: Arc<AssessPassword>,
    pub authenticate: Arc<Authenticate>,
    pub admit_request: Arc<AdmitRequest>,
    pub read_profile: Arc<ReadProfile>,
    pub count_action: Arc<CountAction>,
    pub open_session: Arc<OpenSession>,
    pub fill_session: Arc<FillSession>,
    pub report_activity: Arc<ReportActivity>,
    pub list_sessions: Arc<ListSessions>,
    pub end_session: Arc<EndSession>,
    pub end_other_sessions: Arc<EndOtherSessions>,
    pub list_audit: Arc<ListAudit>,
    pub profile: ProfileUseCases,
    pub workspaces: WorkspaceUseCases,
    pub people: PeopleUseCases,
    pub access: AccessUseCases,
    pub health: HealthUseCases,
}

/// The HTTP side with all it needs.
pub struct Http {
    /// The settings.
    pub settings: HttpSettings,
    /// What the product does.
    pub use_cases: UseCases,
    /// The development mailbox, where there is one: then its two routes exist.
    pub mailbox: Option<Arc<dyn MailboxReader>>,
    /// Makes the handles of sessions.
    pub digester: Arc<dyn Digester>,
    /// Makes request ids.
    pub ids: Arc<dyn IdGenerator>,
    /// The figures of requests.
    pub metrics: HttpMetrics,
    /// The main runtime, which carries use cases and owns whatever they open.
    pub runtime: tokio::runtime::Handle,
    /// The use cases under way, also those whose client is gone: shutdown waits for them.
    pub tasks: TaskTracker,
    /// Told once: whether forwarded addresses come from a peer that is not trusted.
    pub forwarding: ForwardingWarning,
    /// Whether this process can take requests.
    pub readiness: Arc<Readiness>,
    /// The program's version.
    pub version: &'static str,
    /// When the program started.
    pub started: Timestamp,
}
