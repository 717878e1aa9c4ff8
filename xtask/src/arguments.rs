//! Arguments of tasks that take many: `--name value`, `--name=value` and `--flag`.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use crate::failure::Failure;

/// What is left of a task's arguments.
#[derive(Debug)]
pub(crate) struct Arguments<'a> {
    task: &'static str,
    rest: std::slice::Iter<'a, String>,
}

/// One of them, perhaps with the value written into it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Argument<'a> {
    /// The name, with its dashes.
    pub(crate) name: &'a str,
    written: Option<&'a str>,
}

impl<'a> Arguments<'a> {
    /// The arguments of this task.
    pub(crate) fn of(task: &'static str, arguments: &'a [String]) -> Self {
        let rest = arguments.iter();
        Self { task, rest }
    }

    /// The next one.
    pub(crate) fn next(&mut self) -> Option<Argument<'a>> {
        let argument = self.rest.next()?;
        Some(match argument.split_once('=') {
            Some((name, value)) => Argument {
                name,
                written: Some(value),
            },
            None => Argument {
                name: argument,
                written: None,
            },
        })
    }

    /// The value of an argument that wants one.
    pub(crate) fn value(&mut self, argument: Argument<'a>) -> Result<&'a str, Failure> {
        argument
            .written
            .or_else(|| self.rest.next().map(String::as_str))
            .ok_or_else(|| Failure::usage(format!("{} wants a value", argument.name)))
    }

    /// The number that an argument wants; `1_000` is one too.
    pub(crate) fn number<N>(
        &mut self,
        argument: Argument<'a>,
        bounds: RangeInclusive<N>,
    ) -> Result<N, Failure>
    where
        N: FromStr + PartialOrd + Display,
    {
        let text = self.value(argument)?;
        text.replace('_', "")
            .parse()
            .ok()
            .filter(|number| bounds.contains(number))
            .ok_or_else(|| {
                let (least, most) = (bounds.start(), bounds.end());
                let name = argument.name;
                Failure::usage(format!(
                    "{name} must be a number from {least} to {most}, not '{text}'"
                ))
            })
    }

    /// Nothing, for an argument that takes no value.
    pub(crate) fn flag(&self, argument: Argument<'a>) -> Result<(), Failure> {
        match argument.written {
            None => Ok(()),
            Some(_) => Err(self.unknown(argument)),
        }
    }

    /// What is said of an argument that the task does not know.
    pub(crate) fn unknown(&self, argument: Argument<'a>) -> Failure {
        Failure::usage(format!(
            "'{}' means nothing here; `cargo xtask {} --help` says what does",
            argument.name, self.task
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn values_follow_or_are_written_into_the_argument() {
        let words = words("--rounds 5 --seconds=1_000 --page");
        let mut arguments = Arguments::of("bench", &words);
        let rounds = arguments.next().unwrap();
        assert_eq!(rounds.name, "--rounds");
        assert_eq!(arguments.number(rounds, 1..=9_u32).unwrap(), 5);
        let seconds = arguments.next().unwrap();
        assert_eq!(arguments.number(seconds, 1..=3_600_u64).unwrap(), 1_000);
        let page = arguments.next().unwrap();
        assert!(arguments.flag(page).is_ok());
        assert!(arguments.value(page).is_err());
        assert!(arguments.next().is_none());
    }

    #[test]
    fn what_makes_no_sense_is_a_usage_error() {
        let words = words("--rounds=ten --page=1 --paint");
        let mut arguments = Arguments::of("bench", &words);
        let rounds = arguments.next().unwrap();
        let failure = arguments.number(rounds, 1..=9_u32).unwrap_err();
        assert_eq!(failure.exit_code(), 2);
        assert_eq!(
            failure.to_string(),
            "--rounds must be a number from 1 to 9, not 'ten'"
        );
        let page = arguments.next().unwrap();
        assert_eq!(arguments.flag(page).unwrap_err().exit_code(), 2);
        let paint = arguments.next().unwrap();
        assert!(arguments.unknown(paint).to_string().contains("'--paint'"));
    }
}
