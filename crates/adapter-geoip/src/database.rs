//! One database in memory.

use std::collections::HashSet;
use std::net::IpAddr;

use kogents_domain::session::IpPlace;
use maxminddb::{Reader, WithinOptions};

use crate::fault::Fault;
use crate::record::Record;

/// A database in memory that was read through once.
pub(crate) struct Database(Reader<Vec<u8>>);

impl Database {
    /// Takes a file's content, if it is a database of places.
    ///
    /// Walks through the whole tree and reads every record, so that a file of which a part is
    /// missing or from another file takes nobody's place. The library's own verification is no
    /// such check: it wants descriptions that databases in use do not have.
    pub(crate) fn open(bytes: Vec<u8>) -> Result<Self, Fault> {
        let database = Self(Reader::from_source(bytes)?);
        database.check()?;
        Ok(database)
    }

    /// Where an address is, if that is known. What is asked of a record that cannot be read is
    /// not known.
    pub(crate) fn place(&self, address: IpAddr) -> Option<IpPlace> {
        let record = self.0.lookup(address).ok()?;
        Record(record).place().ok()
    }

    /// What it says it is.
    pub(crate) fn kind(&self) -> &str {
        &self.0.metadata().database_type
    }

    /// When it was built, in seconds since the Unix epoch.
    pub(crate) fn built_unix_secs(&self) -> u64 {
        self.0.metadata().build_epoch
    }

    fn check(&self) -> Result<(), Fault> {
        // A tree of so many nodes has one leaf more. Paths that meet again would have no end.
        let mut leaves = 3 * u64::from(self.0.metadata().node_count);
        let mut read = HashSet::new();
        let mut has_country = false;
        let options = WithinOptions::default().include_networks_without_data();
        for leaf in self.0.networks(options)? {
            let leaf = leaf?;
            leaves = leaves
                .checked_sub(1)
                .ok_or_else(|| Fault::Damaged("its tree has no end".to_owned()))?;
            if leaf.offset().is_some_and(|offset| read.insert(offset)) {
                has_country |= Record(leaf).place()?.country_code.is_some();
            }
        }
        if has_country {
            Ok(())
        } else {
            Err(Fault::NoCountries)
        }
    }
}
