//! Passwords: hashing, comparing and judging, on threads of their own.

mod argon;
mod hasher;
mod memory;
mod strength;
mod workers;

pub use hasher::Argon2Hasher;
