//! Who knows where clients are.

use std::sync::Arc;
use std::time::Duration;

use kogents_adapter_geoip::MmdbLocator;

use crate::background::GeographyWatch;
use crate::config::Geography;

/// How long a start waits for the database to be read.
const FIRST_LOOK: Duration = Duration::from_secs(10);

/// The locator that the configuration asks for, with its database loaded. It is waited for, since
/// the place of a session is written once; but for so long only, and a database that is missing
/// or damaged stops nothing.
pub(crate) async fn open(geography: &Geography) -> Arc<MmdbLocator> {
    let locator = Arc::new(MmdbLocator::new(geography.database.clone()));
    let watch = GeographyWatch::new(locator.clone());
    if tokio::time::timeout(FIRST_LOOK, watch.look())
        .await
        .is_err()
    {
        tracing::warn!("the IP database takes long to read; the server starts without it");
    }
    locator
}
