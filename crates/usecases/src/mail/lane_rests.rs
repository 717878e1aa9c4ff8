//! Lanes that rest for a while, because the mail server takes nothing that they have.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kogents_domain::mail::{Lane, RetryPlan};
use kogents_domain::random::SecureRandom;
use kogents_domain::time::{Span, Timestamp};

/// After so many mails in a row that the server puts off the lane pauses.
const PUT_OFF_IN_A_ROW: u32 = 8;
/// How long it does, at most.
const PAUSE: Span = Span::from_secs(2);
/// A trial whose end is not heard of is over after this: as long as a worker has a job.
const TRIAL: Span = super::claim_mail::LEASE;

/// What a delivery tells of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// It takes mail, or has looked at one and refuses it for good.
    Works,
    /// It puts this mail off.
    PutsOff,
    /// It takes no mail at all.
    TakesNothing,
}

/// Which lanes rest in this process. A lane whose rest is over has one mail tried; when the server
/// looks at that the lane goes on, else it rests longer. So a server that is down, or refuses the
/// sign-in or the sender, is asked seldom, and a whole queue does not use up its tries on it.
///
/// Whom a mail goes to is anybody's to choose, and so is whether that address is refused or put off.
/// A mail that is refused makes no lane rest; many in a row that are put off make it pause for a
/// moment, so that a server that puts off all is not flooded, and nobody's mail waits long behind
/// the mail of others.
pub struct LaneRests {
    lanes: Mutex<BTreeMap<Lane, State>>,
    random: Arc<dyn SecureRandom>,
}

/// How a lane stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Its mail goes out; so many in a row were put off.
    Works { put_off: u32 },
    /// Many in a row were put off: it works again from this moment on.
    Pauses { until: Timestamp },
    /// Nothing of it is tried; it rests for the so-manyth time in a row.
    Rests { until: Timestamp, times: u32 },
    /// One mail of it is being tried.
    Tries { until: Timestamp, times: u32 },
}

impl LaneRests {
    /// No lane rests.
    #[must_use]
    pub fn new(random: Arc<dyn SecureRandom>) -> Self {
        Self {
            lanes: Mutex::default(),
            random,
        }
    }

    /// Whether a lane rests, because the mail server takes nothing that it has. A pause of a moment
    /// is no rest.
    #[must_use]
    pub fn is_resting(&self, lane: Lane) -> bool {
        match self.states().get(&lane) {
            Some(State::Rests { .. } | State::Tries { .. }) => true,
            None | Some(State::Works { .. } | State::Pauses { .. }) => false,
        }
    }

    /// Those of the lanes that work.
    pub(crate) fn working(&self, lanes: &[Lane], now: Timestamp) -> Vec<Lane> {
        let states = self.states();
        let works = |lane: &Lane| match states.get(lane) {
            None | Some(State::Works { .. }) => true,
            Some(State::Pauses { until }) => *until <= now,
            Some(State::Rests { .. } | State::Tries { .. }) => false,
        };
        lanes.iter().copied().filter(works).collect()
    }

    /// Those of the lanes whose rest is over, of which one mail each is to be tried now. Nobody
    /// else is told so until its end is heard of.
    pub(crate) fn trials(&self, lanes: &[Lane], now: Timestamp) -> Vec<Lane> {
        let mut states = self.states();
        let mut trials = Vec::new();
        for lane in lanes {
            let Some(state) = states.get_mut(lane) else {
                continue;
            };
            match *state {
                State::Rests { until, times } | State::Tries { until, times } if until <= now => {
                    let until = now.plus(TRIAL);
                    *state = State::Tries { until, times };
                    trials.push(*lane);
                }
                State::Works { .. }
                | State::Pauses { .. }
                | State::Rests { .. }
                | State::Tries { .. } => {}
            }
        }
        trials
    }

    /// There was no mail to try, or it was not handed to the server.
    pub(crate) fn untried(&self, lane: Lane, now: Timestamp) {
        if let Some(state) = self.states().get_mut(&lane)
            && let State::Tries { times, .. } = *state
        {
            *state = State::Rests { until: now, times };
        }
    }

    /// Until when the lane rests after this sign; None: it works.
    pub(crate) fn heard(&self, lane: Lane, sign: Sign, now: Timestamp) -> Option<Timestamp> {
        let mut states = self.states();
        let state = states.entry(lane).or_insert(State::Works { put_off: 0 });
        let next = match (*state, sign) {
            (State::Works { .. } | State::Pauses { .. }, Sign::Works) => {
                State::Works { put_off: 0 }
            }
            (State::Rests { .. } | State::Tries { .. }, Sign::Works) => {
                tracing::info!(lane = lane.as_str(), "the mail server takes mail again");
                State::Works { put_off: 0 }
            }
            (State::Works { put_off }, Sign::PutsOff) => self.put_off(put_off + 1, now),
            (State::Pauses { until }, Sign::PutsOff) if until <= now => self.put_off(1, now),
            (State::Tries { .. }, Sign::PutsOff) => {
                tracing::info!(lane = lane.as_str(), "the mail server looks at mail again");
                self.put_off(1, now)
            }
            // These were under way when the lane went to pause or rest.
            (waiting @ (State::Pauses { .. } | State::Rests { .. }), Sign::PutsOff) => waiting,
            (resting @ State::Rests { .. }, Sign::TakesNothing) => resting,
            (State::Works { .. } | State::Pauses { .. }, Sign::TakesNothing) => {
                tracing::warn!(
                    lane = lane.as_str(),
                    "the mail server takes nothing; mail of this lane waits until it does"
                );
                self.rest(lane, 1, now)
            }
            (State::Tries { times, .. }, Sign::TakesNothing) => {
                self.rest(lane, times.saturating_add(1), now)
            }
        };
        *state = next;
        match next {
            State::Works { .. } => None,
            State::Pauses { until } | State::Rests { until, .. } | State::Tries { until, .. } => {
                Some(until)
            }
        }
    }

    fn put_off(&self, in_a_row: u32, now: Timestamp) -> State {
        if in_a_row < PUT_OFF_IN_A_ROW {
            return State::Works { put_off: in_a_row };
        }
        let half = PAUSE.as_millis() / 2;
        let share = half.saturating_mul(i64::from(self.random.below(1_001))) / 1_000;
        State::Pauses {
            until: now.plus(Span::from_millis(half.saturating_add(share))),
        }
    }

    fn rest(&self, lane: Lane, times: u32, now: Timestamp) -> State {
        let pause = RetryPlan::of_rests(lane).pause(times, self.random.below(1_001));
        State::Rests {
            until: now.plus(pause),
            times,
        }
    }

    fn states(&self) -> MutexGuard<'_, BTreeMap<Lane, State>> {
        // No change of the map can panic half-way.
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
