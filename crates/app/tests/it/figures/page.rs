//! `docs/METRICS.md` lists every family that the server gives, on whatever it stands.

use std::collections::BTreeMap;

use super::Figures;
use crate::support::Backend;

const PAGE: &str = include_str!("../../../../../docs/METRICS.md");

/// The families of a server that has had something to do: by name, the rest of their row.
async fn rows(backend: &Backend) -> BTreeMap<String, String> {
    let app = backend
        .start_with(|config| config.server.metrics_port = Some(0))
        .await;
    app.sign_up_and_confirm("ada@example.com").await;
    // These are told once somebody has looked.
    let looked = [
        "kogents_upkeep_lag_seconds",
        "kogents_db_size_bytes",
        "kogents_db_table_rows",
    ];
    let has_all = |figures: &Figures| looked.iter().all(|name| figures.has(name));
    let figures = Figures::until(&app, "what the tasks look at", has_all).await;
    app.stop().await;
    let own = figures.families.into_iter();
    let own = own.filter(|(name, _)| name.starts_with("kogents_"));
    own.map(|(name, family)| {
        let labels: Vec<_> = family.labels.iter().map(|l| format!("`{l}`")).collect();
        let labels = match labels.as_slice() {
            [] => "–".to_owned(),
            some => some.join(", "),
        };
        let row = format!(
            "| `{name}` | {} | {labels} | {} |",
            family.kind, family.help
        );
        (name, row)
    })
    .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documentation_has_every_family() {
    let Some(servers) = Backend::servers().await else {
        return;
    };
    let mut expected = rows(&Backend::Embedded).await;
    for (name, row) in rows(&servers).await {
        if let Some(other) = expected.insert(name, row.clone()) {
            assert_eq!(other, row, "one family is not the same on both");
        }
    }
    let expected: Vec<_> = expected.into_values().collect();
    let (_, rest) = PAGE.split_once("<!-- families:start -->").unwrap();
    let (table, _) = rest.split_once("<!-- families:end -->").unwrap();
    let told: Vec<_> = table.trim().lines().skip(2).collect();
    assert_eq!(
        told,
        expected,
        "the table is to be:\n{}\n",
        expected.join("\n")
    );
}
