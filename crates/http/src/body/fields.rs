//! The members of one object, asked for by name.

use std::collections::BTreeSet;

use kogents_domain::violation::{Violation, ViolationCode};

use super::tree::{Members, Node};
use crate::problem::{FieldError, echoed};

/// The members of an object while they are read. Every question records what is wrong with its
/// answer; `None` on the outside means that something was.
///
/// What is wrong with members that the client named itself, unknown ones above all, comes after
/// everything else that is wrong: there can be thousands of them in one body, and an answer
/// reports no more than [`Problem::MAX_REPORTED`](crate::problem::Problem::MAX_REPORTED)
/// violations.
pub(crate) struct Fields<'b> {
    members: &'b Members,
    /// What stands before a member's name in its path: empty, or `branding.`.
    prefix: String,
    asked: BTreeSet<&'static str>,
    errors: Vec<FieldError>,
    /// What is wrong with members whose names are the client's own.
    strangers: Vec<FieldError>,
}

impl<'b> Fields<'b> {
    pub(super) const fn of(members: &'b Members) -> Self {
        Self {
            members,
            prefix: String::new(),
            asked: BTreeSet::new(),
            errors: Vec::new(),
            strangers: Vec::new(),
        }
    }

    /// A text that must be there.
    pub(crate) fn required<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Violation>,
    ) -> Option<T> {
        match self.take(name) {
            None => self.refuse(name, Violation::required()),
            Some(Node::Text(text)) => self.keep(name, parse(text)),
            Some(_) => self.refuse(name, wrong_type("a text")),
        }
    }

    /// A text that may be absent.
    pub(crate) fn optional<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Violation>,
    ) -> Option<Option<T>> {
        if self.is_present(name) {
            // An optional text that is empty is not missing: it is too short.
            let parse = |text: &str| {
                parse(text).map_err(|violation| {
                    if violation.code == ViolationCode::RequiredField {
                        Violation::new(ViolationCode::InvalidLength, "must not be empty")
                    } else {
                        violation
                    }
                })
            };
            self.required(name, parse).map(Some)
        } else {
            self.skip(name);
            Some(None)
        }
    }

    /// A text that may be absent, and `null` to clear what is there: Some(None) on the inside.
    pub(crate) fn clearable<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Violation>,
    ) -> Option<Option<Option<T>>> {
        if self.is_null(name) {
            self.skip(name);
            return Some(Some(None));
        }
        self.optional(name, parse).map(|text| text.map(Some))
    }

    /// A list of texts that must be there, of at most `most` items. What is wrong with one is told
    /// of the list: the first of such.
    pub(crate) fn required_list<T>(
        &mut self,
        name: &'static str,
        most: usize,
        mut parse: impl FnMut(&str) -> Result<T, Violation>,
    ) -> Option<Vec<T>> {
        let items = match self.take(name) {
            None => return self.refuse(name, Violation::required()),
            Some(Node::Array(items)) => items,
            Some(_) => return self.refuse(name, wrong_type("a list of texts")),
        };
        if items.len() > most {
            let message = format!("must have at most {most} items");
            let violation = Violation::new(ViolationCode::InvalidLength, message);
            return self.refuse(name, violation);
        }
        let parsed = items.iter().map(|item| match item {
            Node::Text(text) => parse(text),
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::Array(_) | Node::Object(_) => {
                Err(wrong_type("a list of texts"))
            }
        });
        let parsed = parsed.collect();
        self.keep(name, parsed)
    }

    /// A member that is known, and absent.
    pub(crate) fn skip(&mut self, name: &'static str) {
        self.asked.insert(name);
    }

    /// A number that must be there.
    pub(crate) fn required_number<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(f64) -> Result<T, Violation>,
    ) -> Option<T> {
        match self.take(name) {
            None => self.refuse(name, Violation::required()),
            Some(Node::Number(number)) => self.keep(name, parse(*number)),
            Some(_) => self.refuse(name, wrong_type("a number")),
        }
    }

    /// A whole number within bounds that may be absent.
    pub(crate) fn optional_count(&mut self, name: &'static str, most: u32) -> Option<Option<u32>> {
        if self.is_present(name) {
            self.required_number(name, |number| whole(number, most))
                .map(Some)
        } else {
            self.skip(name);
            Some(None)
        }
    }

    /// `true` or `false`, or neither.
    pub(crate) fn optional_flag(&mut self, name: &'static str) -> Option<Option<bool>> {
        match self.take(name) {
            None => Some(None),
            Some(Node::Bool(value)) => Some(Some(*value)),
            Some(_) => self.refuse(name, wrong_type("true or false")),
        }
    }

    /// An object that may be absent, with the same rules inside.
    pub(crate) fn object<T>(
        &mut self,
        name: &'static str,
        reader: impl FnOnce(&mut Fields<'_>) -> Option<T>,
    ) -> Option<Option<T>> {
        match self.take(name) {
            None => Some(None),
            Some(Node::Object(members)) => {
                let mut inner = Fields {
                    members,
                    prefix: format!("{}{name}.", self.prefix),
                    asked: BTreeSet::new(),
                    errors: Vec::new(),
                    strangers: Vec::new(),
                };
                let value = reader(&mut inner);
                inner.refuse_unknown();
                self.errors.append(&mut inner.errors);
                self.strangers.append(&mut inner.strangers);
                value.map(Some)
            }
            Some(_) => self.refuse(name, wrong_type("an object")),
        }
    }

    /// An object of any names whose values are texts; it may be absent, and so may each value.
    pub(crate) fn texts(&mut self, name: &'static str) -> Option<Vec<(&'b str, &'b str)>> {
        let members = match self.take(name) {
            None => return Some(Vec::new()),
            Some(Node::Object(members)) => members,
            Some(_) => return self.refuse(name, wrong_type("an object")),
        };
        let mut texts = Some(Vec::new());
        for (key, value) in members {
            match value {
                Node::Null => {}
                Node::Text(text) => {
                    if let Some(texts) = &mut texts {
                        texts.push((key.as_str(), text.as_str()));
                    }
                }
                Node::Bool(_) | Node::Number(_) | Node::Array(_) | Node::Object(_) => {
                    let path = format!("{}{name}.{}", self.prefix, echoed(key));
                    self.strangers
                        .push(FieldError::new(path, wrong_type("a text")));
                    texts = None;
                }
            }
        }
        texts
    }

    /// Whether a member is there; `null` is as good as absent.
    pub(crate) fn is_present(&self, name: &str) -> bool {
        !matches!(self.members.get(name), None | Some(Node::Null))
    }

    /// Whether a member is there and `null`.
    pub(crate) fn is_null(&self, name: &str) -> bool {
        matches!(self.members.get(name), Some(Node::Null))
    }

    /// How many violations there are so far.
    pub(crate) fn violations(&self) -> usize {
        self.errors.len()
    }

    /// Ends the reading: members that nobody asked for are violations too, and come last.
    pub(super) fn finish(mut self) -> Vec<FieldError> {
        self.refuse_unknown();
        self.errors.append(&mut self.strangers);
        // A dotted name may spell the path of a member inside another; the first one counts.
        let mut told = BTreeSet::new();
        self.errors.retain(|error| told.insert(error.field.clone()));
        self.errors
    }

    fn refuse_unknown(&mut self) {
        let unknown = self
            .members
            .keys()
            .filter(|name| !self.asked.contains(name.as_str()))
            .map(|name| FieldError::unknown(format!("{}{}", self.prefix, echoed(name))));
        self.strangers.extend(unknown);
    }

    fn take(&mut self, name: &'static str) -> Option<&'b Node> {
        self.asked.insert(name);
        match self.members.get(name) {
            None | Some(Node::Null) => None,
            found => found,
        }
    }

    fn keep<T>(&mut self, name: &str, parsed: Result<T, Violation>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(violation) => self.refuse(name, violation),
        }
    }

    fn refuse<T>(&mut self, name: &str, violation: Violation) -> Option<T> {
        let path = format!("{}{name}", self.prefix);
        self.errors.push(FieldError::new(path, violation));
        None
    }
}

/// A whole number from 0 to `most`; `7.0` is one (RFC 8259 section 6 knows no other numbers).
fn whole(number: f64, most: u32) -> Result<u32, Violation> {
    if number < 0.0 {
        let message = "must not be below 0";
        return Err(Violation::new(ViolationCode::MinValue, message));
    }
    if number > f64::from(most) {
        let message = format!("must not be above {most}");
        return Err(Violation::new(ViolationCode::MaxValue, message));
    }
    // Counting up to the number is exact, where a cast would round.
    (0..=most)
        .find(|whole| f64::from(*whole).total_cmp(&number.abs()).is_eq())
        .ok_or_else(|| Violation::format("must be a whole number"))
}

fn wrong_type(wanted: &str) -> Violation {
    Violation::new(ViolationCode::InvalidType, format!("must be {wanted}"))
}
