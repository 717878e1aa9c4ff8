//! `cargo xtask db new NAME | check | up`: migrations.

mod new;

use crate::failure::{Failure, Outcome};
use crate::{shell, test};

/// The tests that compare each store's hand-written `schema.rs` with a database that the
/// migrations have just made.
const SCHEMA_TEST: &str = "schema_rs_says_what_the_database_has";

/// Does what the verb says.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    match arguments {
        [verb, name] if verb == "new" => new::run(&shell::root(), name),
        [verb] if verb == "check" => check(),
        [verb] if verb == "up" => up(),
        _ => Err(Failure::usage(
            "say `cargo xtask db new NAME`, `cargo xtask db check` or `cargo xtask db up`",
        )),
    }
}

/// One store after the other, so that a store without the test is a failure.
fn check() -> Outcome {
    for package in ["kogents-adapter-postgres", "kogents-adapter-sqlite"] {
        test::run(&["-p", package, SCHEMA_TEST].map(str::to_owned))?;
    }
    Ok(())
}

/// Migrates the database of the configuration, `DATABASE_URL`, by the server of these sources:
/// the migrations are compiled into it, and so is the lock under which they run.
fn up() -> Outcome {
    let arguments = ["run", "--quiet", "-p", "kogents", "--", "migrate", "up"];
    shell::run(&mut shell::cargo(arguments), "kogents migrate up")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verb_is_required() {
        for arguments in [vec![], vec!["new"], vec!["down"], vec!["up", "all"]] {
            let arguments: Vec<String> = arguments.into_iter().map(str::to_owned).collect();
            assert_eq!(run(&arguments).unwrap_err().exit_code(), 2);
        }
    }
}
