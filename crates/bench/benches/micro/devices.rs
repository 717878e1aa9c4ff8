//! Reading a User-Agent, known and unknown, and the fingerprint that comes of it.

use std::hint::black_box;

use criterion::Criterion;
use kogents_adapter_crypto::{HmacDigester, Keys};
use kogents_adapter_useragent::UaDetector;
use kogents_domain::session::{
    ClientHints, DeviceDetector as _, DeviceFingerprint, FingerprintParts,
};

use crate::given;

const BROWSER: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like \
    Gecko) Chrome/131.0.0.0 Safari/537.36";

/// With what is remembered of User-Agents, and without.
pub(crate) fn parse(criterion: &mut Criterion) {
    let detector = UaDetector::start();
    let known = ClientHints::of_user_agent(BROWSER);
    // Waits for the regular expressions.
    while detector.detect(&known).browser_name.is_none() {}
    criterion.bench_function("User-Agent, known", |bencher| {
        bencher.iter(|| detector.detect(black_box(&known)));
    });
    let mut number = 0_u64;
    criterion.bench_function("User-Agent, unknown", |bencher| {
        bencher.iter(|| {
            number += 1;
            let unknown = ClientHints::of_user_agent(&format!("{BROWSER} Edition/{number}"));
            detector.detect(&unknown)
        });
    });
}

/// Of a device that was read.
pub(crate) fn fingerprint(criterion: &mut Criterion) {
    let (user, _, _) = given::ids();
    let device = UaDetector::start().detect(&ClientHints::of_user_agent(BROWSER));
    let digester = HmacDigester::new(&Keys::derive(&given::secrets()));
    criterion.bench_function("fingerprint", |bencher| {
        bencher.iter(|| {
            let parts = FingerprintParts::of(user, black_box(&device), None);
            DeviceFingerprint::of(&parts, &digester)
        });
    });
}
