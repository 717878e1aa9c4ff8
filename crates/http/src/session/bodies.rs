//! The request bodies of sessions.

use kogents_domain::session::{ActivityCount, Analytics, SessionType};
use kogents_domain::violation::{Violation, ViolationCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::{Body, read_analytics, with_analytics};
use crate::openapi::sets;
use crate::problem::Problem;

with_analytics! {
    /// Which session to open.
    struct OpenSessionBody {
        /// For which client; `WEB` unless said.
        #[schema(value_type = Option<sets::SessionType>, example = "MOBILE")]
        session_type: Option<String>,
    }
}

impl OpenSessionBody {
    /// Reads the body.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(crate) fn read(body: &Body) -> Result<(SessionType, Analytics), Problem> {
        body.parse(|fields| {
            let session_type = fields.optional("sessionType", session_type);
            let analytics = read_analytics(fields);
            Some((session_type?.unwrap_or(SessionType::Web), analytics?))
        })
    }
}

fn session_type(text: &str) -> Result<SessionType, Violation> {
    SessionType::from_name(text).ok_or_else(|| {
        let names = SessionType::ALL.map(SessionType::as_str).join(", ");
        let message = format!("must be one of {names}");
        Violation::new(ViolationCode::InvalidEnumValue, message)
    })
}

with_analytics! {
    /// What the frontend tells of the session of this request.
    struct FillSessionBody {}
}

impl FillSessionBody {
    /// Reads the body.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(crate) fn read(body: &Body) -> Result<Analytics, Problem> {
        body.parse(read_analytics)
    }
}

/// What the frontend counted since its last report.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActivityBody {
    /// Pages visited.
    #[schema(minimum = 0, maximum = 1000, example = 2)]
    pages: Option<u32>,
    /// Actions performed.
    #[schema(minimum = 0, maximum = 1000, example = 1)]
    actions: Option<u32>,
}

impl ActivityBody {
    /// The most of each in one report.
    const MOST: u32 = 1_000;

    /// Reads the body.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(crate) fn read(body: &Body) -> Result<ActivityCount, Problem> {
        body.parse(|fields| {
            let pages = fields.optional_count("pages", Self::MOST);
            let actions = fields.optional_count("actions", Self::MOST);
            Some(ActivityCount {
                requests: 0,
                pages: pages?.unwrap_or(0),
                actions: actions?.unwrap_or(0),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> Body {
        Body::from_bytes(text.as_bytes()).unwrap()
    }

    fn code(problem: &Problem) -> Option<ViolationCode> {
        problem.errors.first().map(|error| error.violation.code)
    }

    #[test]
    fn a_session_is_for_the_web_unless_it_says_for_what() {
        let read = |text: &str| OpenSessionBody::read(&body(text)).map(|(kind, _)| kind);
        assert_eq!(read("{}"), Ok(SessionType::Web));
        assert_eq!(read(r#"{"sessionType":"API"}"#), Ok(SessionType::Api));
        for bad in ["web", "PHONE", ""] {
            let text = format!(r#"{{"sessionType":"{bad}"}}"#);
            let refused = read(&text).unwrap_err();
            assert_eq!(
                code(&refused),
                Some(ViolationCode::InvalidEnumValue),
                "{bad}"
            );
        }
    }

    #[test]
    fn counts_are_whole_numbers_up_to_a_thousand() {
        let read = |text: &str| ActivityBody::read(&body(text));
        let counted = |pages, actions| {
            Ok(ActivityCount {
                requests: 0,
                pages,
                actions,
            })
        };
        assert_eq!(read("{}"), counted(0, 0));
        assert_eq!(read(r#"{"pages":1000,"actions":0}"#), counted(1_000, 0));
        assert_eq!(read(r#"{"pages":null,"actions":7.0}"#), counted(0, 7));
        assert_eq!(read(r#"{"pages":-0.0}"#), counted(0, 0));
        for (bad, expected) in [
            (r#"{"pages":1001}"#, ViolationCode::MaxValue),
            (r#"{"pages":-1}"#, ViolationCode::MinValue),
            (r#"{"actions":0.5}"#, ViolationCode::InvalidFormat),
            (r#"{"actions":"1"}"#, ViolationCode::InvalidType),
            (r#"{"requests":1}"#, ViolationCode::UnknownField),
        ] {
            assert_eq!(code(&read(bad).unwrap_err()), Some(expected), "{bad}");
        }
    }
}
