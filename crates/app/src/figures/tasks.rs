//! The figures of the background tasks, and whether this process is ready.

use std::sync::Arc;

use kogents_http::Readiness;
use prometheus::{IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry};

use super::registered;
use super::sampled::Sampled;

/// Which background tasks run, and how often they were started again.
///
/// Growth: bounded by the tasks there are.
#[derive(Debug, Clone)]
pub(crate) struct TaskFigures {
    up: IntGaugeVec,
    restarts: IntCounterVec,
}

impl TaskFigures {
    /// Registers the figures.
    pub(crate) fn new(
        registry: &Registry,
        readiness: Arc<Readiness>,
    ) -> Result<Self, prometheus::Error> {
        let up = IntGaugeVec::new(
            Opts::new(
                "kogents_task_up",
                "Whether a background task runs: 1, or 0 while it waits to be started again.",
            ),
            &["task"],
        );
        let restarts = IntCounterVec::new(
            Opts::new(
                "kogents_task_restarts_total",
                "How often a background task ended by itself and was started again.",
            ),
            &["task"],
        );
        let ready = IntGauge::new(
            "kogents_ready",
            "Whether this process can take requests: 1, or 0 while it starts or stops, or one of \
             its background tasks is down. Whether the database answers is not asked here.",
        )?;
        let told = ready.clone();
        Sampled::register(registry, vec![Box::new(ready)], move || {
            let is_ready =
                readiness.is_migrated() && readiness.tasks_are_up() && !readiness.is_stopping();
            told.set(i64::from(is_ready));
        })?;
        Ok(Self {
            up: registered(registry, up)?,
            restarts: registered(registry, restarts)?,
        })
    }

    /// A task runs for the first time.
    pub(crate) fn started(&self, task: &'static str) {
        self.up.with_label_values(&[task]).set(1);
        // So that a rate is known from the first one on.
        self.restarts.with_label_values(&[task]);
    }

    /// A task ended by itself.
    pub(crate) fn ended(&self, task: &'static str) {
        self.up.with_label_values(&[task]).set(0);
    }

    /// A task runs again.
    pub(crate) fn restarted(&self, task: &'static str) {
        self.up.with_label_values(&[task]).set(1);
        self.restarts.with_label_values(&[task]).inc();
    }
}

#[cfg(test)]
mod tests {
    use prometheus::TextEncoder;

    use super::*;

    #[test]
    fn a_task_that_is_down_and_its_restart_are_told() {
        let registry = Registry::new();
        let readiness = Arc::new(Readiness::new());
        let figures = TaskFigures::new(&registry, readiness.clone()).unwrap();
        let text = || {
            let encoder = TextEncoder::new();
            encoder.encode_to_string(&registry.gather()).unwrap()
        };
        let assert_told = |lines: [&str; 3]| {
            let text = text();
            for line in lines {
                assert!(text.contains(line), "{line} in {text}");
            }
        };
        figures.started("mail");
        let [up, down] = [1, 0].map(|up| format!("kogents_task_up{{task=\"mail\"}} {up}"));
        let restarts = |count| format!("kogents_task_restarts_total{{task=\"mail\"}} {count}");
        assert_told([&up, &restarts(0), "kogents_ready 0"]);
        readiness.set_migrated();
        assert_told([&up, &restarts(0), "kogents_ready 1"]);
        figures.ended("mail");
        readiness.task_down("mail");
        assert_told([&down, &restarts(0), "kogents_ready 0"]);
        figures.restarted("mail");
        readiness.task_up("mail");
        assert_told([&up, &restarts(1), "kogents_ready 1"]);
        readiness.set_stopping();
        assert_told([&up, &restarts(1), "kogents_ready 0"]);
    }
}
