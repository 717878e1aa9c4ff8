//! Looks, again and again, whether the IP database was replaced.

use std::sync::Arc;
use std::time::Duration;

use kogents_adapter_geoip::{MmdbLocator, Refreshed};
use tokio_util::sync::CancellationToken;

/// The look-out for a new IP database.
#[derive(Clone)]
pub(crate) struct GeographyWatch {
    locator: Arc<MmdbLocator>,
    /// The pause between two looks.
    pause: Duration,
    /// The pause before the look that finds out whether a file has stopped changing.
    settling: Duration,
}

impl GeographyWatch {
    pub(crate) const fn new(locator: Arc<MmdbLocator>) -> Self {
        Self {
            locator,
            pause: Duration::from_secs(60),
            settling: Duration::from_secs(5),
        }
    }

    /// Looks until told to stop.
    pub(crate) async fn work(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let pause = match self.look().await {
                Refreshed::Settling => self.settling,
                Refreshed::Same | Refreshed::Loaded | Refreshed::Refused(_) => self.pause,
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Looks once, where it may block.
    pub(crate) async fn look(&self) -> Refreshed {
        let locator = self.locator.clone();
        let span = tracing::Span::current();
        let looked = tokio::task::spawn_blocking(move || span.in_scope(|| locator.refresh()));
        // It ends without a result only when the process ends.
        looked.await.unwrap_or(Refreshed::Same)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;

    use kogents_domain::session::GeoLocator as _;
    use maxminddb_writer::Database;
    use maxminddb_writer::paths::IpAddrWithMask;

    use super::*;

    /// Makes a database of one country and puts it in place.
    fn put(path: &Path, country: &str) {
        let mut database = Database::default();
        database.metadata.binary_format_major_version = 2;
        let record = BTreeMap::from([("country_code", country), ("continent", country)]);
        let record = database.insert_value(record).unwrap();
        let everywhere: IpAddrWithMask = "0.0.0.0/0".parse().unwrap();
        database.insert_node(everywhere, record);
        let new = path.with_extension("new");
        std::fs::write(&new, database.write_to(Vec::new()).unwrap()).unwrap();
        std::fs::rename(new, path).unwrap();
    }

    #[tokio::test]
    async fn a_database_that_is_replaced_is_taken_and_the_watch_ends_when_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("places.mmdb");
        let locator = Arc::new(MmdbLocator::new(Some(path.clone())));
        let watch = GeographyWatch {
            pause: Duration::from_millis(1),
            settling: Duration::from_millis(1),
            ..GeographyWatch::new(locator.clone())
        };
        let stop = CancellationToken::new();
        let watching = tokio::spawn(watch.work(stop.clone()));
        for country in ["DE", "FR"] {
            put(&path, country);
            let taken = async {
                let address = "81.2.69.142".parse().unwrap();
                let is = |code: &str| code == country;
                while !locator
                    .locate(address)
                    .country_code
                    .is_some_and(|code| is(code.as_str()))
                {
                    tokio::task::yield_now().await;
                }
            };
            tokio::time::timeout(Duration::from_secs(10), taken)
                .await
                .unwrap();
        }
        stop.cancel();
        tokio::time::timeout(Duration::from_secs(10), watching)
            .await
            .unwrap()
            .unwrap();
    }
}
