//! Hears, twice a second, what commands of other processes have changed.

use std::sync::Arc;
use std::time::Duration;

use kogents_usecases::auth::HeedNotices;
use tokio_util::sync::CancellationToken;

use super::trouble::Trouble;

/// The pause between two looks: what a command does is to hold within a second.
const INTERVAL: Duration = Duration::from_millis(500);

/// Heeds notices, in servers whose cache is in the process.
#[derive(Clone)]
pub(crate) struct NoticeReader {
    pub(crate) heed: Arc<HeedNotices>,
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
                () = tokio::time::sleep(INTERVAL) => {}
                () = stop.cancelled() => {}
            }
        }
    }
}
