//! Passwords: hashing, comparing and judging, on threads of their own.

mod argon;
mod bcrypt;
mod hasher;
mod memory;
mod pbkdf2;
mod scrypt;
mod stored;
mod strength;
mod workers;

pub use hasher::Argon2Hasher;
