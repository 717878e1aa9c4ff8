//! `cargo xtask client [--debug]`: makes a TypeScript client from `docs/openapi.json` with a generator of
//! others, checks its types, and calls the built server with it (`crates/app/tests/client`).

use std::time::Instant;

use crate::failure::Outcome;
use crate::folder::Folder;
use crate::node::Package;
use crate::server::{Server, Settings};
use crate::timing::spoken;
use crate::{built, interrupt, ports};

/// Where the generator and the flow are.
const PACKAGE: &str = "crates/app/tests/client";

/// Generates, checks, and only then starts the server and lets the flow run against it.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let binary = built::server(built::profile("client", arguments)?)?;
    interrupt::watch()?;
    let package = Package::prepare(PACKAGE)?;
    let started = Instant::now();
    for script in ["generate", "check", "build"] {
        package.script(script)?;
    }

    let folder = Folder::create("kogents-client")?;
    let [port] = ports::free()?;
    let settings = Settings {
        port: Some(port),
        ..Settings::default()
    };
    let mut server = Server::start(&binary, &folder, &settings)?;
    let outcome = package.module("build/flow/main.js", &[("API_URL", server.url().as_ref())]);
    server.explain(outcome)?;
    server.stop()?;
    println!("the generated client works ({})", spoken(started.elapsed()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_flags_are_refused() {
        let failure = run(&["--fast".to_owned()]).unwrap_err();
        assert_eq!(failure.exit_code(), 2);
        assert!(failure.to_string().contains("cargo xtask client"));
    }
}
