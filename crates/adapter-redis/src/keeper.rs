//! Brings a cache back that is away, in the background.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tracing::Instrument as _;

use crate::failure::Failure;
use crate::link::Link;

/// The task that brings the cache back. It ends with this value.
pub(crate) struct Keeper(JoinHandle<()>);

impl Keeper {
    /// Watches over a cache, on the runtime of the caller.
    pub(crate) fn start(link: Arc<Link>, pause: Duration) -> Self {
        let span = tracing::error_span!("task", task = "cache");
        Self(tokio::spawn(keep(link, pause).instrument(span)))
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn keep(link: Arc<Link>, pause: Duration) {
    loop {
        link.trust.until_lost().await;
        // Nobody else makes it believed.
        let Some(doubt) = link.trust.doubt() else {
            continue;
        };
        match link.regain(doubt).await {
            Ok(true) => tracing::info!("the cache is back; what it knew of sessions is void"),
            Ok(false) => {}
            Err(failure) => {
                let cause = match failure {
                    Failure::Full => "it is full".to_owned(),
                    Failure::Away(cause) => cause,
                };
                tracing::debug!(%cause, "the cache is still away");
                tokio::time::sleep(pause).await;
            }
        }
    }
}
