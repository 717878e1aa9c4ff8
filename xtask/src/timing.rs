//! Durations as a person reads them.

use std::time::Duration;

/// `0.4 s`, `12.0 s`, `3 min 05 s`.
pub(crate) fn spoken(duration: Duration) -> String {
    let secs = duration.as_secs();
    if secs < 60 {
        format!("{}.{} s", secs, duration.subsec_millis() / 100)
    } else {
        format!("{} min {:02} s", secs / 60, secs % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_appear_only_when_there_are_any() {
        assert_eq!(spoken(Duration::from_millis(449)), "0.4 s");
        assert_eq!(spoken(Duration::from_secs(12)), "12.0 s");
        assert_eq!(spoken(Duration::from_secs(185)), "3 min 05 s");
    }
}
