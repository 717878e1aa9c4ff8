//! Tests of the crate as a whole: the plan of every statement, the schema as diesel sees it.

mod audit;
mod build;
mod directory;
mod growth;
mod queue;
mod workspaces;

use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use diesel::connection::InstrumentationEvent;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};
use kogents_domain::auth::{
    EmailAddress, Language, NewUser, PasswordHash, PersonName, TokenPurpose, User,
};
use kogents_domain::digest::Digest;
use kogents_domain::ids::{RoleId, SessionId, SignupId, UserId, WorkspaceId};
use kogents_domain::page::PageLimit;
use kogents_domain::session::{
    Analytics, CountryCode, DeviceFingerprint, EndReason, FromFrontend, Lifetimes, NewSession,
    Rotation, SessionFacts, SessionQuota, SessionRecord, SessionType, TimedOut, Traces,
};
use kogents_domain::store::{StoreError, UnitOfWork as _};
use kogents_domain::time::{Span, Timestamp};
use kogents_domain::workspace::Slug;
use uuid::Uuid;

use crate::store::SqliteStore;
use crate::unit_of_work::{Begin, SqliteUnitOfWork};

const NOW: Timestamp = Timestamp::from_millis(1_000);
const KEY: Digest = Digest::from_bytes([7; 32]);

fn user() -> UserId {
    UserId::from_uuid(Uuid::from_u128(1))
}

fn session() -> SessionId {
    SessionId::from_uuid(Uuid::from_u128(2))
}

fn workspace() -> WorkspaceId {
    WorkspaceId::from_uuid(Uuid::from_u128(3))
}

fn record() -> SessionRecord {
    let day = Span::from_secs(86_400);
    let new = NewSession {
        id: session(),
        user_id: user(),
        workspace_id: Some(workspace()),
        session_type: SessionType::Web,
        refresh_digest: KEY,
        facts: SessionFacts::from_client(IpAddr::from([192, 0, 2, 1]), Analytics::default()),
    };
    let lifetimes = Lifetimes {
        session_idle: day,
        session_absolute: day,
        refresh_idle: day,
        refresh_absolute: day,
        refresh_grace: day,
    };
    SessionRecord::open(new, &lifetimes, NOW)
}

/// Calls every method of every repository that looks rows up.
async fn call_everything(work: &mut SqliteUnitOfWork) -> Result<(), StoreError> {
    let hash = PasswordHash::new("x");
    let users = work.users();
    users.find(user()).await?;
    users.find_for_update(user()).await?;
    users
        .find_by_email(&EmailAddress::parse("ada@example.com").unwrap())
        .await?;
    users
        .replace_password_hash(user(), &hash, &hash, NOW)
        .await?;
    users.set_last_workspace(user(), None, NOW).await?;
    let other = EmailAddress::parse("eve@example.com").unwrap();
    users.set_email(user(), &other, NOW).await?;

    let tokens = work.one_time_tokens();
    let purpose = TokenPurpose::PasswordReset;
    tokens.find(purpose, &KEY, NOW).await?;
    tokens.consume(purpose, &KEY, NOW).await?;
    tokens.void_all(user(), purpose, NOW).await?;
    tokens.sweep(NOW).await?;

    work.workspaces().find(workspace()).await?;
    work.workspaces()
        .find_by_slug(&Slug::parse("acme").unwrap())
        .await?;
    let role = RoleId::from_uuid(Uuid::from_u128(5));
    work.roles().find(workspace(), role).await?;
    work.memberships()
        .find_standing(user(), Some(workspace()))
        .await?;
    work.api_tokens().find_by_digest(&KEY).await?;
    work.api_tokens().revoke(workspace(), NOW).await?;

    let sessions = work.sessions();
    sessions.insert(&record()).await?;
    sessions.find(session()).await?;
    sessions.find_record(user(), session()).await?;
    sessions.count_open(user(), NOW).await?;
    sessions.list_open(user(), NOW).await?;
    sessions.find_with_activity(user(), session()).await?;
    sessions.find_activity(session()).await?;
    let limit = PageLimit::DEFAULT;
    sessions.list_all(user(), limit, None).await?;
    sessions.list_all(user(), limit, Some(session())).await?;
    sessions.count_all(user()).await?;
    let rotation = Rotation {
        session_id: session(),
        generation: 0,
        digest: KEY,
        next_digest: KEY,
        now: NOW,
        grace: Span::from_secs(30),
        session_idle: Span::from_secs(30),
    };
    sessions.rotate(&rotation).await?;
    let idle = Span::from_secs(30);
    sessions
        .end_surplus(
            user(),
            SessionQuota {
                keep: session(),
                also_keep: None,
                limit: 1,
                session_idle: idle,
                at: NOW,
            },
        )
        .await?;
    let SessionRecord {
        facts, activity, ..
    } = record();
    sessions.record_activity(&[(session(), activity)]).await?;
    sessions.replace_facts(session(), &facts).await?;
    sessions.end(session(), EndReason::Logout, NOW).await?;
    sessions
        .end_others(user(), Some(session()), EndReason::Logout, NOW)
        .await?;

    call_upkeep(work).await?;

    workspaces::call(work).await?;

    queue::call(work).await?;

    audit::call(work).await?;

    call_leaving(work).await
}

/// What a person's account ends with.
async fn call_leaving(work: &mut SqliteUnitOfWork) -> Result<(), StoreError> {
    work.devices().list(user()).await?;
    work.memberships().list_all_of_person(user()).await?;
    let ada = User::from_signup(
        NewUser {
            id: user(),
            email: EmailAddress::parse("ada@plans.example").unwrap(),
            name: PersonName::parse("Ada").unwrap(),
            password_hash: PasswordHash::new("x"),
            signup_id: SignupId::from_uuid(Uuid::from_u128(4)),
            workspace_id: workspace(),
            analytics: Analytics::default(),
        },
        NOW,
    );
    work.users().update_profile(&ada).await?;
    work.sessions().delete_of_person(user()).await?;
    work.outbox().drop_addressed_to(&ada.email, NOW).await?;
    work.users().delete(user()).await?;
    work.audit().forget_actor(user()).await
}

async fn call_upkeep(work: &mut SqliteUnitOfWork) -> Result<(), StoreError> {
    let upkeep = work.session_upkeep();
    upkeep.list_idle(NOW, 10).await?;
    upkeep.move_idle_ends(&[(session(), NOW)]).await?;
    let timed_out = TimedOut {
        session_id: session(),
        at: NOW,
        reason: EndReason::IdleTimeout,
    };
    upkeep.end_timed_out(&[timed_out], NOW).await?;
    upkeep.list_traces(NOW, 10).await?;
    let traces = Traces {
        session_id: session(),
        ip_address: IpAddr::from([192, 0, 2, 0]),
        coordinate: None,
        referrer_url: None,
        landing_page: None,
    };
    upkeep.minimise(&[traces]).await?;
    upkeep.drop_opened_before(NOW, 10).await?;
    upkeep.lag(NOW).await?;

    let fingerprint = DeviceFingerprint::parse("fp1_AAAAAAAAAAAAAAAAAAAAAA").unwrap();
    for _ in 0..2 {
        work.devices().see(user(), &fingerprint, NOW).await?;
    }
    work.devices().drop_unseen_since(NOW, 10).await?;
    let holder = Uuid::from_u128(6);
    work.leases().take("sweep", holder, NOW, NOW).await?;
    work.leases().give_back("sweep", holder).await
}

#[derive(QueryableByName)]
struct Plan {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// Every statement of the repositories with the lines of its plan, on empty tables.
async fn plans() -> Vec<(String, Vec<String>)> {
    let store = SqliteStore::in_memory().unwrap();
    let mut work = store.unit_of_work(Begin::Write).await.unwrap();
    plans_in(&mut work).await
}

/// The same, on the tables as they are.
async fn plans_in(work: &mut SqliteUnitOfWork) -> Vec<(String, Vec<String>)> {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&seen);
    work.run(move |conn| {
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                sink.lock().unwrap().push(query.to_string());
            }
        });
        Ok(())
    })
    .await
    .unwrap();
    call_everything(work).await.unwrap();
    let mut statements = seen.lock().unwrap().clone();
    statements.sort();
    statements.dedup();
    work.run(move |conn| {
        let mut plans = Vec::new();
        for statement in statements {
            let sql = statement.split(" -- binds").next().unwrap().to_owned();
            let lines: Vec<Plan> = sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(conn)?;
            plans.push((sql, lines.into_iter().map(|line| line.detail).collect()));
        }
        Ok(plans)
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn no_statement_reads_a_whole_table() {
    assert_no_scan(plans().await);
}

fn assert_no_scan(plans: Vec<(String, Vec<String>)>) {
    assert!(plans.len() >= 190, "only {} statements seen", plans.len());
    for (sql, lines) in plans {
        for line in lines {
            // The spent generations of one session, in its own row, are no table; nor are rows that
            // are written out.
            let whole = line.starts_with("SCAN")
                && !line.starts_with("SCAN json_each")
                && line != "SCAN CONSTANT ROW"
                && !line.ends_with("VALUES CLAUSE");
            assert!(!whole, "{line}\n{sql}");
        }
    }
}

#[tokio::test]
async fn hot_lookups_use_the_index_made_for_them() {
    let plans = plans().await;
    for (part, index) in [
        (
            "`users`.`email_normalised` = ?",
            "users_email_normalised_key",
        ),
        (
            "ORDER BY `sessions`.`started_at` DESC",
            "sessions_user_id_live_idx",
        ),
        ("ORDER BY `sessions`.`id` DESC", "sessions_user_id_id_idx"),
        ("SELECT live.id FROM sessions", "sessions_user_id_live_idx"),
        (
            "ORDER BY `sessions`.`idle_expires_at`",
            "sessions_idle_expires_at_live_idx",
        ),
        (
            "ORDER BY `sessions`.`ended_at`",
            "sessions_ended_at_traces_idx",
        ),
        ("WHERE last_seen < ?1", "user_devices_last_seen_idx"),
        ("ORDER BY run_at, id LIMIT", "outbox_lane_run_at_queued_idx"),
        (
            "AS waiting_since",
            "COVERING INDEX outbox_lane_run_at_queued_idx",
        ),
        ("AS dead", "COVERING INDEX outbox_lane_id_dead_idx"),
        ("expires_at IS NOT NULL", "outbox_expires_at_queued_idx"),
        (
            "payload IS NOT NULL AND expires_at",
            "outbox_expires_at_dead_idx",
        ),
        ("ORDER BY finished_at, id", "outbox_finished_at_dead_idx"),
        ("AND state = 'dead' ORDER BY id DESC", "outbox_id_dead_idx"),
        ("AND state = 'dead' AND lane", "outbox_lane_id_dead_idx"),
        (
            "`one_time_tokens`.`digest` = ?",
            "one_time_tokens_digest_key",
        ),
        (
            "`one_time_tokens`.`user_id` = ?",
            "one_time_tokens_user_id_idx",
        ),
        (
            "FROM one_time_tokens WHERE id IN",
            "one_time_tokens_expires_at_idx",
        ),
        (
            "AS sort_key FROM memberships WHERE workspace_id = ?5 UNION ALL SELECT id, 1, created_at",
            "COVERING INDEX memberships_created_at_idx",
        ),
        (
            "AS sort_key FROM memberships WHERE workspace_id = ?5 UNION ALL SELECT id, 1, name_key",
            "COVERING INDEX invitations_name_key_idx",
        ),
        (
            "AS sort_key FROM memberships WHERE workspace_id = ?5 UNION ALL SELECT id, 1, email_key",
            "COVERING INDEX memberships_email_key_idx",
        ),
        ("FROM sessions AS newest", "sessions_user_id_id_idx"),
        ("`invitations`.`digest` = ?", "invitations_digest_key"),
        (
            "`invitations`.`email_normalised` = ?",
            "invitations_pending_key",
        ),
        (
            "FROM invitations WHERE expires_at <= ?1",
            "invitations_expires_at_idx",
        ),
        ("AS to_end_since", "sessions_idle_expires_at_live_idx"),
        ("AS to_minimise_since", "sessions_ended_at_traces_idx"),
        (
            "finished_at IS NOT NULL AND finished_at < ?1",
            "outbox_finished_at_idx",
        ),
        ("replace_key = ?2", "outbox_replace_key_unsent_idx"),
        ("dedupe_key = ?1", "outbox_dedupe_key_key"),
        (
            "AND iif(length(CAST(recipient AS BLOB))",
            "outbox_recipient_unsent_idx",
        ),
        (
            "WHERE a.workspace_id = ?7 AND a.at >= ?6 AND a.action IN",
            "audit_workspace_id_at_idx (workspace_id=? AND at>? AND (at,id)<(?,?))",
        ),
        (
            "a.at >= ?6 AND a.action = ?5",
            "audit_workspace_id_action_at_idx (workspace_id=? AND action=? AND at>? AND (at,id)",
        ),
        (
            "a.at >= ?6 AND a.actor_id = ?4",
            "audit_workspace_id_actor_id_at_idx (workspace_id=? AND actor_id=? AND at>? AND (at,id)",
        ),
        (
            "WHERE a.actor_id = ?4",
            "audit_actor_id_at_idx (actor_id=? AND (at,id)<(?,?))",
        ),
        (
            "session_id = NULL WHERE actor_id = ?1",
            "audit_actor_id_at_idx (actor_id=?)",
        ),
        ("WHERE target = ?1", "audit_unproven_target_idx (target=?)"),
        ("DELETE FROM audit", "audit_at_idx"),
        (
            "DELETE FROM session_facts WHERE id IN (SELECT id FROM sessions WHERE user_id",
            "sessions_user_id_id_idx",
        ),
        (
            "`api_tokens`.`workspace_id` = ?",
            "api_tokens_workspace_id_id_idx",
        ),
    ] {
        let mut found = 0;
        for (sql, lines) in plans.iter().filter(|(sql, _)| sql.contains(part)) {
            found += 1;
            assert!(
                lines.iter().any(|line| line.contains(index)),
                "{index} is not used: {lines:#?}\n{sql}"
            );
        }
        assert!(found > 0, "no statement with {part}");
    }
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    required: i64,
}

/// The columns of `schema.rs`: table, name, type.
fn written() -> Vec<(String, String, String)> {
    let mut columns = Vec::new();
    let mut table = String::new();
    for line in include_str!("schema.rs").lines() {
        if let Some((name, _)) = line.trim().split_once(" (") {
            name.clone_into(&mut table);
        } else if let Some((name, kind)) = line.trim().split_once(" -> ") {
            let kind = kind.trim_end_matches(',').replace("Bool", "BigInt");
            columns.push((table.clone(), name.to_owned(), kind));
        }
    }
    columns
}

#[tokio::test]
async fn schema_rs_says_what_the_database_has() {
    let store = SqliteStore::in_memory().unwrap();
    let mut work = store.unit_of_work(Begin::Read).await.unwrap();
    let columns: Vec<Column> = work
        .run(|conn| {
            Ok(sql_query(
                "SELECT t.name AS table_name, c.name AS name, c.type AS kind, \
                 c.\"notnull\" AS required \
                 FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c \
                 WHERE t.type = 'table' AND t.name <> '__diesel_schema_migrations' \
                 ORDER BY t.rowid, c.cid",
            )
            .load(conn)?)
        })
        .await
        .unwrap();
    let made: Vec<(String, String, String)> = columns
        .into_iter()
        .map(|column| {
            let kind = match column.kind.as_str() {
                "BLOB" => "Binary",
                "TEXT" => "Text",
                "INTEGER" => "BigInt",
                "REAL" => "Double",
                other => panic!("no diesel type for {other}"),
            };
            let kind = if column.required == 1 {
                kind.to_owned()
            } else {
                format!("Nullable<{kind}>")
            };
            (column.table_name, column.name, kind)
        })
        .collect();
    assert_eq!(written(), made);
}

#[tokio::test]
async fn a_row_that_does_not_parse_fails_without_its_values() {
    let store = SqliteStore::in_memory().unwrap();
    let mut work = store.unit_of_work(Begin::Write).await.unwrap();
    work.sessions().insert(&record()).await.unwrap();
    work.run(|conn| {
        sql_query("UPDATE session_facts SET timezone = 'Mars/Base'").execute(conn)?;
        Ok(())
    })
    .await
    .unwrap();
    let met = work.sessions().find_record(user(), session()).await;
    assert_eq!(
        met,
        Err(StoreError::Failed(
            "a value of session_facts.timezone does not read back".to_owned()
        ))
    );
}

#[tokio::test]
async fn what_an_older_document_holds_came_from_the_frontend() {
    let store = SqliteStore::in_memory().unwrap();
    let mut work = store.unit_of_work(Begin::Write).await.unwrap();
    let mut record = record();
    record.facts.language = Some(Language::english());
    record.facts.country_code = CountryCode::parse("DE").ok();
    work.sessions().insert(&record).await.unwrap();
    work.run(|conn| {
        sql_query("UPDATE session_facts SET details = json_remove(details, '$.fromFrontend')")
            .execute(conn)?;
        Ok(())
    })
    .await
    .unwrap();
    let found = work.sessions().find_record(user(), session()).await;
    let expected = FromFrontend {
        country: true,
        language: true,
        ..FromFrontend::default()
    };
    assert_eq!(found.unwrap().unwrap().facts.from_frontend, expected);
}
