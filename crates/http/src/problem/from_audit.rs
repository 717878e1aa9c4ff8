//! From the errors of the use cases of the audit log to problems.

use kogents_usecases::audit::ListAuditError;

use super::Problem;

impl From<ListAuditError> for Problem {
    fn from(error: ListAuditError) -> Self {
        match error {
            ListAuditError::Store(error) => error.into(),
        }
    }
}
