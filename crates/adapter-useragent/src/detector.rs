//! The detector: a cache before the regular expressions.

use std::sync::Arc;
use std::time::Duration;

use kogents_domain::session::{ClientHints, Device, DeviceDetector, UserAgentFamilies};
use quick_cache::sync::Cache;

use crate::loading::Loading;
use crate::regexes::Regexes;

/// User-Agents whose families are kept. At 1 KiB each they take 15 MiB at the very most; those of
/// real people take a fifth of that. The cache keeps what is asked for again, so that a flood of
/// invented User-Agents does not drive out real ones.
const CACHED: usize = 10_000;

/// The longest that a request waits for the regular expressions while the process starts.
const PATIENCE: Duration = Duration::from_millis(500);

/// Reads devices with the regular expressions of uap-core.
///
/// These take a tenth of a second to load, so a thread of its own loads them and
/// [`start`](Self::start) returns at once. A request that comes before they are loaded waits for
/// them, half a second at most: a session's facts are written once, so it is worth waiting for the
/// right ones, but not worth failing. When the wait was in vain the device is described without
/// families: its type is still judged, browser and system are unknown. Such an answer is not kept.
#[derive(Debug)]
pub struct UaDetector {
    regexes: Arc<Loading<Regexes>>,
    cache: Cache<String, Arc<UserAgentFamilies>>,
}

impl UaDetector {
    /// Starts to load and returns at once.
    #[must_use]
    pub fn start() -> Self {
        Self::over(Loading::start(|| {
            Regexes::load()
                .inspect_err(|error| {
                    tracing::error!(%error, "the regular expressions for User-Agents do not load");
                })
                .ok()
        }))
    }

    fn over(regexes: Arc<Loading<Regexes>>) -> Self {
        Self {
            regexes,
            cache: Cache::new(CACHED),
        }
    }

    fn families(&self, agent: &str) -> Arc<UserAgentFamilies> {
        if let Some(families) = self.cache.get(agent) {
            return families;
        }
        let Some(regexes) = self.regexes.wait(PATIENCE) else {
            return Arc::default();
        };
        let families = Arc::new(regexes.read(agent));
        self.cache.insert(agent.to_owned(), Arc::clone(&families));
        families
    }
}

impl DeviceDetector for UaDetector {
    fn detect(&self, hints: &ClientHints) -> Device {
        let families = hints
            .user_agent()
            .map(|agent| self.families(agent))
            .unwrap_or_default();
        Device::describe(hints, &families)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Instant;

    use kogents_domain::session::DeviceType;

    use super::*;

    const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

    #[test]
    fn a_request_before_the_load_is_answered_without_names_and_again_with_them_after_it() {
        let (finish, wait) = mpsc::channel::<()>();
        let detector = UaDetector::over(Loading::start(move || {
            wait.recv().ok();
            Regexes::load().ok()
        }));
        let hints = ClientHints::of_user_agent(CHROME);
        let asked = Instant::now();
        let early = detector.detect(&hints);
        assert!(asked.elapsed() >= PATIENCE);
        assert_eq!(early.device_type, DeviceType::Desktop);
        assert_eq!(early.browser_name, None);

        finish.send(()).unwrap();
        while detector.regexes.wait(PATIENCE).is_none() {}
        assert_eq!(detector.detect(&hints).device_name, "Chrome on Windows");
    }

    #[test]
    fn regular_expressions_that_do_not_load_cost_names_but_no_time() {
        for detector in [
            UaDetector::over(Loading::start(|| None)),
            UaDetector::over(Loading::start(|| panic!("broken on purpose"))),
        ] {
            detector.regexes.wait(Duration::from_secs(60));
            let asked = Instant::now();
            let device = detector.detect(&ClientHints::of_user_agent(CHROME));
            assert!(asked.elapsed() < PATIENCE);
            assert_eq!(device.device_type, DeviceType::Desktop);
            assert_eq!(device.device_name, "Unknown device");
        }
    }

    #[test]
    fn the_cache_is_bounded() {
        let detector = UaDetector::over(Loading::start(|| None));
        for number in 0..2 * CACHED {
            detector
                .cache
                .insert(format!("agent {number}"), Arc::default());
        }
        assert!(detector.cache.len() <= CACHED);
    }

    #[test]
    fn what_was_read_is_kept() {
        let detector = UaDetector::start();
        while detector.regexes.wait(PATIENCE).is_none() {}
        let first = detector.families(CHROME);
        assert!(Arc::ptr_eq(&first, &detector.families(CHROME)));
    }
}
