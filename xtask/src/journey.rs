//! `cargo xtask journey [--debug]`: a small dashboard in headless Chromium goes through signup, people,
//! roles, sessions and passwords, against the built server (`crates/app/tests/journey`).

use std::ffi::OsString;
use std::time::Instant;

use crate::failure::{Failure, Outcome};
use crate::folder::Folder;
use crate::node::{self, Package};
use crate::server::{Server, Settings};
use crate::timing::spoken;
use crate::{built, interrupt, ports, shell};

/// Where the dashboard and its driver are.
const PACKAGE: &str = "crates/app/tests/journey";

/// The names that Chromium has where it is installed.
const BROWSERS: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// The shortest that can be set: the journey waits for a token to run out.
const ACCESS_TOKEN_TTL_SECS: &str = "5";

/// Starts the server, tells it where the dashboard is, and lets the driver go through it.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let binary = built::server(built::profile("journey", arguments)?)?;
    let browser = browser()?;
    interrupt::watch()?;
    let package = Package::prepare(PACKAGE)?;
    let folder = Folder::create("kogents-journey")?;
    let profiles = folder.subfolder("profiles")?;
    let [port, page] = ports::free()?;
    let page = format!("http://localhost:{page}");
    let started = Instant::now();

    let mut server = Server::start(&binary, &folder, &settings(port, &page))?;
    let outcome = package.module(
        "driver/main.js",
        &[
            ("API_URL", server.url().as_ref()),
            ("PAGE_URL", page.as_ref()),
            ("CHROMIUM", &browser),
            ("JOURNEY_FOLDER", profiles.as_ref()),
            ("ACCESS_TOKEN_TTL_SECS", ACCESS_TOKEN_TTL_SECS.as_ref()),
        ],
    );
    server.explain(outcome)?;
    server.stop()?;
    println!(
        "the dashboard's journey works ({})",
        spoken(started.elapsed())
    );
    Ok(())
}

/// What the server is told of the dashboard; everything else is as it is by itself.
fn settings(port: u16, page: &str) -> Settings {
    Settings {
        port: Some(port),
        variables: vec![
            ("DASHBOARD_URL", page.to_owned()),
            ("ALLOWED_ORIGINS", page.to_owned()),
            ("ACCESS_TOKEN_TTL_SECS", ACCESS_TOKEN_TTL_SECS.to_owned()),
        ],
    }
}

/// The browser that `CHROMIUM` names, else the one that is installed.
fn browser() -> Result<OsString, Failure> {
    shell::variable("CHROMIUM")
        .or_else(|| node::find(BROWSERS))
        .ok_or_else(|| {
            Failure::new(
                "Chromium is missing; install it (on Debian the package chromium) \
                 or name one in the variable CHROMIUM",
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_flags_are_refused() {
        let failure = run(&["--headed".to_owned()]).unwrap_err();
        assert_eq!(failure.exit_code(), 2);
        assert!(failure.to_string().contains("cargo xtask journey"));
    }

    #[test]
    fn the_server_is_told_where_the_dashboard_is() {
        let settings = settings(4000, "http://localhost:4001");
        assert_eq!(settings.port, Some(4000));
        for name in ["DASHBOARD_URL", "ALLOWED_ORIGINS"] {
            assert!(
                settings
                    .variables
                    .contains(&(name, "http://localhost:4001".to_owned()))
            );
        }
    }
}
