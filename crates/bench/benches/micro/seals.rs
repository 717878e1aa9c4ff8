//! Sealing what rests outside of the process, and opening it again.

use std::hint::black_box;

use criterion::Criterion;
use kogents_adapter_crypto::{AeadSealer, Keys};
use kogents_domain::digest::{SealPurpose, Sealer as _};

use crate::given;

/// About as long as a pending signup.
const LENGTH: usize = 800;

/// Under the name that it rests at.
pub(crate) fn seal_and_open(criterion: &mut Criterion) {
    let sealer = AeadSealer::new(&Keys::derive(&given::secrets()));
    let (purpose, name) = (SealPurpose::PendingSignup, [7; 32]);
    let plain = vec![b'a'; LENGTH];
    criterion.bench_function("seal 800 octets", |bencher| {
        bencher.iter(|| sealer.seal(purpose, &name, black_box(&plain)));
    });
    let sealed = sealer.seal(purpose, &name, &plain);
    criterion.bench_function("open 800 octets", |bencher| {
        bencher.iter(|| sealer.open(purpose, &name, black_box(&sealed)));
    });
}
