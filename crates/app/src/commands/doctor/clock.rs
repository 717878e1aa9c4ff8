//! The clock of the database's server against ours.

use super::finding::Finding;

const CHECK: &str = "clock";
/// More than this is told.
const WARNING_MILLIS: i64 = 1_000;
/// More than this breaks what two machines agree on by the time.
const FAILURE_MILLIS: i64 = 30_000;

/// Judges a difference that is known as well as a round trip is short.
pub(super) fn judge(ahead_millis: i64, round_trip_millis: i64) -> Finding {
    let apart = ahead_millis.saturating_abs();
    let certain = apart.saturating_sub(round_trip_millis / 2);
    let side = if ahead_millis < 0 {
        "behind"
    } else {
        "ahead of"
    };
    let said = format!("the database's clock is {apart} ms {side} this machine's");
    let fix = "let both machines keep their time by NTP (systemd-timesyncd or chrony)";
    if certain > FAILURE_MILLIS {
        Finding::failure(CHECK, said, fix)
    } else if certain > WARNING_MILLIS {
        Finding::warning(CHECK, said, fix)
    } else {
        Finding::ok(CHECK, said)
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Level;
    use super::*;

    #[test]
    fn a_difference_is_judged_either_way_and_never_by_a_slow_answer() {
        for (ahead, level) in [
            (0, Level::Ok),
            (1_000, Level::Ok),
            (-1_002, Level::Warning),
            (30_001, Level::Warning),
            (30_002, Level::Failure),
            (-3_600_000, Level::Failure),
        ] {
            assert_eq!(judge(ahead, 2).level, level, "{ahead}");
        }
        assert_eq!(judge(1_400, 1_000).level, Level::Ok);
    }
}
