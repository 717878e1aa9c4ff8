//! A workspace's name in addresses.

use serde::{Deserialize, Serialize};

use crate::violation::Violation;

/// Names that a product's own hosts and paths have.
const RESERVED: [&str; 44] = [
    "about",
    "account",
    "accounts",
    "admin",
    "api",
    "app",
    "apps",
    "assets",
    "auth",
    "billing",
    "blog",
    "cdn",
    "chat",
    "console",
    "dashboard",
    "dev",
    "docs",
    "email",
    "ftp",
    "health",
    "help",
    "host",
    "kogents",
    "localhost",
    "login",
    "logout",
    "mail",
    "metrics",
    "news",
    "openapi",
    "postmaster",
    "root",
    "security",
    "settings",
    "signup",
    "smtp",
    "static",
    "status",
    "support",
    "system",
    "webmaster",
    "widget",
    "workspace",
    "www",
];

/// A slug: lower case, 3 to 50 letters, digits and single hyphens, neither first nor last a
/// hyphen; unique over all workspaces; none of the reserved names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Slug(String);

impl Slug {
    /// Reads a slug that somebody chooses, trimmed and lower-cased.
    ///
    /// # Errors
    /// `REQUIRED_FIELD`, `INVALID_LENGTH`, or `INVALID_FORMAT`, also for a reserved one.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let slug = Self::from_stored(text)?;
        if RESERVED.contains(&slug.as_str()) {
            return Err(Violation::format("is a reserved name"));
        }
        Ok(slug)
    }

    /// A slug that a store kept. It may have been reserved since.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), but for reserved ones.
    pub fn from_stored(text: &str) -> Result<Self, Violation> {
        let slug = text.trim().to_ascii_lowercase();
        if slug.is_empty() {
            return Err(Violation::required());
        }
        if !(3..=50).contains(&slug.chars().count()) {
            return Err(Violation::length(3, 50));
        }
        let characters = slug
            .bytes()
            .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        if !characters || slug.starts_with('-') || slug.ends_with('-') || slug.contains("--") {
            return Err(Violation::format(
                "must consist of letters, digits and single hyphens between them",
            ));
        }
        Ok(Self(slug))
    }

    /// The slug.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::violation::ViolationCode;

    #[test]
    fn slugs_are_trimmed_and_lowered() {
        assert_eq!(Slug::parse(" Acme-2 ").unwrap().as_str(), "acme-2");
    }

    #[test]
    fn other_forms_are_refused() {
        for bad in [
            "-acme",
            "acme-",
            "ac--me",
            "ac me",
            "acmé",
            "\u{212A}elvin",
            "admin",
            "www",
            "a_b_c",
        ] {
            assert_eq!(
                Slug::parse(bad).unwrap_err().code,
                ViolationCode::InvalidFormat,
                "{bad}"
            );
        }
        for bad in ["ab", &"a".repeat(51)] {
            assert_eq!(
                Slug::parse(bad).unwrap_err().code,
                ViolationCode::InvalidLength
            );
        }
    }
}
