//! Where it is looked up where clients are.

use std::path::PathBuf;

use super::reader::Reader;

/// Where it is looked up where clients are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Geography {
    /// `GEOIP_DB_PATH`: the IP database. Whether the file is there is no matter of the
    /// configuration, since it may come, go and be replaced at any time.
    pub database: Option<PathBuf>,
}

pub(super) fn read(reader: &mut Reader<'_>) -> Geography {
    Geography {
        database: reader.optional("GEOIP_DB_PATH", |text| Ok(text.into())),
    }
}
