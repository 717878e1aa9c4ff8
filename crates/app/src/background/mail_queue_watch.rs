//! Looks how full the mail queue is, again and again, for the figures.

use std::sync::Arc;
use std::time::Duration;

use kogents_usecases::mail::CheckMailQueue;
use tokio_util::sync::CancellationToken;

use super::trouble::Trouble;
use crate::figures::MailFigures;

/// The pause between two looks.
const INTERVAL: Duration = Duration::from_secs(10);

/// The watch.
#[derive(Clone)]
pub(crate) struct MailQueueWatch {
    pub(crate) check: Arc<CheckMailQueue>,
    pub(crate) figures: MailFigures,
}

impl MailQueueWatch {
    /// Looks until told to stop.
    pub(crate) async fn work(self, stop: CancellationToken) {
        let mut trouble = Trouble::default();
        while !stop.is_cancelled() {
            let depths = self.check.run().await;
            trouble.hear("how full the mail queue is is not known", &depths);
            if let Ok(depths) = depths {
                self.figures.depths(&depths, self.check.clock.now());
            }
            tokio::select! {
                () = tokio::time::sleep(INTERVAL) => {}
                () = stop.cancelled() => {}
            }
        }
    }
}
