//! What an operation costs does not grow with the tables: with ten, or a hundred, times as many
//! sessions it touches no more pages, but for one more level of each index that it looks into and
//! what it costs the server to plan it anew, which does not depend on their number.
//!
//! The server counts pages. Few and many sessions are 3,000 and 30,000, and 10,000 and 1,000,000
//! with `cargo xtask test slow`; the many are asked before they have statistics as well as after.

mod operations;
mod pages;
mod rows;

use self::operations::{ALL, Operation};
use self::rows::Filled;

/// Whether this is `cargo xtask test slow`.
fn is_slow() -> bool {
    #[expect(
        clippy::disallowed_methods,
        reason = "how much to test is no setting of the product"
    )]
    let set = std::env::var_os("KOGENTS_SLOW").is_some();
    set
}

/// What every operation cost, in pages.
async fn costs(filled: &Filled, turn: u64) -> Vec<u64> {
    let mut costs = Vec::new();
    for operation in ALL {
        costs.push(pages::of(filled, operation, turn).await);
    }
    costs
}

/// Tells the figures, and what is wrong with them, if anything.
#[expect(clippy::print_stdout, reason = "the figures are worth reading")]
fn compare(operation: Operation, few: u64, many: u64, state: &str) -> Option<String> {
    let most = few + operation.allowance();
    let told = format!("{operation:?}: {few} pages with few sessions, {many} with many, {state}");
    println!("{told}");
    (many > most).then(|| format!("{told}; at most {most} were expected"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p4_no_operation_on_sessions_costs_more_where_there_are_more_of_them() {
    let (few, many) = if is_slow() {
        (10_000, 1_000_000)
    } else {
        (3_000, 30_000)
    };
    let Some(small) = Filled::with(few).await else {
        return;
    };
    small.analyse().await;
    let small = costs(&small, 0).await;
    let Some(large) = Filled::with(many).await else {
        return;
    };
    let without_statistics = costs(&large, 0).await;
    large.analyse().await;
    let with_statistics = costs(&large, 1).await;
    let mut faults = Vec::new();
    for (state, many) in [
        ("without statistics", without_statistics),
        ("with statistics", with_statistics),
    ] {
        for ((operation, few), many) in ALL.into_iter().zip(&small).zip(many) {
            faults.extend(compare(operation, *few, many, state));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}
