//! What a check found: one line for a person, one object for a script.

use serde::Serialize;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    /// All is well.
    Ok,
    /// It runs, and something about it should be changed.
    Warning,
    /// It does not run, or not safely.
    Failure,
}

impl Level {
    const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failure => "failure",
        }
    }
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    /// Which check.
    pub(super) check: &'static str,
    /// How bad it is.
    pub(super) level: Level,
    /// What was found.
    pub(super) told: String,
    /// What to do about it, in one sentence; None where all is well.
    pub(super) fix: Option<String>,
}

impl Finding {
    /// All is well.
    pub(super) fn ok(check: &'static str, told: impl Into<String>) -> Self {
        Self {
            check,
            level: Level::Ok,
            told: told.into(),
            fix: None,
        }
    }

    /// Something should be changed.
    pub(super) fn warning(
        check: &'static str,
        told: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            level: Level::Warning,
            fix: Some(fix.into()),
            ..Self::ok(check, told)
        }
    }

    /// Something must be changed.
    pub(super) fn failure(
        check: &'static str,
        told: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            level: Level::Failure,
            fix: Some(fix.into()),
            ..Self::ok(check, told)
        }
    }

    /// As one line, whatever the parts of it say.
    pub(super) fn line(&self) -> String {
        let fix = self.fix.as_ref();
        let fix = fix.map_or_else(String::new, |fix| format!(". Fix: {fix}"));
        let told = format!("{}{fix}", self.told).replace(['\n', '\r'], " ");
        format!("{:7}  {:13}  {told}", self.level.name(), self.check)
    }
}

/// The worst of several; all is well where there are none.
pub(super) fn worst(findings: &[Finding]) -> Level {
    let levels = findings.iter().map(|finding| finding.level);
    levels.max().unwrap_or(Level::Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_one_line_and_the_worst_one_counts() {
        let bad = Finding::failure("cache", "it says\nno", "start it");
        assert_eq!(
            bad.line(),
            "failure  cache          it says no. Fix: start it"
        );
        let good = Finding::ok("database", "all is well");
        assert_eq!(good.line(), "ok       database       all is well");
        assert_eq!(worst(&[good.clone(), bad, good]), Level::Failure);
        assert_eq!(worst(&[]), Level::Ok);
    }
}
