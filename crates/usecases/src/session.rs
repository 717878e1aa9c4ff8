//! A person's sessions: opening and ending them, looking at them, and what becomes of them.

mod activity_book;
mod admission;
mod capture;
mod check_upkeep;
mod count_action;
mod drop_devices;
mod drop_sessions;
mod end_other_sessions;
mod end_session;
mod end_sessions_of_person;
mod fill_session;
mod flush_activity;
mod list_sessions;
mod list_sessions_of_person;
mod make_partitions;
mod minimise_sessions;
mod new_device_notice;
mod open_session;
mod opening;
mod report_activity;
mod session_gate;
mod session_opener;
mod sweep_sessions;
mod upkeep_lease;

pub use activity_book::ActivityBook;
pub use admission::Admission;
pub(crate) use admission::{NotAdmitted, Request};
pub use capture::{Captured, Client, SessionCapture};
pub use check_upkeep::{CheckUpkeep, CheckUpkeepError};
pub use count_action::CountAction;
pub use drop_devices::{DropDevices, DropDevicesError};
pub use drop_sessions::{DropSessions, DropSessionsError};
pub use end_other_sessions::{EndOtherSessions, EndOtherSessionsError};
pub use end_session::{EndSession, EndSessionCommand, EndSessionError};
pub use end_sessions_of_person::{
    EndSessionsOfPerson, EndSessionsOfPersonCommand, EndSessionsOfPersonError,
};
pub use fill_session::{FillSession, FillSessionCommand, FillSessionError};
pub use flush_activity::{FlushActivity, FlushActivityError};
pub use list_sessions::{ListSessions, ListSessionsCommand, ListSessionsError, SessionList};
pub use list_sessions_of_person::{
    ListSessionsOfPerson, ListSessionsOfPersonCommand, ListSessionsOfPersonError, SessionsOfPerson,
};
pub use make_partitions::{MakePartitions, MakePartitionsError};
pub use minimise_sessions::{MinimiseSessions, MinimiseSessionsError};
pub use new_device_notice::NewDeviceNotices;
pub use open_session::{OpenSession, OpenSessionCommand, OpenSessionError, OpenedSession};
pub(crate) use opening::{OpenedBy, Opening};
pub use report_activity::{ReportActivity, ReportActivityCommand, ReportActivityError, Reporter};
pub(crate) use session_gate::Fences;
pub use session_gate::SessionGate;
pub use session_opener::SessionOpener;
pub(crate) use session_opener::{Made, Prepared};
pub use sweep_sessions::{SweepSessions, SweepSessionsError, SweptSessions};
pub use upkeep_lease::UpkeepLease;
