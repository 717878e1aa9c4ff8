//! The IP database: whether it can be used, and how old it is.

use std::path::Path;

use kogents_adapter_geoip::{Examination, Fault};
use kogents_domain::time::Timestamp;

use super::finding::Finding;

const CHECK: &str = "geography";
/// What is older than this misplaces some clients.
const OLD_DAYS: i64 = 30;
const DAY_SECS: i64 = 86_400;

/// Judges a file.
pub(super) fn judge(path: &Path, examined: &Result<Examination, Fault>, now: Timestamp) -> Finding {
    let shown = path.display();
    let found = match examined {
        Ok(found) => found,
        Err(fault) => {
            let said = format!("the IP database {shown} is not used: {fault}");
            let fix = "put a database in the MaxMind DB format there, or take GEOIP_DB_PATH away";
            return Finding::warning(CHECK, said, fix);
        }
    };
    let built = i64::try_from(found.built_unix_secs).unwrap_or(i64::MAX);
    let age_secs = (now.as_millis() / 1_000).saturating_sub(built);
    let days = (age_secs / DAY_SECS).max(0);
    let said = format!(
        "the IP database {shown} ({}) is {days} days old",
        found.kind
    );
    if days > OLD_DAYS {
        let fix = "fetch a newer one; a server that runs takes it over by itself";
        Finding::warning(CHECK, said, fix)
    } else {
        Finding::ok(CHECK, said)
    }
}

/// Where none is configured.
pub(super) fn without_file() -> Finding {
    Finding::ok(
        CHECK,
        "no IP database is configured: sessions have no places",
    )
}

#[cfg(test)]
mod tests {
    use super::super::finding::Level;
    use super::*;

    #[test]
    fn an_old_or_unreadable_database_is_a_warning() {
        let now = Timestamp::from_millis(1_800_000_000_000);
        let level = |age_days: u64| {
            let examined = Ok(Examination {
                kind: "City".to_owned(),
                built_unix_secs: 1_800_000_000 - age_days * 86_400,
            });
            judge(Path::new("city.mmdb"), &examined, now).level
        };
        assert_eq!(level(0), Level::Ok);
        assert_eq!(level(30), Level::Ok);
        assert_eq!(level(31), Level::Warning);
        let missing = Err(Fault::NotAFile);
        let found = judge(Path::new("city.mmdb"), &missing, now);
        assert_eq!(found.level, Level::Warning);
    }
}
