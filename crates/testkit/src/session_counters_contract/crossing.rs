//! The promise of the product, in random worlds.

use super::support::InstancesPort;
use super::world::{Step, World};
use crate::mutate::Dice;

/// What may happen, and how often of a hundred times.
const STEPS: [(Step, usize); 9] = [
    (Step::Request, 30),
    (Step::Beacon, 12),
    (Step::Fence, 4),
    (Step::Finish, 12),
    (Step::Claim, 12),
    (Step::Write, 14),
    (Step::Acknowledge, 10),
    (Step::Forget, 2),
    (Step::Wait, 4),
];

fn some_step(dice: &mut Dice) -> Step {
    let mut rolled = dice.below(100);
    for (step, often) in STEPS {
        if rolled < often {
            return step;
        }
        rolled -= often;
    }
    Step::Wait
}

/// Requests, beacons and refreshes at two instances, told late and in any order; flushes that cross
/// each other, are repeated, or never acknowledged.
pub async fn r4_whatever_is_crossed_or_repeated_the_database_ends_with_what_was_done(
    port: InstancesPort,
) {
    for seed in 0..30 {
        let mut world = World::new(&port, seed);
        for _ in 0..150 {
            let step = some_step(world.dice());
            world.take(step).await;
            // Whoever asks is told of everything that was done, at any time.
            world.assert_nothing_is_missing().await;
        }
        world.flush_everything().await;
        world.assert_the_database_has_everything();
        // What was claimed before is written once more, by somebody slow.
        world.write_everything_again();
        world.assert_the_database_has_everything();
    }
}

/// The same while the cache is lost, again and again.
pub async fn r4_whatever_is_lost_the_database_never_has_too_much_nor_loses_what_it_had(
    port: InstancesPort,
) {
    for seed in 0..30 {
        let mut world = World::in_order(&port, seed);
        for _ in 0..150 {
            if world.dice().one_in(40) {
                world.lose_everything().await;
            } else {
                let step = some_step(world.dice());
                world.take(step).await;
            }
            world.assert_the_database_has_not_too_much();
        }
        world.flush_everything().await;
        world.write_everything_again();
        world.assert_the_database_has_not_too_much();
        world.assert_what_was_done_since_the_last_loss_is_not_lost();
    }
}
