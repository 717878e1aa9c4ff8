//! Ctrl-C and its kin: the run ends between two turns, and all that was started is put in order.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::failure::{Failure, Outcome};

/// The exit code of what Ctrl-C ends.
const INTERRUPTED: u8 = 130;

/// Whether it is to stop.
#[derive(Debug, Clone)]
pub(super) struct Stop(Arc<AtomicBool>);

impl Stop {
    /// From now on a signal is heeded between two turns; a second one ends this process at once.
    pub(super) fn watch() -> Result<Self, Failure> {
        let stop = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            flag::register_conditional_shutdown(signal, i32::from(INTERRUPTED), Arc::clone(&stop))
                .and_then(|_| flag::register(signal, Arc::clone(&stop)))
                .map_err(|error| Failure::new(format!("signals cannot be watched: {error}")))?;
        }
        Ok(Self(stop))
    }

    /// Fails when a signal came.
    pub(super) fn check(&self) -> Outcome {
        if self.0.load(Ordering::SeqCst) {
            return Err(Failure::interrupted(INTERRUPTED));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_is_a_failure_with_its_exit_code() {
        let stop = Stop(Arc::new(AtomicBool::new(false)));
        assert!(stop.check().is_ok());
        stop.0.store(true, Ordering::SeqCst);
        assert_eq!(stop.check().unwrap_err().exit_code(), 130);
    }
}
