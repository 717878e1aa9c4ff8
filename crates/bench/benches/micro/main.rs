//! What the small parts of a request cost, each by itself: `cargo bench -p kogents-bench`.

mod devices;
mod given;
mod limits;
mod places;
mod seals;
mod tokens;

use criterion::{criterion_group, criterion_main};

criterion_group!(
    micro,
    tokens::read,
    devices::parse,
    devices::fingerprint,
    seals::seal_and_open,
    limits::take,
    places::look_up
);
criterion_main!(micro);
