//! The cache on a Redis server.

use kogents_adapter_redis::{Examination, OpenError, Persistence};

use super::finding::Finding;

const CHECK: &str = "cache";
const MIB: u64 = 1_048_576;

/// Judges what was found.
pub(super) fn judge(examined: Result<Examination, OpenError>) -> Vec<Finding> {
    let found = match examined {
        Ok(found) => found,
        Err(error) => return vec![Finding::failure(CHECK, error.to_string(), fix_of(&error))],
    };
    let version = found.version.as_deref().unwrap_or("of an untold version");
    let mut findings = vec![Finding::ok(CHECK, format!("Redis {version} answers"))];
    findings.push(eviction(found.eviction.as_deref()));
    findings.push(memory(found.used_octets, found.most_octets));
    findings.push(persistence(found.persistence));
    findings
}

fn fix_of(error: &OpenError) -> &'static str {
    match error {
        OpenError::UnusableUrl(_) => "correct REDIS_URL",
        OpenError::Unreachable(_) => {
            "start the server, or correct host and port in REDIS_URL or REDIS_HOST"
        }
        OpenError::WrongCredentials(_) => "correct the password in REDIS_URL or REDIS_PASSWORD",
        OpenError::TooOld { .. } => "upgrade the server to Redis 6.2 or later, or to Valkey",
        OpenError::Unsuitable(_) => "name a single server that can be written in REDIS_URL",
        OpenError::Lacks(_) => "permit the commands to this user, see the server's ACL",
    }
}

fn eviction(policy: Option<&str>) -> Finding {
    match policy {
        Some("noeviction") => Finding::ok(CHECK, "nothing is thrown away early (noeviction)"),
        Some(policy) => Finding::failure(
            CHECK,
            format!(
                "maxmemory-policy is {policy}: when it is full, counts of wrong guesses and \
                 pending signups get lost"
            ),
            "set maxmemory-policy noeviction in the Redis server's configuration",
        ),
        None => Finding::warning(
            CHECK,
            "the server does not tell its maxmemory-policy",
            "look yourself whether it is noeviction, or permit INFO to this user",
        ),
    }
}

fn memory(used: Option<u64>, most: Option<u64>) -> Finding {
    let (Some(used), Some(most)) = (used, most) else {
        return Finding::ok(CHECK, "the server does not tell its memory");
    };
    let used_mib = used / MIB;
    if most == 0 {
        let said = format!("{used_mib} MiB are used, and there is no bound (maxmemory 0)");
        return Finding::ok(CHECK, said);
    }
    let said = format!("{used_mib} of {} MiB are used (maxmemory)", most / MIB);
    if used.saturating_mul(10) > most.saturating_mul(9) {
        Finding::warning(
            CHECK,
            said,
            "raise maxmemory: a full server takes no more signups",
        )
    } else {
        Finding::ok(CHECK, said)
    }
}

fn persistence(kept: Option<Persistence>) -> Finding {
    match kept {
        Some(Persistence::Log) => Finding::ok(CHECK, "it keeps what it has over a restart (AOF)"),
        Some(Persistence::Snapshots) => Finding::ok(
            CHECK,
            "it keeps what it had at its last snapshot over a restart (RDB)",
        ),
        Some(Persistence::None) => Finding::warning(
            CHECK,
            "it keeps nothing over a restart: signups under way, counts of wrong guesses and \
             limits begin anew then",
            "set appendonly yes in the Redis server's configuration",
        ),
        None => Finding::ok(CHECK, "the server does not tell whether it keeps anything"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::{Level, worst};
    use super::*;

    #[test]
    fn eviction_memory_and_persistence_are_judged() {
        let healthy = Examination {
            version: Some("7.2.4".to_owned()),
            eviction: Some("noeviction".to_owned()),
            most_octets: Some(0),
            used_octets: Some(5 * MIB),
            persistence: Some(Persistence::Log),
        };
        let level = |found: &Examination| worst(&judge(Ok(found.clone())));
        assert_eq!(level(&healthy), Level::Ok);
        for (found, expected) in [
            (
                Examination {
                    eviction: Some("allkeys-lru".to_owned()),
                    ..healthy.clone()
                },
                Level::Failure,
            ),
            (
                Examination {
                    persistence: Some(Persistence::None),
                    ..healthy.clone()
                },
                Level::Warning,
            ),
            (
                Examination {
                    most_octets: Some(5 * MIB),
                    ..healthy.clone()
                },
                Level::Warning,
            ),
        ] {
            assert_eq!(level(&found), expected, "{found:?}");
        }
    }
}
