//! Answers from the database that is loaded, and replaces it when its file changes.

mod watch;

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use async_trait::async_trait;
use kogents_domain::health::{CheckStatus, Probe};
use kogents_domain::session::{GeoLocator, IpPlace, global_address};

use crate::database::Database;
use crate::fault::Fault;
use crate::file::{self, Stamp};
use watch::Watch;

/// What a look at the file led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refreshed {
    /// To nothing: no file is configured, or it is as it was.
    Same,
    /// The file has changed, maybe not for the last time. It is read when the next look finds it
    /// as this one did; that look may come soon, after some seconds.
    Settling,
    /// The file was read, and answers come from it.
    Loaded,
    /// The file is not used, and was not for another reason before. What was loaded stays.
    Refused(Fault),
}

/// Tells where addresses are, by a file in the MaxMind DB format that may be replaced at any
/// time: by renaming another one to its name, or by writing into it.
///
/// Until [`refresh`](Self::refresh) is first called, nothing is loaded. Shared by all who look
/// up; a look-up neither waits for a refresh nor sees half of one.
pub struct MmdbLocator {
    path: Option<PathBuf>,
    loaded: RwLock<Option<Arc<Database>>>,
    watch: Mutex<Watch>,
}

impl MmdbLocator {
    /// A locator on a file, which need not be there yet; without one every place is empty.
    #[must_use]
    pub fn new(path: Option<PathBuf>) -> Self {
        Self {
            path,
            loaded: RwLock::new(None),
            watch: Mutex::default(),
        }
    }

    /// Looks whether the file has changed, and loads it if it has: at once when this is the first
    /// look, else when two looks found it the same, so that what is being written is not read.
    ///
    /// A file that is damaged or gone leaves in place what was loaded before; the log says so
    /// once, and once more when that has ended. It only reads the file when it has changed, but
    /// then for up to some seconds, and blocks: call it where that does no harm.
    pub fn refresh(&self) -> Refreshed {
        let Some(path) = &self.path else {
            return Refreshed::Same;
        };
        let mut watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
        let refreshed = match Stamp::of(path) {
            Ok(stamp) if watch.is_judged(&stamp) => Refreshed::Same,
            Ok(stamp) if watch.is_settled(&stamp) => match load(path, &stamp) {
                Ok(database) => {
                    watch.took(stamp);
                    self.replace(database, path);
                    Refreshed::Loaded
                }
                Err(Fault::Changing) => watch.unsettled(),
                Err(fault) => watch.refused(Some(stamp), fault),
            },
            Ok(stamp) => watch.seen(stamp),
            Err(fault) => watch.refused(None, fault),
        };
        if let Refreshed::Refused(fault) = &refreshed {
            tracing::warn!(
                path = %path.display(),
                reason = %fault,
                keeps_an_older_one = self.database().is_some(),
                "the IP database is not used"
            );
        }
        refreshed
    }

    fn replace(&self, database: Database, path: &Path) {
        tracing::info!(
            path = %path.display(),
            kind = database.kind(),
            built_unix_secs = database.built_unix_secs(),
            "the IP database is loaded"
        );
        let mut loaded = self.loaded.write().unwrap_or_else(PoisonError::into_inner);
        let old = loaded.replace(Arc::new(database));
        // Freeing much memory takes a while, for which nobody is to wait.
        drop(loaded);
        drop(old);
    }

    fn database(&self) -> Option<Arc<Database>> {
        let loaded = self.loaded.read().unwrap_or_else(PoisonError::into_inner);
        loaded.clone()
    }
}

fn load(path: &Path, stamp: &Stamp) -> Result<Database, Fault> {
    Database::open(file::read(path, stamp)?)
}

impl GeoLocator for MmdbLocator {
    fn locate(&self, address: IpAddr) -> IpPlace {
        global_address(address)
            .and_then(|address| self.database()?.place(address))
            .unwrap_or_default()
    }
}

#[async_trait]
impl Probe for MmdbLocator {
    /// Up when a database is loaded, though its file may be gone by now; down when one is
    /// configured and none is loaded.
    async fn check(&self) -> CheckStatus {
        match (&self.path, self.database()) {
            (None, _) => CheckStatus::Disabled,
            (Some(_), Some(_)) => CheckStatus::Up,
            (Some(_), None) => CheckStatus::Down,
        }
    }
}
