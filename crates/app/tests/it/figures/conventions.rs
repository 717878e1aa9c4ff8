//! Names and help as Prometheus' conventions want them, by rules of our own and by Prometheus' own
//! checker where that is installed.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::Figures;
use crate::support::{Backend, on_both};

on_both!(names_and_help_are_as_prometheus_wants_them,);

async fn names_and_help_are_as_prometheus_wants_them(backend: &Backend) {
    let app = backend
        .start_with(|config| config.server.metrics_port = Some(0))
        .await;
    app.sign_up_and_confirm("ada@example.com").await;
    let figures = Figures::of(&app).await;
    app.stop().await;
    let own = figures
        .families
        .iter()
        .filter(|(name, _)| name.starts_with("kogents_"));
    assert!(own.clone().count() > 20);
    for (name, family) in figures.families.iter() {
        assert!(
            name.starts_with("kogents_") || name.starts_with("process_"),
            "{name}"
        );
        assert!(!family.help.is_empty(), "{name} has no help");
        let is_counter = family.kind == "counter";
        assert_eq!(is_counter, name.ends_with("_total"), "{name}");
    }
    for (name, family) in own {
        assert!(family.help.ends_with('.'), "{name}: {}", family.help);
        if family.kind == "histogram" {
            assert!(name.ends_with("_seconds"), "{name} tells no unit");
        }
    }
    match promtool(&figures.text) {
        Some(found) => assert_eq!(found, "", "promtool check metrics"),
        None => println!("skipped: there is no promtool"),
    }
}

/// What `promtool check metrics` says of figures; None where there is no promtool.
fn promtool(figures: &str) -> Option<String> {
    let mut checking = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    let mut input = checking.stdin.take().unwrap();
    input.write_all(figures.as_bytes()).unwrap();
    drop(input);
    let end = checking.wait_with_output().unwrap();
    let said = [end.stdout, end.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    assert!(end.status.success() || !said.is_empty(), "{}", end.status);
    Some(said)
}
