//! The port that tells where an address is.

use std::net::IpAddr;

use super::IpPlace;

/// Knows where addresses are.
///
/// It answers from memory, at once, and never fails: whatever goes wrong, with the database or
/// with one record in it, gives an empty place, and so does having no database.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait GeoLocator: Send + Sync {
    /// Where an address is, IPv4 or IPv6; an empty place for an address that is unknown.
    ///
    /// Any client's address may be asked for. One that is not global is not looked up, and one
    /// that stands for an IPv4 address is looked up as that: implementations ask
    /// [`global_address`](super::global_address()). Calls at the same time, and with the database
    /// being replaced, each answer from one database as a whole.
    fn locate(&self, address: IpAddr) -> IpPlace;
}
