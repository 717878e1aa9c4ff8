//! Where addresses are, by a file in the MaxMind DB format (version 2).
//!
//! | port | adapter |
//! |---|---|
//! | `GeoLocator` and `Probe` | [`MmdbLocator`] |
//!
//! The file is held in memory as a whole and never mapped, since it may be replaced at any time.
//! [`MmdbLocator::refresh`] looks whether it was, and is to be called again and again; without a
//! file, or with a broken one, everything works and places are empty.
//!
//! # What is read
//!
//! Any database whose records have their values in one of these places, the first that is there:
//!
//! | value | MaxMind City and Country, DB-IP | flat ones |
//! |---|---|---|
//! | country | `country.iso_code`, and only where there is no `country`, `registered_country.iso_code` | `country_code`, a code in `country` |
//! | city | `city.names.en` | `city` |
//! | region | `subdivisions[0].iso_code` | `region_code` |
//! | point | `location.latitude` and `location.longitude` | `latitude` and `longitude` |
//! | time zone | `location.time_zone` | `timezone` |
//!
//! A value that is of another type, or does not parse, is left out; the others stay.

mod database;
mod examination;
mod fault;
mod file;
mod locator;
mod number;
mod record;

pub use examination::{Examination, examine};
pub use fault::Fault;
pub use locator::{MmdbLocator, Refreshed};
