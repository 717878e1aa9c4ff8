//! The query of a request, asked for by name.

use std::borrow::Cow;

use actix_web::HttpRequest;
use kogents_domain::ids::SessionId;
use kogents_domain::page::PageLimit;
use kogents_domain::violation::{Violation, ViolationCode};

use super::parse_session;
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
    // What does not fit 16 bits is above the greatest as well.
    digits.parse().ok().and_then(PageLimit::new).ok_or_else(|| {
        Violation::new(
            ViolationCode::MaxValue,
            format!("must be at most {}", PageLimit::MAX),
        )
    })
}

#[cfg(test)]
mod tests {
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
