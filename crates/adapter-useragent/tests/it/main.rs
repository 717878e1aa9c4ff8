//! Tests of the detector through its port.

#![expect(
    clippy::unwrap_used,
    reason = "tests: a failure here is a failed test, and says so loudly"
)]

mod cost;
mod devices;
mod oddities;

use kogents_adapter_useragent::UaDetector;
use kogents_domain::session::{ClientHints, Device, DeviceDetector};

/// A detector that has loaded.
fn detector() -> UaDetector {
    let detector = UaDetector::start();
    let known = ClientHints::of_user_agent(
        "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
    );
    while detector.detect(&known).browser_name.is_none() {}
    detector
}

fn describe(detector: &UaDetector, agent: &str) -> Device {
    detector.detect(&ClientHints::of_user_agent(agent))
}
