//! The operations that are measured.

use std::net::IpAddr;

use kogents_adapter_postgres::PgStore;
use kogents_domain::digest::Digest;
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::page::PageLimit;
use kogents_domain::session::{
    Analytics, EndReason, Lifetimes, NewSession, Rotation, SessionActivity, SessionFacts,
    SessionQuota, SessionRecord, SessionType, TimedOut,
};
use kogents_domain::store::{Scope, Store as _, UnitOfWork};
use kogents_domain::time::{Span, Timestamp};
use kogents_testkit::builders::{real_now, unique_fingerprint, unique_id};

use super::rows::Filled;

/// How often an operation on one person is measured.
const TIMES: u64 = 20;

/// How many sessions a batch has.
const BATCH: u64 = 1_000;

/// The partitions of each table: two months past, this one, the next two, and the default one.
const PARTITIONS: u64 = 6;

/// The indexes of `sessions`.
const INDEXES: u64 = 7;

/// What planning a statement anew costs: one page of every index of the three partitions that are
/// empty. Whether the server does so each time, or keeps one plan, follows from what it expects it
/// to cost, and so from what it knows of the tables.
const PLANNING: u64 = 3 * (INDEXES + 2);

/// The idle lifetime that is asked with.
const IDLE: Span = Span::from_secs(604_800);

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    ListOpen,
    ListAll,
    Open,
    Refresh,
    RecordActivity,
    Sweep,
    Leave,
}

/// Every operation, those that change nothing first and the one that leaves nothing last: they are
/// done on the same persons.
pub(super) const ALL: [Operation; 7] = [
    Operation::ListOpen,
    Operation::ListAll,
    Operation::Refresh,
    Operation::Open,
    Operation::RecordActivity,
    Operation::Sweep,
    Operation::Leave,
];

impl Operation {
    /// By how many pages it may cost more, in all its repetitions: one for each look-up in an index
    /// that it needs, where the index has one more level, and what planning it anew costs.
    pub(super) const fn allowance(self) -> u64 {
        match self {
            // Seven sessions of a person, with facts and counters.
            Self::ListOpen => TIMES * (PARTITIONS + 7 * 2 + PLANNING),
            // Ten of them, by their ids, which are looked for first.
            Self::ListAll => TIMES * (PARTITIONS + 10 * 3 + PLANNING + 3 * INDEXES),
            // The person, and again for the device's foreign key; three new rows; the counters of
            // those that are open; the row that gives way, old and new; the device and its index,
            // and the others of the person. Two of the statements have plans worth the name.
            Self::Open => {
                let given_way = PARTITIONS + INDEXES;
                let lookups = 2 + (INDEXES + 2) + PARTITIONS + 7 + given_way + 4;
                TIMES * (lookups + 2 * PLANNING)
            }
            // A row and its new entries.
            Self::Refresh => TIMES * (1 + INDEXES + PLANNING),
            // A row, and its new entry where its page is full.
            Self::RecordActivity => BATCH * 2,
            // The list with the counters; a row to lock and to change, and its new entries.
            Self::Sweep => PARTITIONS + BATCH * (1 + 2 + INDEXES),
            // Eleven sessions by the person's index and then, with facts and counters, by their ids.
            Self::Leave => TIMES * (PARTITIONS + 11 * 3 + 4 * PLANNING),
        }
    }

    /// Chooses on what to do it, before anything is counted. Another turn chooses others where it
    /// changes them.
    pub(super) async fn prepare(self, filled: &Filled, turn: u64) -> Work {
        let mut persons = Vec::new();
        let mut sessions = Vec::new();
        for nth in 0..=TIMES {
            let person = filled.person(2 * nth + turn, 2 * TIMES + 4);
            sessions.push(if self == Self::Refresh {
                filled.newest(person).await
            } else {
                SessionId::from_uuid(unique_id())
            });
            persons.push(person);
        }
        let batch = if self == Self::RecordActivity {
            filled.thousand(turn).await
        } else {
            Vec::new()
        };
        Work {
            operation: self,
            persons: persons.into_iter().zip(sessions).collect(),
            batch,
        }
    }
}

/// An operation and what to do it on.
pub(super) struct Work {
    operation: Operation,
    /// One more than are measured.
    persons: Vec<(UserId, SessionId)>,
    batch: Vec<SessionId>,
}

impl Work {
    /// Does it once, on what is not measured.
    pub(super) async fn warm_up(&self, store: &PgStore) {
        match self.operation {
            Operation::RecordActivity => {
                let one: Vec<_> = self.batch.first().copied().into_iter().collect();
                record_activity(store, &one).await;
            }
            Operation::Sweep => sweep(store, 1).await,
            Operation::ListOpen
            | Operation::ListAll
            | Operation::Refresh
            | Operation::Open
            | Operation::Leave => {
                let first = self.persons.first().copied();
                self.once(store, first.unwrap()).await;
            }
        }
    }

    /// Does it as often as is measured.
    pub(super) async fn run(&self, store: &PgStore) {
        match self.operation {
            Operation::RecordActivity => record_activity(store, &self.batch).await,
            Operation::Sweep => sweep(store, BATCH).await,
            Operation::ListOpen
            | Operation::ListAll
            | Operation::Refresh
            | Operation::Open
            | Operation::Leave => {
                for place in self.persons.iter().skip(1) {
                    self.once(store, *place).await;
                }
            }
        }
    }

    async fn once(&self, store: &PgStore, (user, session): (UserId, SessionId)) {
        let mut unit = store.begin(Scope::System).await.unwrap();
        let now = real_now();
        match self.operation {
            Operation::ListOpen => {
                let open = unit.sessions().list_open(user, now).await.unwrap();
                // Seven, or one less where an earlier sweep came by.
                assert!((6..=7).contains(&open.len()), "{}", open.len());
            }
            Operation::ListAll => {
                let limit = PageLimit::new(20).unwrap();
                let page = unit.sessions().list_all(user, limit, None).await.unwrap();
                assert_eq!((page.items.len(), page.next), (10, None));
            }
            Operation::Open => open(unit.as_mut(), user, session, now).await,
            Operation::Refresh => {
                let rotation = Rotation {
                    session_id: session,
                    generation: 0,
                    digest: Digest::from_bytes([7; 32]),
                    next_digest: Digest::from_bytes([8; 32]),
                    now,
                    grace: Span::from_secs(30),
                    session_idle: IDLE,
                };
                assert!(unit.sessions().rotate(&rotation).await.unwrap().is_some());
            }
            Operation::Leave => unit.sessions().delete_of_person(user).await.unwrap(),
            Operation::RecordActivity | Operation::Sweep => panic!("a batch"),
        }
        unit.commit().await.unwrap();
    }
}

async fn open(unit: &mut dyn UnitOfWork, user: UserId, id: SessionId, now: Timestamp) {
    let lifetimes = Lifetimes {
        session_idle: IDLE,
        session_absolute: IDLE,
        refresh_idle: IDLE,
        refresh_absolute: IDLE,
        refresh_grace: IDLE,
    };
    let address = IpAddr::from([192, 0, 2, 1]);
    let new = NewSession {
        id,
        user_id: user,
        workspace_id: None,
        session_type: SessionType::Web,
        refresh_digest: Digest::from_bytes([9; 32]),
        facts: SessionFacts::from_client(address, Analytics::default()),
    };
    let record = SessionRecord::open(new, &lifetimes, now);
    unit.users().find_for_update(user).await.unwrap().unwrap();
    unit.sessions().insert(&record).await.unwrap();
    // Three others are live, by their idle ends alone.
    let at_once = Span::from_millis(0);
    let sessions = unit.sessions();
    let quota = SessionQuota {
        keep: id,
        also_keep: None,
        limit: 3,
        session_idle: at_once,
        at: now,
    };
    let ended = sessions.end_surplus(user, quota).await;
    assert_eq!(ended.unwrap().len(), 1);
    let device = unique_fingerprint();
    assert!(unit.devices().see(user, &device, now).await.unwrap());
}

async fn record_activity(store: &PgStore, batch: &[SessionId]) {
    let activity = SessionActivity {
        total_requests: 9,
        ..SessionActivity::starting(real_now())
    };
    let batch: Vec<_> = batch.iter().map(|id| (*id, activity)).collect();
    let mut unit = store.begin(Scope::System).await.unwrap();
    unit.sessions().record_activity(&batch).await.unwrap();
    unit.commit().await.unwrap();
}

async fn sweep(store: &PgStore, batch: u64) {
    let now = real_now();
    let limit = u32::try_from(batch).unwrap();
    let mut unit = store.begin(Scope::System).await.unwrap();
    let upkeep = unit.session_upkeep();
    let idle = upkeep.list_idle(now, limit).await.unwrap();
    let timed_out: Vec<TimedOut> = (idle.iter())
        .map(|(session, activity)| TimedOut {
            session_id: session.id,
            at: activity.last_activity_at,
            reason: EndReason::IdleTimeout,
        })
        .collect();
    let ended = upkeep.end_timed_out(&timed_out, now).await.unwrap();
    assert_eq!(u64::try_from(ended.len()), Ok(batch));
    unit.commit().await.unwrap();
}
