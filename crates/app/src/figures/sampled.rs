//! Figures that are read when somebody asks for them.

use std::sync::{Mutex, PoisonError};

use prometheus::Registry;
use prometheus::core::{Collector, Desc};
use prometheus::proto::MetricFamily;

/// Figures, and what sets them anew whenever they are asked for.
pub(super) struct Sampled<F> {
    figures: Vec<Box<dyn Collector>>,
    sample: F,
    /// One at a time sets and reads them.
    turn: Mutex<()>,
}

impl<F: Fn() + Send + Sync + 'static> Sampled<F> {
    /// Registers the figures, which `sample` sets.
    pub(super) fn register(
        registry: &Registry,
        figures: Vec<Box<dyn Collector>>,
        sample: F,
    ) -> Result<(), prometheus::Error> {
        let turn = Mutex::new(());
        registry.register(Box::new(Self {
            figures,
            sample,
            turn,
        }))
    }
}

impl<F: Fn() + Send + Sync> Collector for Sampled<F> {
    fn desc(&self) -> Vec<&Desc> {
        self.figures
            .iter()
            .flat_map(|figure| figure.desc())
            .collect()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        (self.sample)();
        let figures = self.figures.iter();
        figures.flat_map(|figure| figure.collect()).collect()
    }
}
