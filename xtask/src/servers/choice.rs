//! Which server the tests use: the order of preference, decided from what is there.

use super::kind::Kind;
use crate::failure::{Failure, Outcome};

/// What is there for one kind of server.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    /// Its variable is set.
    pub(super) named: bool,
    /// A Docker engine answers.
    pub(super) engine: bool,
    /// Its programs are installed, and new enough.
    pub(super) installed: bool,
}

/// Where a server comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The one that the variable names, whatever else there is.
    Named,
    /// A container, which is tried: an engine that cannot pull is no engine.
    Docker,
    /// The installed programs, started for these tests alone.
    Installed,
}

/// The sources to try, the preferred one first; none where nothing is there.
pub(super) fn sources(found: Found) -> Vec<Source> {
    if found.named {
        return vec![Source::Named];
    }
    let docker = found.engine.then_some(Source::Docker);
    let installed = found.installed.then_some(Source::Installed);
    docker.into_iter().chain(installed).collect()
}

/// Fails where tests would be left out that may not be: on a machine that checks changes.
pub(super) fn judge(is_ci: bool, missing: &[Kind]) -> Outcome {
    if !is_ci || missing.is_empty() {
        return Ok(());
    }
    let advice: Vec<String> = missing
        .iter()
        .map(|kind| format!("there is no {}: {}", kind.name(), kind.advice()))
        .collect();
    Err(Failure::new(format!(
        "CI=true, but {}",
        advice.join("; and ")
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(named: bool, engine: bool, installed: bool) -> Vec<Source> {
        sources(Found {
            named,
            engine,
            installed,
        })
    }

    #[test]
    fn what_a_variable_names_is_used_alone() {
        assert_eq!(order(true, true, true), [Source::Named]);
        assert_eq!(order(true, false, false), [Source::Named]);
    }

    #[test]
    fn an_engine_is_tried_before_the_installed_programs() {
        assert_eq!(
            order(false, true, true),
            [Source::Docker, Source::Installed]
        );
        assert_eq!(order(false, true, false), [Source::Docker]);
        assert_eq!(order(false, false, true), [Source::Installed]);
        assert!(order(false, false, false).is_empty());
    }

    #[test]
    fn a_missing_server_is_a_failure_only_where_changes_are_checked() {
        assert!(judge(false, &Kind::ALL).is_ok());
        assert!(judge(true, &[]).is_ok());
        let failure = judge(true, &[Kind::Redis]).unwrap_err().to_string();
        assert!(failure.contains("TEST_REDIS_URL") && failure.contains("redis-server"));
        assert!(!failure.contains("TEST_DATABASE_URL"));
        let failure = judge(true, &Kind::ALL).unwrap_err().to_string();
        assert!(failure.contains("TEST_REDIS_URL") && failure.contains("TEST_DATABASE_URL"));
    }
}
