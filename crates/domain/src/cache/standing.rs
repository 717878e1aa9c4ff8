//! How a cache stands, for figures.

/// How a cache stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheStanding {
    /// Whether what it says is believed: not from a failure on until it was brought back.
    pub is_up: bool,
    /// How often it was lost since this process began to use it.
    pub losses: u64,
    /// Its connections; None where it needs none.
    pub connections: Option<ConnectionStanding>,
}

/// How the connections of a pool stand at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionStanding {
    /// Open and in use.
    pub active: usize,
    /// Open and free.
    pub idle: usize,
    /// The most that may be open.
    pub most: usize,
    /// How many callers wait for one.
    pub waiting: usize,
}

/// Tells how a cache stands, without asking it anything: that takes no time and never fails.
pub trait CacheWatch: Send + Sync {
    /// How it stands now.
    fn standing(&self) -> CacheStanding;
}
