//! The audit log: its calls, for their plans; what the table refuses; rows that cannot be read.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use kogents_domain::audit::{
    AuditAction, AuditDetails, AuditEntry, AuditFilter, AuditRecord, AuditTarget, KEPT,
};
use kogents_domain::ids::AuditId;
use kogents_domain::page::PageLimit;
use kogents_domain::store::{StoreError, UnitOfWork as _};
use kogents_domain::time::{Span, Timestamp};
use uuid::Uuid;

use super::{NOW, session, user, workspace};
use crate::store::SqliteStore;
use crate::unit_of_work::{Begin, SqliteUnitOfWork};

const REFUSED: &str = "the audit log is append-only";

/// An entry with everything that can be said of it, at a moment far ahead: it is kept, whenever this
/// runs.
fn entry(number: u128) -> AuditEntry {
    AuditEntry {
        id: AuditId::from_uuid(Uuid::from_u128(number)),
        at: Timestamp::from_millis(10_000_000_000_000),
        workspace_id: Some(workspace()),
        actor_id: Some(user()),
        action: AuditAction::SessionEnded,
        target: Some(AuditTarget::from(session())),
        ip_address: "192.0.2.1".parse().ok(),
        session_id: Some(session()),
        details: AuditDetails::none().with("reason", "logout"),
    }
}

/// Every shape of a list.
fn filters() -> Vec<AuditFilter> {
    let mut filters = Vec::new();
    for action in [None, Some(AuditAction::SessionEnded)] {
        for actor in [None, Some(user())] {
            for moment in [None, Some(NOW)] {
                filters.push(AuditFilter {
                    action,
                    actor,
                    from: moment,
                    to: moment,
                });
            }
        }
    }
    filters
}

/// Calls every method of the log but forgetting, which has to wait until somebody is gone.
pub(super) async fn call(work: &mut SqliteUnitOfWork) -> Result<(), StoreError> {
    let audit = work.audit();
    audit.append(&[entry(1 << 90), entry(2 << 90)]).await?;
    let limit = PageLimit::DEFAULT;
    for filter in filters() {
        for after in [None, Some(entry(1 << 90).key())] {
            audit.list(workspace(), filter, limit, after).await?;
        }
    }
    audit.list_of_actor(user(), limit, None).await?;
    audit.sweep(NOW, 10).await?;
    Ok(())
}

async fn listed(work: &mut SqliteUnitOfWork) -> Result<Vec<AuditEntry>, StoreError> {
    let all = AuditFilter::default();
    let limit = PageLimit::LARGEST;
    let page = work.audit().list(workspace(), all, limit, None).await?;
    let entries = page
        .items
        .into_iter()
        .map(|AuditRecord { entry, .. }| entry);
    Ok(entries.collect())
}

/// Runs a statement and undoes it; gives what it met.
async fn met(work: &mut SqliteUnitOfWork, statement: &str) -> Result<usize, String> {
    let statement = statement.to_owned();
    work.run(move |conn| {
        conn.batch_execute("SAVEPOINT asked")?;
        let met = sql_query(statement).execute(conn);
        conn.batch_execute("ROLLBACK TO asked; RELEASE asked")?;
        Ok(met.map_err(|error| error.to_string()))
    })
    .await
    .unwrap()
}

/// A person, as the plainest row that is one.
const ADD_PERSON: &str = "INSERT INTO users (id, email, email_normalised, name, password_hash, \
        notify_new_device, first_touch, signup_id, created_at, updated_at) \
    VALUES (unhex(printf('%032x', 1)), 'a@b.example', 'a@b.example', 'Ada', 'none', 1, '{}', \
        randomblob(16), 0, 0)";

const FORGET: &str = "UPDATE audit SET actor_id = NULL, ip_address = NULL, session_id = NULL";

/// What may be done to what was tried in the name of somebody who is gone.
const FORGET_TRIES: &str =
    "UPDATE audit SET ip_address = NULL, session_id = NULL WHERE actor_id IS NULL";

/// What says who it was and not from where.
const HALF: &str = "UPDATE audit SET ip_address = NULL, session_id = NULL";

/// What is refused whether or not the actor is still there.
const FORBIDDEN: [&str; 12] = [
    "UPDATE audit SET action = 'forged'",
    "UPDATE audit SET at = 0",
    "UPDATE audit SET workspace_id = NULL",
    "UPDATE audit SET target = NULL, actor_id = NULL, ip_address = NULL, session_id = NULL",
    "UPDATE audit SET details = '{}', actor_id = NULL, ip_address = NULL, session_id = NULL",
    "UPDATE audit SET actor_id = NULL",
    HALF,
    "UPDATE audit SET rowid = 99",
    "DELETE FROM audit",
    "DELETE FROM audit WHERE at > 5",
    "INSERT OR REPLACE INTO audit (id, at, action, details) SELECT id, 0, 'forged', '{}' FROM audit",
    "REPLACE INTO audit (rowid, id, at, action, details) \
        SELECT rowid, randomblob(16), 0, 'forged', '{}' FROM audit",
];

#[tokio::test]
async fn the_audit_log_cannot_be_changed() {
    let store = SqliteStore::in_memory().unwrap();
    let mut work = store.unit_of_work(Begin::Write).await.unwrap();
    work.run(|conn| Ok(conn.batch_execute(ADD_PERSON)?))
        .await
        .unwrap();
    work.audit().append(&[entry(9)]).await.unwrap();
    let refused = Err(REFUSED.to_owned());
    for statement in FORBIDDEN.into_iter().chain([FORGET]) {
        assert_eq!(met(&mut work, statement).await, refused, "{statement}");
    }
    assert_eq!(listed(&mut work).await, Ok(vec![entry(9)]));
    assert_eq!(work.users().delete(user()).await, Ok(true));
    for statement in FORBIDDEN {
        assert_eq!(met(&mut work, statement).await, refused, "{statement}");
    }
    assert_eq!(met(&mut work, FORGET).await, Ok(1));
    // Once forgotten, there is nobody to forget.
    work.audit().forget_actor(user()).await.unwrap();
    assert_eq!(met(&mut work, FORGET).await, refused);
}

/// By whoever it was, who did not prove to be that person; of what nobody did to no person nothing.
#[tokio::test]
async fn what_was_tried_in_somebody_s_name_is_forgotten_with_them() {
    let store = SqliteStore::in_memory().unwrap();
    let mut work = store.unit_of_work(Begin::Write).await.unwrap();
    work.run(|conn| Ok(conn.batch_execute(ADD_PERSON)?))
        .await
        .unwrap();
    let tried = AuditEntry {
        actor_id: None,
        target: Some(AuditTarget::from(user())),
        ..entry(9)
    };
    work.audit()
        .append(std::slice::from_ref(&tried))
        .await
        .unwrap();
    let refused = Err(REFUSED.to_owned());
    assert_eq!(met(&mut work, FORGET_TRIES).await, refused);
    assert_eq!(work.users().delete(user()).await, Ok(true));
    for statement in FORBIDDEN {
        // Who did it is not known, so that there is no more of it to forget.
        let forgets = statement == HALF;
        let expected = if forgets { Ok(1) } else { refused.clone() };
        assert_eq!(met(&mut work, statement).await, expected, "{statement}");
    }
    assert_eq!(met(&mut work, FORGET_TRIES).await, Ok(1));
    // In the name of something that is no person, nothing is forgotten.
    let of_a_role = AuditEntry {
        actor_id: None,
        ..entry(10)
    };
    work.audit().append(&[of_a_role]).await.unwrap();
    assert_eq!(met(&mut work, FORGET_TRIES).await, refused);
}

/// To the second in which the test runs.
#[tokio::test]
async fn what_is_past_keeping_may_be_removed_and_nothing_younger() {
    let store = SqliteStore::in_memory().unwrap();
    let mut work = store.unit_of_work(Begin::Write).await.unwrap();
    let now: i64 = work
        .run(|conn| {
            #[derive(QueryableByName)]
            struct Now {
                #[diesel(sql_type = diesel::sql_types::BigInt)]
                now: i64,
            }
            let query = "SELECT unixepoch() * 1000 AS now";
            Ok(sql_query(query).get_result::<Now>(conn)?.now)
        })
        .await
        .unwrap();
    let kept_since = Timestamp::from_millis(now).minus(KEPT);
    let [past, kept] = [-1, 60].map(|secs| AuditEntry {
        at: kept_since.plus(Span::from_secs(secs)),
        ..entry(if secs < 0 { 7 } else { 8 })
    });
    work.audit().append(&[past, kept]).await.unwrap();
    let remove = |number| format!("DELETE FROM audit WHERE id = unhex(printf('%032x', {number}))");
    assert_eq!(met(&mut work, &remove(7)).await, Ok(1));
    assert_eq!(met(&mut work, &remove(8)).await, Err(REFUSED.to_owned()));
}

#[tokio::test]
async fn r6_entries_of_a_newer_release_are_left_out_and_break_no_list() {
    let store = SqliteStore::in_memory().unwrap();
    let mut work = store.unit_of_work(Begin::Write).await.unwrap();
    let [older, newer] = [entry(1), entry(9)];
    work.audit()
        .append(&[older.clone(), newer.clone()])
        .await
        .unwrap();
    work.run(|conn| {
        for number in 2..=6 {
            sql_query(format!(
                "INSERT INTO audit SELECT unhex(printf('%032x', {number})), workspace_id, at, \
                 actor_id, 'door.opened', 'door:1', ip_address, session_id, details FROM audit \
                 WHERE id = unhex(printf('%032x', 1))"
            ))
            .execute(conn)?;
        }
        Ok(())
    })
    .await
    .unwrap();
    let one = PageLimit::new(1).unwrap();
    let all = AuditFilter::default();
    let of_actor = AuditFilter {
        actor: Some(user()),
        ..all
    };
    for filter in [all, of_actor] {
        let first = work.audit().list(workspace(), filter, one, None).await;
        let first = first.unwrap();
        assert_eq!(first.items.first().map(|one| &one.entry), Some(&newer));
        let second = work.audit().list(workspace(), filter, one, first.next);
        let second = second.await.unwrap();
        assert_eq!(second.items.first().map(|one| &one.entry), Some(&older));
        assert_eq!(second.next, None);
    }
    let theirs = work.audit().list_of_actor(user(), PageLimit::LARGEST, None);
    assert_eq!(theirs.await.unwrap().items, [newer, older]);
}

#[tokio::test]
async fn an_entry_that_cannot_be_read_is_an_error_without_its_values() {
    for (column, value) in [
        ("target", "role:nine"),
        ("target", "door:0192f3c0-1111-7abc-8def-0123456789ab"),
        ("ip_address", "somewhere"),
        ("details", "[]"),
        ("details", "{\"a\":1}"),
    ] {
        let store = SqliteStore::in_memory().unwrap();
        let mut work = store.unit_of_work(Begin::Write).await.unwrap();
        work.run(move |conn| {
            sql_query(format!(
                "INSERT INTO audit (id, workspace_id, at, actor_id, action, {column}{details}) \
                 VALUES (randomblob(16), unhex(printf('%032x', 3)), 0, \
                     unhex(printf('%032x', 1)), 'role.created', ?1{empty})",
                details = if column == "details" { "" } else { ", details" },
                empty = if column == "details" { "" } else { ", '{}'" },
            ))
            .bind::<Text, _>(value)
            .execute(conn)?;
            Ok(())
        })
        .await
        .unwrap();
        let told = StoreError::Failed(format!("a value of audit.{column} does not read back"));
        assert_eq!(listed(&mut work).await, Err(told), "{value}");
    }
}
