//! The query of a request, asked for by name.

use std::borrow::Cow;

use actix_web::HttpRequest;
use kogents_domain::audit::AuditKey;
use kogents_domain::ids::{InvitationId, SessionId};
use kogents_domain::page::PageLimit;
use kogents_domain::violation::{Violation, ViolationCode};

use super::{parse_audit, parse_invitation, parse_session};
use crate::problem::{FieldError, Problem};

/// The parameters of a query. Unknown ones are ignored, and so is a token among them; malformed
/// percent-encoding stays as it is, and is then no value of anything.
#[derive(Debug)]
pub(crate) struct Query {
    pairs: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

impl Query {
    pub(crate) fn of(req: &HttpRequest) -> Self {
        Self::parse(req.query_string())
    }

    fn parse(query: &str) -> Self {
        Self {
            pairs: url::form_urlencoded::parse(query.as_bytes())
                .map(|(name, value): (Cow<'_, str>, Cow<'_, str>)| {
                    (name.into_owned(), value.into_owned())
                })
                .collect(),
            errors: Vec::new(),
        }
    }

    /// `all`: `true` or `false`, which is also what absence means.
    pub(crate) fn flag(&mut self, name: &'static str) -> bool {
        self.value(name, |text| match text {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(Violation::new(
                ViolationCode::InvalidEnumValue,
                "must be true or false",
            )),
        })
        .unwrap_or(false)
    }

    /// `limit`: 1 to 100, 20 when absent.
    pub(crate) fn limit(&mut self) -> PageLimit {
        self.value("limit", parse_limit)
            .unwrap_or(PageLimit::DEFAULT)
    }

    /// `cursor` of a list of sessions.
    pub(crate) fn session_cursor(&mut self) -> Option<SessionId> {
        self.value("cursor", parse_session)
    }

    /// `cursor` of a list of invitations.
    pub(crate) fn invitation_cursor(&mut self) -> Option<InvitationId> {
        self.value("cursor", parse_invitation)
    }

    /// `cursor` of an audit log.
    pub(crate) fn audit_cursor(&mut self) -> Option<AuditKey> {
        self.value("cursor", parse_audit)
    }

    /// `page`: from 1, which is also what absence means.
    pub(crate) fn page(&mut self) -> u64 {
        self.value("page", parse_page).unwrap_or(1)
    }

    /// A text that may be absent.
    pub(crate) fn optional<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Violation>,
    ) -> Option<T> {
        self.value(name, parse)
    }

    /// A text that must be there.
    pub(crate) fn required<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Violation>,
    ) -> Option<T> {
        if self.pairs.iter().any(|(given, _)| given == name) {
            return self.value(name, parse);
        }
        let missing = FieldError::new(name, Violation::required());
        self.errors.push(missing);
        None
    }

    /// A text without rules.
    pub(crate) fn text(&mut self, name: &'static str) -> Option<String> {
        self.value(name, |text| Ok(text.to_owned()))
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// `validation_failed` with every violation.
    pub(crate) fn finish(self) -> Result<(), Problem> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(Problem::validation(self.errors))
        }
    }

    fn value<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Violation>,
    ) -> Option<T> {
        let mut values = self.pairs.iter().filter(|(given, _)| given == name);
        let (_, value) = values.next()?;
        let parsed = if values.next().is_some() {
            Err(Violation::format("must be given once"))
        } else {
            parse(value)
        };
        parsed
            .map_err(|violation| self.errors.push(FieldError::new(name, violation)))
            .ok()
    }
}

fn parse_limit(text: &str) -> Result<PageLimit, Violation> {
    let limit = parse_positive(text, PageLimit::MAX.into())?;
    let limit = u16::try_from(limit).ok().and_then(PageLimit::new);
    limit.ok_or_else(|| too_great(PageLimit::MAX.into()))
}

/// The greatest page: the greatest whole number that JSON is sure to keep (RFC 8259 section 6).
const MAX_PAGE: u64 = 9_007_199_254_740_991;

fn parse_page(text: &str) -> Result<u64, Violation> {
    parse_positive(text, MAX_PAGE)
}

/// A whole number from 1 to `most`.
fn parse_positive(text: &str, most: u64) -> Result<u64, Violation> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Violation::new(
            ViolationCode::InvalidType,
            "must be a whole number",
        ));
    }
    if digits.len() < text.len() || digits.bytes().all(|b| b == b'0') {
        return Err(Violation::new(
            ViolationCode::MinValue,
            "must be at least 1",
        ));
    }
    // What does not fit 64 bits is above the greatest as well.
    let number = digits.parse().ok().filter(|number| *number <= most);
    number.ok_or_else(|| too_great(most))
}

fn too_great(most: u64) -> Violation {
    Violation::new(ViolationCode::MaxValue, format!("must be at most {most}"))
}

#[cfg(test)]
mod tests {
    use kogents_domain::access::PermissionName;

    use super::*;

    fn limit(query: &str) -> Result<u16, ViolationCode> {
        let mut query = Query::parse(query);
        let limit = query.limit().get();
        match query.finish() {
            Ok(()) => Ok(limit),
            Err(problem) => Err(problem.errors.first().unwrap().violation.code),
        }
    }

    #[test]
    fn s27_absurd_limits_are_violations() {
        assert_eq!(limit(""), Ok(20));
        assert_eq!(limit("limit=1"), Ok(1));
        assert_eq!(limit("limit=%31%30%30&page=9"), Ok(100));
        for (query, code) in [
            ("limit=0", ViolationCode::MinValue),
            ("limit=-1", ViolationCode::MinValue),
            ("limit=101", ViolationCode::MaxValue),
            ("limit=99999999999999999999999", ViolationCode::MaxValue),
            ("limit=", ViolationCode::InvalidType),
            ("limit=1e2", ViolationCode::InvalidType),
            ("limit=NaN", ViolationCode::InvalidType),
            ("limit=%zz", ViolationCode::InvalidType),
            ("limit=%00", ViolationCode::InvalidType),
            ("limit=%ff", ViolationCode::InvalidType),
            ("limit=1&limit=2", ViolationCode::InvalidFormat),
        ] {
            assert_eq!(limit(query), Err(code), "{query}");
        }
    }

    #[test]
    fn s27_pages_far_past_any_end_are_read_and_absurd_ones_are_violations() {
        for (query, page) in [
            ("", Ok(1)),
            ("page=1", Ok(1)),
            ("page=9999999999999", Ok(9_999_999_999_999)),
            ("page=9007199254740991", Ok(9_007_199_254_740_991)),
            ("page=9007199254740992", Err(ViolationCode::MaxValue)),
            ("page=99999999999999999999999", Err(ViolationCode::MaxValue)),
            ("page=0", Err(ViolationCode::MinValue)),
            ("page=-3", Err(ViolationCode::MinValue)),
            ("page=two", Err(ViolationCode::InvalidType)),
        ] {
            let mut asked = Query::parse(query);
            let read = asked.page();
            let read = asked.finish().map(|()| read);
            let read = read.map_err(|problem| problem.errors.first().unwrap().violation.code);
            assert_eq!(read, page, "{query}");
        }
    }

    #[test]
    fn what_must_be_there_is_missed_once_and_read_by_its_rules() {
        for (query, code) in [
            ("", ViolationCode::RequiredField),
            ("other=users:read", ViolationCode::RequiredField),
            ("permission=", ViolationCode::RequiredField),
            ("permission=users", ViolationCode::InvalidFormat),
            (
                "permission=a:b&permission=a:b",
                ViolationCode::InvalidFormat,
            ),
        ] {
            let mut query = Query::parse(query);
            assert_eq!(query.required("permission", PermissionName::parse), None);
            let errors = query.finish().unwrap_err().errors;
            let codes: Vec<_> = errors.iter().map(|error| error.violation.code).collect();
            assert_eq!(codes, [code]);
        }
        let mut query = Query::parse("permission=users%3Aupdate");
        let read = query.required("permission", PermissionName::parse);
        assert_eq!(read.unwrap().as_str(), "users:edit");
        assert!(query.finish().is_ok());
    }

    #[test]
    fn all_violations_of_a_query_are_named_and_strangers_ignored() {
        let mut query = Query::parse("all=yes&limit=0&cursor=x&access_token=secret&%zz=%");
        assert!(!query.flag("all"));
        query.limit();
        assert_eq!(query.session_cursor(), None);
        let problem = query.finish().unwrap_err();
        let fields: Vec<_> = problem.errors.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(fields, ["all", "limit", "cursor"]);

        let mut query = Query::parse("all=true&to=ada%40example.com");
        assert!(query.flag("all"));
        assert_eq!(query.text("to").as_deref(), Some("ada@example.com"));
        assert!(query.finish().is_ok());
    }
}
