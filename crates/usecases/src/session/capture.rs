//! Learns of a client what a session's facts are made of.

use std::net::IpAddr;
use std::sync::Arc;

use kogents_domain::auth::Language;
use kogents_domain::digest::Digester;
use kogents_domain::ids::UserId;
use kogents_domain::session::{
    Analytics, Attribution, ClientHints, DeviceDetector, DeviceFingerprint, FingerprintParts,
    GeoLocator, Geography, SessionFacts,
};

/// What a request says of the client that makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The client's address.
    pub ip_address: IpAddr,
    /// Its User-Agent and client hints.
    pub hints: ClientHints,
    /// The first language it accepts; None when it names none.
    pub language: Option<Language>,
}

/// A client's facts, and the name of its device to the person.
#[derive(Debug, Clone, PartialEq)]
pub struct Captured {
    /// The facts, but for whether the device is new to the person.
    pub facts: SessionFacts,
    /// The device.
    pub fingerprint: DeviceFingerprint,
}

/// Makes the facts of a session of what a request says, what the frontend tells, and what is
/// derived from both. Takes some hundred microseconds at most and asks nobody; in the first moments
/// after a start it may have to wait for the detector.
pub struct SessionCapture {
    /// Reads devices.
    pub detector: Arc<dyn DeviceDetector>,
    /// Knows where addresses are.
    pub locator: Arc<dyn GeoLocator>,
    /// Makes fingerprints.
    pub digester: Arc<dyn Digester>,
}

impl SessionCapture {
    /// The facts of a session of this person.
    #[must_use]
    pub fn of(&self, user: UserId, client: Client, mut analytics: Analytics) -> Captured {
        let from_frontend = analytics.language.is_some();
        analytics.language = analytics.language.or(client.language);
        let device = self.detector.detect(&client.hints);
        let parts = FingerprintParts::of(user, &device, analytics.language.as_ref());
        let fingerprint = DeviceFingerprint::of(&parts, self.digester.as_ref());
        let geography = Geography::of(&analytics, self.locator.locate(client.ip_address));
        let attribution = Attribution::of(&analytics);
        let mut facts = SessionFacts::from_client(client.ip_address, analytics)
            .with_device(device, &fingerprint)
            .with_geography(geography)
            .attributed(attribution);
        facts.from_frontend.language = from_frontend;
        Captured { facts, fingerprint }
    }
}
