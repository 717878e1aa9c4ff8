//! Fakes of the ports that a use case needs beside its store.

mod background;
mod clock;
mod counters;
mod digester;
mod hasher;
mod ids;
mod limiter;
mod random;
mod sealer;
mod signal;
mod tokens;

pub use background::InlineBackground;
pub use clock::FixedClock;
pub use counters::{AskedOfCounters, FakeCounters};
pub use digester::FakeDigester;
pub use hasher::FakeHasher;
pub use ids::SequentialIds;
pub use limiter::{AskedOfLimiter, FakeLimiter};
pub use random::FakeRandom;
pub use sealer::FakeSealer;
pub use signal::CountingSignal;
pub use tokens::{FakeAccessTokens, FakeRefreshTokens};
