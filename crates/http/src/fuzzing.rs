//! The parsers of this crate as functions of octets, for property tests and for fuzzing. No part
//! of the product: only tests and the feature `fuzzing` have it.

use kogents_domain::audit::AuditKey;
use kogents_domain::auth::Language;
use kogents_domain::ids::SessionId;
use kogents_domain::limits::LimitLedger;

use crate::auth::{LogInBody, RefreshTokenBody};
use crate::body::Body;
use crate::cursor;
use crate::problem::Problem;
use crate::signup::{ConfirmCodeBody, SignUpBody, SignupReferenceBody, WorkspaceBody};

/// Gives the octets of a body to the reader of every route: whether they are an object within the
/// limits, and the status, the code and the number of fields of every refusal.
#[must_use]
pub fn read_body(octets: &[u8]) -> (bool, Vec<(u16, &'static str, usize)>) {
    let body = match Body::from_bytes(octets) {
        Ok(body) => body,
        Err(problem) => return (false, vec![told(&problem)]),
    };
    let refusals = [
        SignUpBody::read(&body)
            .finish(false, Language::english(), LimitLedger::default())
            .err(),
        WorkspaceBody::read(&body, LimitLedger::default()).err(),
        SignupReferenceBody::read(&body).err(),
        ConfirmCodeBody::read(&body).err(),
        LogInBody::read(&body).err(),
        RefreshTokenBody::read(&body, true).err(),
        RefreshTokenBody::read(&body, false).err(),
    ];
    (true, refusals.iter().flatten().map(told).collect())
}

fn told(problem: &Problem) -> (u16, &'static str, usize) {
    let status = problem.code.status().as_u16();
    (status, problem.code.as_str(), problem.errors.len())
}

/// The cursor after a session.
#[must_use]
pub fn encode_cursor(session: SessionId) -> String {
    cursor::of_session(session)
}

/// The session that a cursor stands after.
#[must_use]
pub fn parse_cursor(text: &str) -> Option<SessionId> {
    cursor::parse_session(text).ok()
}

/// The cursor after an entry of the audit log.
#[must_use]
pub fn encode_audit_cursor(key: AuditKey) -> String {
    cursor::of_audit(key)
}

/// The entry of the audit log that a cursor stands after.
#[must_use]
pub fn parse_audit_cursor(text: &str) -> Option<AuditKey> {
    cursor::parse_audit(text).ok()
}
