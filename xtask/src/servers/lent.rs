//! The servers of one test run, as the run sees them: where they are, which are missing.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::choice::{self, Found};
use super::durability::Durability;
use super::kind::Kind;
use super::reply::Reply;
use super::{engine, programs};
use crate::failure::{Failure, Outcome};
use crate::{process, shell};

/// How long the helper may take to stop what it runs.
const STOP_LIMIT: Duration = Duration::from_secs(40);

/// Servers for the tests; dropping it stops those that were started for it.
#[derive(Debug, Default)]
pub(crate) struct Lent {
    urls: Vec<(Kind, String)>,
    missing: Vec<(Kind, String)>,
    /// Stops the servers when it is dropped.
    _helper: Option<Helper>,
}

impl Lent {
    /// Finds a server of each kind, starts what must be started, and says which are used.
    /// With `CI=true` a missing one is a failure.
    pub(crate) fn find() -> Result<Self, Failure> {
        let lent = Self::find_any(Durability::Quick)?;
        let missing: Vec<Kind> = lent.missing.iter().map(|(kind, _)| *kind).collect();
        choice::judge(shell::is_ci(), &missing)?;
        Ok(lent)
    }

    /// Finds a server of each kind to measure with, starts what must be started, and says which
    /// are used: that it is durable is the matter of whoever names one.
    #[cfg(any(feature = "bench", test))]
    pub(crate) fn find_durable() -> Result<Self, Failure> {
        Self::find_any(Durability::Durable)
    }

    fn find_any(durability: Durability) -> Result<Self, Failure> {
        let wanted: Vec<Kind> = unnamed().collect();
        for kind in Kind::ALL.iter().filter(|kind| !wanted.contains(kind)) {
            println!(
                "{} for {}: {} names it",
                kind.name(),
                durability.user(),
                kind.variable()
            );
        }
        if wanted.is_empty() {
            Ok(Self::default())
        } else {
            Self::start(durability, &wanted)
        }
    }

    /// Where the server of a kind is: the one that is named, else the one that was started.
    #[cfg(any(feature = "bench", test))]
    pub(crate) fn url(&self, kind: Kind) -> Result<String, Failure> {
        let started = self.urls.iter().find(|(of, _)| *of == kind);
        shell::variable(kind.variable())
            .and_then(|named| named.into_string().ok())
            .or_else(|| started.map(|(_, url)| url.clone()))
            .ok_or_else(|| Failure::new(format!("there is no {}: {}", kind.name(), kind.advice())))
    }

    /// Fails early, before anything is built, where `find` would find too little for `CI=true`.
    pub(crate) fn preflight() -> Outcome {
        if !shell::is_ci() {
            return Ok(());
        }
        let engine = engine::answers();
        let missing: Vec<Kind> = unnamed()
            .filter(|kind| {
                let installed = programs::find(*kind).is_ok();
                let found = Found {
                    named: false,
                    engine,
                    installed,
                };
                choice::sources(found).is_empty()
            })
            .collect();
        choice::judge(true, &missing)
    }

    fn start(durability: Durability, wanted: &[Kind]) -> Result<Self, Failure> {
        if engine::answers() {
            println!("a Docker engine answers; what talks to it is built, once");
            let mut command =
                shell::cargo(["run", "--quiet", "-p", "xtask", "--features", "docker"]);
            command.arg("--");
            match Self::from_helper(command, durability, wanted) {
                Ok(lent) => return Ok(lent),
                Err(failure) => println!("without Docker, then: {failure}"),
            }
        }
        Self::from_helper(shell::ourselves(), durability, wanted)
    }

    /// Starts the helper by this command and reads what it says.
    fn from_helper(
        command: Command,
        durability: Durability,
        wanted: &[Kind],
    ) -> Result<Self, Failure> {
        let (helper, output) = Helper::start(command, durability, wanted)?;
        let mut lent = Self {
            _helper: Some(helper),
            ..Self::default()
        };
        lent.read(output, durability.user())?;
        Ok(lent)
    }

    fn read(&mut self, output: impl BufRead, user: &str) -> Outcome {
        for line in output.lines().map_while(Result::ok) {
            match Reply::parse(&line) {
                Some(Reply::Url { kind, said, url }) => {
                    println!("{} for {user}: {said}", kind.name());
                    self.urls.push((kind, url));
                }
                Some(Reply::None { kind, reason }) => {
                    println!("{} for {user}: none ({reason})", kind.name());
                    self.missing.push((kind, reason));
                }
                Some(Reply::Ready) => return Ok(()),
                None => println!("{line}"),
            }
        }
        Err(Failure::new(format!(
            "no servers could be started for {user}"
        )))
    }

    /// Tells a command where the servers are.
    pub(crate) fn tell(&self, command: &mut Command) {
        for (kind, url) in &self.urls {
            command.env(kind.variable(), url);
        }
    }

    /// What did not run for want of a server, and what to do about it; the last lines of a run.
    pub(crate) fn report(&self) -> String {
        self.missing
            .iter()
            .map(|(kind, reason)| {
                format!(
                    "NOT RUN: {}: {reason}. To run them, {}.\n",
                    kind.suites(),
                    kind.advice()
                )
            })
            .collect()
    }
}

/// The kinds whose variable is not set.
fn unnamed() -> impl Iterator<Item = Kind> {
    Kind::ALL
        .into_iter()
        .filter(|kind| shell::variable(kind.variable()).is_none())
}

/// The process that runs the servers; it stops them when its input ends.
#[derive(Debug)]
struct Helper {
    child: Child,
}

impl Helper {
    fn start(
        mut command: Command,
        durability: Durability,
        wanted: &[Kind],
    ) -> Result<(Self, impl BufRead + use<>), Failure> {
        command
            .arg("servers")
            .args(durability.argument())
            .args(wanted.iter().map(|kind| kind.argument()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Ctrl-C is for us; the helper goes when we are gone.
            .process_group(0);
        let what = "the helper that runs the servers";
        let mut child = command
            .spawn()
            .map_err(|error| shell::cannot_start(what, &error))?;
        let output = child.stdout.take();
        let helper = Self { child };
        match output {
            Some(output) => Ok((helper, BufReader::new(output))),
            None => Err(Failure::new(format!("{what} cannot be heard"))),
        }
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        if process::wait(&mut self.child, STOP_LIMIT).is_none() {
            process::stop(&mut self.child, "TERM", STOP_LIMIT);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(lines: &str) -> (Lent, Outcome) {
        let mut lent = Lent::default();
        let outcome = lent.read(lines.as_bytes(), "the tests");
        (lent, outcome)
    }

    #[test]
    fn the_tests_are_told_what_runs_and_the_user_what_does_not() {
        let (lent, outcome) = heard(
            "# no PostgreSQL: no Docker engine answers; no PostgreSQL is installed\n\
             TEST_REDIS_URL=redis://127.0.0.1:9 # a private 7.0.15 from /bin\n\
             # ready; the servers stop when the input of this process ends\n",
        );
        outcome.unwrap();
        let mut command = Command::new("true");
        lent.tell(&mut command);
        let told: Vec<_> = command.get_envs().collect();
        assert_eq!(
            told,
            [(
                "TEST_REDIS_URL".as_ref(),
                Some("redis://127.0.0.1:9".as_ref())
            )]
        );
        let report = lent.report();
        assert_eq!(report.lines().count(), 1);
        for part in [
            "kogents-adapter-postgres",
            "postgresql",
            "TEST_DATABASE_URL",
        ] {
            assert!(report.contains(part), "{part}");
        }
        assert!(!report.contains("kogents-adapter-redis"));
    }

    #[test]
    fn a_server_is_found_where_it_was_started_and_missed_with_advice() {
        let (lent, outcome) = heard("TEST_NOTHING=1\n# ready\n");
        assert!(outcome.is_err());
        for kind in Kind::ALL {
            if shell::variable(kind.variable()).is_none() {
                let said = lent.url(kind).unwrap_err().to_string();
                assert!(said.contains(kind.variable()), "{said}");
            }
        }
    }

    #[test]
    fn a_helper_that_ends_early_is_a_failure() {
        assert!(heard("").1.is_err());
        assert!(
            heard("TEST_REDIS_URL=redis://127.0.0.1:9 # private\n")
                .1
                .is_err()
        );
    }

    #[test]
    fn when_nothing_is_missing_nothing_is_reported() {
        assert_eq!(Lent::default().report(), "");
    }
}
