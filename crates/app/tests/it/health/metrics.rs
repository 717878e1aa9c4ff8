//! The same figures for Prometheus.

use crate::support::{Backend, Client, on_both, within};

on_both!(the_figures_of_either_store_are_there);

async fn the_figures_of_either_store_are_there(backend: &Backend) {
    let app = backend
        .start_with(|config| config.server.metrics_port = Some(0))
        .await;
    app.sign_up_and_confirm("ada@example.com").await;
    let metrics = Client::new(format!("http://{}", app.facts().metrics.unwrap()));
    // The tables are looked at beside the requests.
    let figures = within(async || {
        let figures = metrics.get("/metrics").await.text;
        figures
            .contains("kogents_db_table_rows{table=\"sessions\"}")
            .then_some(figures)
    })
    .await;
    for expected in [
        "kogents_db_pool_connections{state=\"active\"} ",
        "kogents_db_pool_connections{state=\"idle\"} ",
        "kogents_db_pool_max_connections ",
        "kogents_db_pool_waiting ",
        "kogents_db_pool_timeouts_total 0",
        "kogents_db_slow_queries_total ",
        "kogents_db_size_bytes ",
        "kogents_db_table_rows{table=\"users\"} ",
        "kogents_db_query_duration_seconds_count{outcome=\"ok\",query=\"users.insert\"} 1",
        "kogents_db_query_duration_seconds_count{outcome=\"ok\",query=\"unit.commit\"} ",
    ] {
        assert!(figures.contains(expected), "{expected} in {figures}");
    }
    let of_a_server = matches!(backend, Backend::Servers { .. });
    for name in ["kogents_db_cache_hit_ratio ", "kogents_db_deadlocks_total "] {
        assert_eq!(figures.contains(name), of_a_server, "{name}");
    }
    assert!(!figures.contains("sessions_default\""), "{figures}");
}
