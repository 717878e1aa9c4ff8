//! Work that goes on after the answer.

use std::future::Future;
use std::pin::Pin;

/// Work to be done later.
pub type Work = Pin<Box<dyn Future<Output = ()> + Send + 'static>>;

/// Runs work after the answer was given, on the main runtime, so that it costs the caller no
/// time. Work that is under way is waited for at shutdown; a crash loses it, so nothing that must
/// happen is left to it alone.
pub trait Background: Send + Sync {
    /// Takes work over. `name` says in logs what it is.
    fn spawn(&self, name: &'static str, work: Work);
}
