//! What the app tells about itself: starting, running, stopping.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether this process can take requests. The app sets it, `GET /health/ready` reads it.
#[derive(Debug, Default)]
pub struct Readiness {
    migrated: AtomicBool,
    stopping: AtomicBool,
    /// Names of the background tasks that are down. A handful at most: one for each task.
    down: Mutex<Vec<&'static str>>,
}

impl Readiness {
    /// Nothing is ready yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The database has the tables that this program needs.
    pub fn set_migrated(&self) {
        self.migrated.store(true, Ordering::Release);
    }

    /// The process is about to stop: no new requests should come.
    pub fn set_stopping(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    /// A background task is not running (again).
    pub fn task_down(&self, name: &'static str) {
        let mut down = self.down();
        if !down.contains(&name) {
            down.push(name);
        }
    }

    /// A background task is running.
    pub fn task_up(&self, name: &'static str) {
        self.down().retain(|other| *other != name);
    }

    /// Whether the tables are there.
    #[must_use]
    pub fn is_migrated(&self) -> bool {
        self.migrated.load(Ordering::Acquire)
    }

    /// Whether the process is about to stop.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// Whether every background task is running.
    #[must_use]
    pub fn tasks_are_up(&self) -> bool {
        self.down().is_empty()
    }

    fn down(&self) -> std::sync::MutexGuard<'_, Vec<&'static str>> {
        // The list is whole after every step, so what a panicking thread left is as good.
        self.down
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_that_comes_back_is_up_again() {
        let readiness = Readiness::new();
        assert!(readiness.tasks_are_up());
        readiness.task_down("mail");
        readiness.task_down("mail");
        assert!(!readiness.tasks_are_up());
        readiness.task_up("mail");
        assert!(readiness.tasks_are_up());
    }

    #[test]
    fn migrations_come_first() {
        let readiness = Readiness::new();
        assert!(!readiness.is_migrated() && !readiness.is_stopping());
        readiness.set_migrated();
        readiness.set_stopping();
        assert!(readiness.is_migrated() && readiness.is_stopping());
    }
}
