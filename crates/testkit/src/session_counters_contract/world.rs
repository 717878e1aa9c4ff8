//! A small world: a database, two instances, and what really happened.

use std::collections::HashMap;
use std::sync::Arc;

use kogents_domain::ids::SessionId;
use kogents_domain::limits::LimitRules;
use kogents_domain::session::{
    ActivityCount, SessionActivity, SessionSnapshot, Touch, Unflushed, Vouched,
};
use kogents_domain::time::{Span, Timestamp};

use super::support::InstancesPort;
use crate::builders::real_now;
use crate::mutate::Dice;
use crate::session_states_contract::{SessionCache, a_snapshot, request_of, vouched_for};

/// What may happen.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    /// An authenticated request; one that is not known reads the database, and puts.
    Request,
    /// A beacon, a refresh, or an action: something is counted beside a request.
    Beacon,
    /// A person is changed.
    Fence,
    /// What read the database tells the cache.
    Finish,
    /// Somebody claims counters.
    Claim,
    /// Somebody writes what was claimed into the database, perhaps not for the first time.
    Write,
    /// Somebody acknowledges what was written, perhaps not for the first time.
    Acknowledge,
    /// A flusher dies.
    Forget,
    /// Time passes, perhaps much of it.
    Wait,
}

/// Something that has read the database and has not told the cache yet.
enum Reading {
    Put(Vouched),
    Count(SessionId, SessionActivity, ActivityCount, Timestamp),
}

/// Counters that were claimed, by an instance.
struct Claim {
    instance: Arc<dyn SessionCache>,
    counters: Vec<Unflushed>,
    is_written: bool,
}

/// What happened, and what the database knows of it.
pub(crate) struct World {
    port: InstancesPort,
    seed: u64,
    dice: Dice,
    now: Timestamp,
    /// Whether everything is told in the order in which it happened.
    is_in_order: bool,
    sessions: Vec<SessionSnapshot>,
    /// What was really done.
    done: HashMap<SessionId, SessionActivity>,
    database: HashMap<SessionId, SessionActivity>,
    readings: Vec<Reading>,
    claims: Vec<Claim>,
    losses: u64,
    /// What the database had at the last loss, and what was done until then.
    at_loss: HashMap<SessionId, (SessionActivity, SessionActivity)>,
}

impl World {
    /// Three sessions of three persons.
    pub(crate) fn new(port: &InstancesPort, seed: u64) -> Self {
        let now = real_now();
        let sessions = vec![a_snapshot(now), a_snapshot(now), a_snapshot(now)];
        let opened: HashMap<_, _> = sessions
            .iter()
            .map(|snapshot| (snapshot.session_id, SessionActivity::starting(now)))
            .collect();
        Self {
            port: Arc::clone(port),
            seed,
            dice: Dice::new(seed),
            now,
            is_in_order: false,
            sessions,
            done: opened.clone(),
            database: opened,
            readings: Vec::new(),
            claims: Vec::new(),
            losses: 0,
            at_loss: HashMap::new(),
        }
    }

    /// The same where whatever read the database tells the cache before anything else happens.
    pub(crate) fn in_order(port: &InstancesPort, seed: u64) -> Self {
        Self {
            is_in_order: true,
            ..Self::new(port, seed)
        }
    }

    pub(crate) const fn dice(&mut self) -> &mut Dice {
        &mut self.dice
    }

    /// Takes a step. Steps are so short that what read the database at the first one is not yet
    /// too late at the last one; see [`wait`](Self::wait).
    pub(crate) async fn take(&mut self, step: Step) {
        self.now = self.now.plus(self.some_millis(600));
        match step {
            Step::Request => self.request().await,
            Step::Beacon => self.beacon().await,
            Step::Fence => self.fence().await,
            Step::Finish => self.finish_one().await,
            Step::Claim => self.claim().await,
            Step::Write => self.write(),
            Step::Acknowledge => self.acknowledge().await,
            Step::Forget => self.forget(),
            Step::Wait => self.wait().await,
        }
        if self.is_in_order {
            self.finish_all().await;
        }
    }

    fn some_millis(&mut self, below: usize) -> Span {
        Span::from_millis(i64::try_from(self.dice.below(below)).unwrap())
    }

    fn instance(&mut self) -> Arc<dyn SessionCache> {
        let both = self.port.both();
        Arc::clone(self.dice.pick(&both))
    }

    fn some_count(&mut self) -> ActivityCount {
        let counts = [
            ActivityCount::REQUEST,
            ActivityCount::ACTION,
            ActivityCount::NOTHING,
            ActivityCount {
                requests: 0,
                pages: 3,
                actions: 2,
            },
        ];
        *self.dice.pick(&counts)
    }

    fn do_it(&mut self, session: SessionId, counted: ActivityCount, at: Timestamp) {
        self.done.get_mut(&session).unwrap().count(counted, at);
    }

    async fn request(&mut self) {
        let snapshot = *self.dice.pick(&self.sessions);
        let session = snapshot.session_id;
        let mut request = request_of(&snapshot, &LimitRules::off(), self.now);
        if self.dice.one_in(6) {
            request.counted = None;
        }
        let counted = request.counted;
        let touched = self.instance().touch(&request).await.unwrap();
        let version = match touched.touch {
            Touch::Known(_) => {
                if let Some(counted) = counted {
                    self.do_it(session, counted, self.now);
                }
                return;
            }
            Touch::Unknown { version } => Some(version),
            Touch::Fenced => None,
        };
        self.readings.push(Reading::Put(Vouched {
            activity: totals(&self.database, &session),
            counted,
            ..vouched_for(&snapshot, version, self.now)
        }));
        if self.dice.one_in(2) {
            self.finish_one().await;
        }
    }

    async fn beacon(&mut self) {
        let session = self.dice.pick(&self.sessions).session_id;
        let (counted, now) = (self.some_count(), self.now);
        let instance = self.instance();
        let is_there = instance.look(&[session], now).await.unwrap() != [None];
        if is_there && self.dice.one_in(2) {
            instance.count(session, None, counted, now).await.unwrap();
            self.do_it(session, counted, now);
        } else {
            let base = totals(&self.database, &session);
            self.readings
                .push(Reading::Count(session, base, counted, now));
        }
    }

    async fn fence(&mut self) {
        let (user, now) = (self.dice.pick(&self.sessions).user_id, self.now);
        let fence = self.instance().fence(user, now).await.unwrap();
        if !self.dice.one_in(4) {
            self.instance().lift(user, fence, now).await.unwrap();
        }
    }

    async fn finish_one(&mut self) {
        if self.readings.is_empty() {
            return;
        }
        let at = self.dice.below(self.readings.len());
        let instance = self.instance();
        match self.readings.swap_remove(at) {
            Reading::Put(vouched) => {
                instance.put(&vouched).await.unwrap();
                if let Some(counted) = vouched.counted {
                    self.do_it(vouched.snapshot.session_id, counted, vouched.now);
                }
            }
            Reading::Count(session, base, counted, now) => {
                let counting = instance.count(session, Some(base), counted, now);
                counting.await.unwrap();
                self.do_it(session, counted, now);
            }
        }
    }

    async fn finish_all(&mut self) {
        while !self.readings.is_empty() {
            self.finish_one().await;
        }
    }

    async fn claim(&mut self) {
        let limit = u32::try_from(self.dice.below(4)).unwrap();
        let instance = self.instance();
        let counters = instance.unflushed(limit, self.now).await.unwrap();
        self.claims.push(Claim {
            instance,
            counters,
            is_written: false,
        });
    }

    fn write(&mut self) {
        if !self.claims.is_empty() {
            let at = self.dice.below(self.claims.len());
            self.write_claim(at);
        }
    }

    fn write_claim(&mut self, at: usize) {
        let claim = self.claims.get_mut(at).unwrap();
        claim.is_written = true;
        for one in &claim.counters {
            let row = self.database.get_mut(&one.session_id).unwrap();
            *row = row.latest(one.activity);
        }
    }

    async fn acknowledge(&mut self) {
        let written: Vec<&Claim> = self
            .claims
            .iter()
            .filter(|claim| claim.is_written)
            .collect();
        if !written.is_empty() {
            let claim = self.dice.pick(&written);
            let telling = claim.instance.flushed(&claim.counters, self.now);
            telling.await.unwrap();
        }
    }

    fn forget(&mut self) {
        if !self.claims.is_empty() {
            let at = self.dice.below(self.claims.len());
            self.claims.swap_remove(at);
        }
    }

    /// Requests have a deadline: none is under way for longer than counters stay.
    async fn wait(&mut self) {
        self.finish_all().await;
        let below = [30_000, 200_000, 1_900_000, 4_000_000];
        let below = *self.dice.pick(&below);
        self.now = self.now.plus(self.some_millis(below));
    }

    /// Everything that is kept is gone. What was claimed may still be written, and acknowledged.
    pub(crate) async fn lose_everything(&mut self) {
        self.finish_all().await;
        self.port.lose_everything().await;
        self.losses += 1;
        let both = |(session, row): (&SessionId, &SessionActivity)| {
            (*session, (*row, totals(&self.done, session)))
        };
        self.at_loss = self.database.iter().map(both).collect();
    }

    /// What is under way ends, then everything that waits is written and acknowledged.
    pub(crate) async fn flush_everything(&mut self) {
        self.finish_all().await;
        loop {
            self.now = self.now.plus(Unflushed::CLAIM);
            let instance = self.instance();
            let counters = instance.unflushed(2, self.now).await.unwrap();
            if counters.is_empty() {
                return;
            }
            self.claims.push(Claim {
                instance: Arc::clone(&instance),
                counters: counters.clone(),
                is_written: false,
            });
            self.write_claim(self.claims.len() - 1);
            instance.flushed(&counters, self.now).await.unwrap();
        }
    }

    /// Everything that was ever claimed is written again.
    pub(crate) fn write_everything_again(&mut self) {
        for at in 0..self.claims.len() {
            self.write_claim(at);
        }
    }

    /// What the cache has, else the database, is what was done.
    pub(crate) async fn assert_nothing_is_missing(&mut self) {
        let ids: Vec<SessionId> = self.sessions.iter().map(|one| one.session_id).collect();
        let found = self.instance().look(&ids, self.now).await.unwrap();
        for (session, cached) in ids.iter().zip(found) {
            let row = totals(&self.database, session);
            let known = cached.map_or(row, |cached| cached.latest(row));
            assert_eq!(known, totals(&self.done, session), "seed {}", self.seed);
        }
    }

    pub(crate) fn assert_the_database_has_everything(&self) {
        assert_eq!(self.database, self.done, "seed {}", self.seed);
    }

    /// Never above what was done, of any counter. But for visits: after a loss the gap to the last
    /// activity that is remembered may be longer than the one that there was, so each loss may add
    /// one.
    pub(crate) fn assert_the_database_has_not_too_much(&self) {
        for (session, row) in &self.database {
            let mut most = totals(&self.done, session);
            most.visit_count += self.losses;
            assert_eq!(row.latest(most), most, "seed {}", self.seed);
        }
    }

    /// The database has what it had, and what was added since.
    pub(crate) fn assert_what_was_done_since_the_last_loss_is_not_lost(&self) {
        for (session, (row, done_before)) in &self.at_loss {
            let (now, done) = (totals(&self.database, session), totals(&self.done, session));
            assert_eq!(now.latest(*row), now, "seed {}", self.seed);
            for (now, row, done, done_before) in [
                (
                    now.total_requests,
                    row.total_requests,
                    done.total_requests,
                    done_before.total_requests,
                ),
                (
                    now.pages_visited,
                    row.pages_visited,
                    done.pages_visited,
                    done_before.pages_visited,
                ),
                (
                    now.actions_performed,
                    row.actions_performed,
                    done.actions_performed,
                    done_before.actions_performed,
                ),
            ] {
                let least = row + (done - done_before);
                assert!(now >= least, "seed {}: {now} of {least}", self.seed);
            }
        }
    }
}

fn totals(of: &HashMap<SessionId, SessionActivity>, session: &SessionId) -> SessionActivity {
    of.get(session).copied().unwrap()
}
