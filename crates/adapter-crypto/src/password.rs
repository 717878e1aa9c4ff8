//! Passwords: hashing, comparing and judging, on threads of their own.

mod argon;
mod bcrypt;
mod hasher;
mod memory;
mod pbkdf2;
mod scrypt;
mod standing;
mod stored;
mod strength;
mod workers;

pub use hasher::Argon2Hasher;
pub use standing::HashingStanding;
