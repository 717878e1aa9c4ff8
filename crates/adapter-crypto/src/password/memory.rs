//! The memory that hashes are made in.

use std::sync::{Mutex, PoisonError};

use argon2::{Argon2, Block, Params};

use super::argon::CURRENT_COST_KIB;

/// The blocks of one worker, allocated once and used again for every hash of today's cost.
///
/// A stored hash with a greater cost gets blocks of its own for the moment, [in turn](in_turn).
#[derive(Default)]
pub(super) struct Memory(Vec<Block>);

impl Memory {
    /// Hashes into `output`.
    pub(super) fn hash(
        &mut self,
        argon: &Argon2<'_>,
        password: &[u8],
        salt: &[u8],
        output: &mut [u8],
    ) -> argon2::Result<()> {
        let needed = argon.params().block_count();
        if needed > CURRENT_COST_KIB {
            return in_turn(|| {
                let mut blocks = vec![Block::new(); needed];
                argon.hash_password_into_with_memory(password, salt, output, &mut blocks)
            });
        }
        if self.0.is_empty() {
            self.0 = vec![Block::new(); CURRENT_COST_KIB];
        }
        argon.hash_password_into_with_memory(password, salt, output, &mut self.0)
    }
}

/// Does work that takes memory beside the workers' own, once at a time in the whole process, so
/// that imported hashes cannot multiply memory.
pub(super) fn in_turn<T>(work: impl FnOnce() -> T) -> T {
    static TURN: Mutex<()> = Mutex::new(());
    // The lock guards no data, so that a panic under it leaves nothing broken.
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    work()
}

// A block is 1 KiB, which is also what the cost is counted in.
const _: () = assert!(Block::SIZE == 1_024 && Params::DEFAULT_M_COST == 19_456);
