//! What a detection costs.

use std::time::{Duration, Instant};

use kogents_adapter_useragent::UaDetector;

use super::{describe, detector};

/// The time that each of these takes on average.
fn each(detector: &UaDetector, agents: &[String]) -> Duration {
    let started = Instant::now();
    for agent in agents {
        describe(detector, agent);
    }
    let count = u32::try_from(agents.len()).unwrap();
    started.elapsed() / count
}

#[test]
fn the_longest_user_agent_takes_a_bounded_time() {
    let detector = detector();
    // Each of its own, as long as is read, and with much that the regular expressions look for.
    let part =
        "Mozilla/5.0 (Linux; Android 14; SM-X) AppleWebKit/537.36 Version/4.0 Chrome/1.2 Mobile ";
    let long: Vec<String> = (0..50)
        .map(|number| format!("{number} {}", part.repeat(12)))
        .collect();
    let real: Vec<String> = include_str!("../data/devices.tsv")
        .lines()
        .filter_map(|line| line.rsplit('\t').next())
        .map(str::to_owned)
        .collect();
    for (what, agents) in [("a real", &real), ("the longest", &long)] {
        let (fresh, cached) = (each(&detector, agents), each(&detector, agents));
        println!("{what} User-Agent: {fresh:?} fresh, {cached:?} from the cache");
        assert!(fresh < Duration::from_millis(500), "{what}: {fresh:?}");
    }
}
