//! How the threads that passwords are hashed on stand, for figures.

/// How the threads and their queue stand at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashingStanding {
    /// How many threads there are: as many passwords are worked on at once.
    pub threads: usize,
    /// How many of them work.
    pub running: usize,
    /// How many jobs wait, and how many persons to bring theirs.
    pub waiting: usize,
    /// How many may wait.
    pub places: usize,
}
