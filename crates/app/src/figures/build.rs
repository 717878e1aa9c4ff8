//! Which build runs, as a figure.

use prometheus::{IntGaugeVec, Opts, Registry};

use super::registered;

/// The commit that was built, where whoever built it said so: `KOGENTS_COMMIT` at build time.
const COMMIT: Option<&str> = option_env!("KOGENTS_COMMIT");

/// Registers the figure.
pub(crate) fn register_build(registry: &Registry, version: &str) -> Result<(), prometheus::Error> {
    let build = IntGaugeVec::new(
        Opts::new(
            "kogents_build_info",
            "Always 1; the labels say which build runs, the commit where that was told when it was \
             built.",
        ),
        &["version", "commit"],
    );
    let commit = COMMIT.filter(|commit| !commit.is_empty());
    let labels = [version, commit.unwrap_or("unknown")];
    registered(registry, build)?
        .with_label_values(&labels)
        .set(1);
    Ok(())
}
