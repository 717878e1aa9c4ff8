//! Hears what commands of other processes have changed.

use std::sync::Arc;
use std::time::Duration;

use kogents_usecases::auth::HeedNotices;
use tokio_util::sync::CancellationToken;

use super::trouble::Trouble;

/// Heeds notices.
#[derive(Clone)]
pub(crate) struct NoticeReader {
    pub(crate) heed: Arc<HeedNotices>,
    /// The pause between two looks.
    pub(crate) interval: Duration,
}

impl NoticeReader {
    /// Looks until told to stop.
    pub(crate) async fn work(self, stop: CancellationToken) {
        let mut trouble = Trouble::default();
        while !stop.is_cancelled() {
            let heeded = self.heed.run().await;
            trouble.hear("what commands have changed is not known", &heeded);
            if let Ok(count @ 1..) = heeded {
                tracing::info!(count, "heeded what commands have changed");
            }
            tokio::select! {
                () = tokio::time::sleep(self.interval) => {}
                () = stop.cancelled() => {}
            }
        }
    }
}
