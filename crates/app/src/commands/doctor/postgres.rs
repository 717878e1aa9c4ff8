//! The database on a PostgreSQL server.

use kogents_adapter_postgres::{Examination, OpenError, Pooling, Tables, Walls};

use super::clock;
use super::finding::Finding;

const CHECK: &str = "database";

/// Judges what was found.
pub(super) fn judge(
    examined: Result<Examination, OpenError>,
    has_direct_url: bool,
    migrates_on_start: bool,
) -> Vec<Finding> {
    let found = match examined {
        Ok(found) => found,
        Err(error) => return vec![Finding::failure(CHECK, error.to_string(), fix_of(&error))],
    };
    let said = format!("PostgreSQL {} answers", found.version);
    vec![
        Finding::ok(CHECK, said),
        tables(&found.tables, migrates_on_start),
        walls(&found.walls),
        pooling(found.pooling, has_direct_url),
        clock::judge(found.clock_ahead_millis, found.round_trip_millis),
        connections(found.pool_connections, found.server_connections),
    ]
}

fn fix_of(error: &OpenError) -> &'static str {
    match error {
        OpenError::InvalidUrl(_) => "correct DATABASE_URL",
        OpenError::Tls(_) => {
            "set sslmode and sslrootcert in DATABASE_URL to what the server offers"
        }
        OpenError::Unreachable(_) => {
            "start the server, or correct host and port in DATABASE_URL and let this machine in"
        }
        OpenError::WrongCredentials(_) => "correct user and password in DATABASE_URL",
        OpenError::Refused(_) => {
            "make the database, or correct its name in DATABASE_URL, as the server's answer says"
        }
        OpenError::TooOld { .. } => "upgrade the server",
        OpenError::Newer { .. } => "start the release that migrated it, or restore a backup",
        OpenError::Behind { .. } => "run: kogents migrate up",
        OpenError::ImportUnfinished => "run kogents import with the same export again",
        OpenError::MigrationFailed { .. } => "let the login read the tables",
    }
}

fn tables(tables: &Tables, migrates_on_start: bool) -> Finding {
    match tables {
        Tables::Current => Finding::ok("migrations", "the tables are up to date"),
        Tables::Behind(missing) => {
            let said = format!("the tables lack the migrations {}", missing.join(", "));
            behind(said, migrates_on_start)
        }
        Tables::Newer(version) => newer(version),
    }
}

/// Of tables that lack something.
pub(super) fn behind(said: String, migrates_on_start: bool) -> Finding {
    if migrates_on_start {
        let fix = "run kogents migrate up, or leave it to the next start";
        Finding::warning("migrations", said, fix)
    } else {
        Finding::failure("migrations", said, "run: kogents migrate up")
    }
}

/// Of tables that a later release made.
pub(super) fn newer(version: &str) -> Finding {
    let said = format!("a newer release has migrated the tables: {version} is unknown to this one");
    let fix = "start that release, or restore a backup from before it";
    Finding::failure("migrations", said, fix)
}

fn walls(walls: &Walls) -> Finding {
    const CHECK: &str = "row security";
    match walls {
        Walls::Bound => Finding::ok(
            CHECK,
            "it rests on FORCE: the login is an ordinary one, whom policies bind as the owner, too",
        ),
        Walls::SteppedDown => Finding::ok(
            CHECK,
            "it rests on stepping down: the login passes policies, and each transaction goes on \
             as kogents_app, whom they bind",
        ),
        Walls::Bypassed => Finding::failure(
            CHECK,
            "it rests on nothing: the login passes every policy and may not step down",
            "use a login without SUPERUSER and BYPASSRLS, or let an administrator run SELECT \
             kogents_prepare_app_role() and GRANT kogents_app to the login",
        ),
        Walls::Missing(tables) => Finding::failure(
            CHECK,
            format!("it is not forced on {}", tables.join(", ")),
            "run ALTER TABLE … ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY on each of them",
        ),
        Walls::Unbuilt => Finding::ok(CHECK, "there are no tables yet for it to hold"),
    }
}

fn pooling(pooling: Pooling, has_direct_url: bool) -> Finding {
    const CHECK: &str = "pooler";
    match (pooling, has_direct_url) {
        (Pooling::Own, _) => Finding::ok(CHECK, "no transaction pooler is in the way"),
        (Pooling::Declared, true) => Finding::ok(
            CHECK,
            "connections are lent by transaction, as DATABASE_URL says; migrations go past the \
             pooler",
        ),
        (Pooling::Declared, false) => Finding::warning(
            CHECK,
            "connections are lent by transaction, as DATABASE_URL says, and there is no way past \
             the pooler",
            "set DATABASE_DIRECT_URL to the server itself, for migrations and locks",
        ),
        (Pooling::Undeclared, _) => Finding::failure(
            CHECK,
            "a pooler lends connections by transaction, and DATABASE_URL does not say so: \
             settings and prepared statements get lost between two transactions",
            "add pgbouncer=true to DATABASE_URL and set DATABASE_DIRECT_URL to the server itself",
        ),
    }
}

fn connections(pool: u16, server: u32) -> Finding {
    const CHECK: &str = "connections";
    let said = format!("one server of ours opens up to {pool}, the database takes {server}");
    if u32::from(pool) < server {
        Finding::ok(CHECK, said)
    } else {
        let fix = "lower DATABASE_MAX_CONNECTIONS, or raise max_connections of the database";
        Finding::warning(CHECK, said, fix)
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::{Level, worst};
    use super::*;

    fn healthy() -> Examination {
        Examination {
            version: "17.2".to_owned(),
            tables: Tables::Current,
            clock_ahead_millis: 3,
            round_trip_millis: 1,
            walls: Walls::Bound,
            pooling: Pooling::Own,
            server_connections: 100,
            pool_connections: 10,
        }
    }

    /// How bad it is when this changes, and which check says so.
    fn judged(change: impl FnOnce(&mut Examination)) -> (Level, Vec<&'static str>) {
        let mut found = healthy();
        change(&mut found);
        let findings = judge(Ok(found), false, false);
        let bad = findings.iter().filter(|found| found.level != Level::Ok);
        (worst(&findings), bad.map(|found| found.check).collect())
    }

    #[test]
    fn each_thing_that_is_not_right_is_told_by_itself() {
        assert_eq!(judged(|_| {}), (Level::Ok, vec![]));
        let behind = judged(|found| found.tables = Tables::Behind(vec!["0005", "0006"]));
        assert_eq!(behind, (Level::Failure, vec!["migrations"]));
        let newer = judged(|found| found.tables = Tables::Newer("0099".to_owned()));
        assert_eq!(newer, (Level::Failure, vec!["migrations"]));
        let bypassed = judged(|found| found.walls = Walls::Bypassed);
        assert_eq!(bypassed, (Level::Failure, vec!["row security"]));
        let missing = judged(|found| found.walls = Walls::Missing(vec!["roles".to_owned()]));
        assert_eq!(missing, (Level::Failure, vec!["row security"]));
        let pooled = judged(|found| found.pooling = Pooling::Undeclared);
        assert_eq!(pooled, (Level::Failure, vec!["pooler"]));
        let no_way_past = judged(|found| found.pooling = Pooling::Declared);
        assert_eq!(no_way_past, (Level::Warning, vec!["pooler"]));
        let late = judged(|found| found.clock_ahead_millis = -40_000);
        assert_eq!(late, (Level::Failure, vec!["clock"]));
        let many = judged(|found| found.pool_connections = 100);
        assert_eq!(many, (Level::Warning, vec!["connections"]));
    }

    #[test]
    fn what_a_start_would_mend_is_no_failure() {
        let found = Examination {
            tables: Tables::Behind(vec!["0006"]),
            ..healthy()
        };
        assert_eq!(worst(&judge(Ok(found), false, true)), Level::Warning);
    }
}
