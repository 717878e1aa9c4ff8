//! Works off the mail queue: at once when a job is committed here, every second for the rest.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use kogents_domain::mail::{Lane, OutboxSignal};
use kogents_usecases::mail::{
    ClaimMail, ClaimMailCommand, ClaimedMail, DeliverMail, Delivery, SettleMail, Settlement,
};
use tokio::sync::Notify;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use super::trouble::Trouble;

/// How often the queue is looked at without being told: jobs of retries, and of other processes.
const POLL: Duration = Duration::from_secs(1);
/// How long deliveries that are under way may go on after the stop.
const LAST_DELIVERIES: Duration = Duration::from_secs(5);
/// The pause between two tries to write down what came of a mail.
const SETTLE_PAUSE: Duration = Duration::from_secs(1);
/// How often that is tried; a job whose lease has run out meanwhile is left as it is.
const SETTLE_TRIES: u32 = 25;

/// Tells the workers of this process that a job was committed.
#[derive(Debug, Default)]
pub(crate) struct MailSignal {
    reserved: Notify,
    shared: Notify,
}

impl OutboxSignal for MailSignal {
    fn wake(&self) {
        // Kept for a worker that is busy, so that no wake is lost.
        self.reserved.notify_one();
        self.shared.notify_one();
    }
}

/// Which mails a worker takes, and how many it delivers at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Share {
    /// Codes and resets only, so that whoever waits for one waits for no other mail.
    Reserved,
    /// Every mail, the most urgent first.
    Shared,
}

impl Share {
    const fn lanes(self) -> &'static [Lane] {
        match self {
            Self::Reserved => &[Lane::Code],
            Self::Shared => &Lane::ALL,
        }
    }

    const fn at_once(self) -> usize {
        match self {
            Self::Reserved => 4,
            Self::Shared => 8,
        }
    }
}

/// A mail worker.
#[derive(Clone)]
pub(crate) struct MailWorker {
    pub(crate) share: Share,
    pub(crate) claim: Arc<ClaimMail>,
    pub(crate) deliver: Arc<DeliverMail>,
    pub(crate) settle: Arc<SettleMail>,
    pub(crate) signal: Arc<MailSignal>,
}

/// A mail that is being delivered.
struct Mail {
    claimed: ClaimedMail,
    /// What is to be written down, once its delivery has ended.
    settlement: OnceLock<Settlement>,
}

/// The deliveries that are under way: each a task of its own, so that one that panics takes no
/// other with it.
#[derive(Default)]
struct UnderWay {
    tasks: JoinSet<()>,
    mails: HashMap<Id, Arc<Mail>>,
}

impl MailWorker {
    /// Works until told to stop, then lets deliveries end that are under way. What is not over by
    /// then is given back, to be delivered by another instance or after the next start.
    pub(crate) async fn work(self, stop: CancellationToken) {
        let mut trouble = Trouble::default();
        let mut under_way = UnderWay::default();
        let mut poll = tokio::time::interval(POLL);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut must_look = true;
        while !stop.is_cancelled() {
            if must_look {
                must_look = self.take(&mut under_way, &mut trouble).await;
            }
            let has_room = under_way.mails.len() < self.share.at_once();
            tokio::select! {
                () = stop.cancelled() => {}
                Some(ended) = under_way.tasks.join_next_with_id() => under_way.ended(ended),
                () = self.told(), if has_room => must_look = true,
                _ = poll.tick(), if has_room => must_look = true,
            }
            while let Some(ended) = under_way.tasks.try_join_next_with_id() {
                under_way.ended(ended);
            }
        }
        let last = async {
            while let Some(ended) = under_way.tasks.join_next_with_id().await {
                under_way.ended(ended);
            }
        };
        let _ = tokio::time::timeout(LAST_DELIVERIES, last).await;
        self.give_back(under_way).await;
    }

    /// Fills what is free with jobs that are due; says whether more may be, once there is room.
    async fn take(&self, under_way: &mut UnderWay, trouble: &mut Trouble) -> bool {
        let free = self.share.at_once().saturating_sub(under_way.mails.len());
        let Ok(limit @ 1..) = u16::try_from(free) else {
            return true;
        };
        let command = ClaimMailCommand {
            lanes: self.share.lanes(),
            limit,
        };
        let claimed = self.claim.run(command).await;
        trouble.hear("the mail queue could not be worked off", &claimed);
        let claimed = claimed.unwrap_or_default();
        let may_be_more = claimed.len() >= free;
        for claimed in claimed {
            let mail = Arc::new(Mail {
                claimed,
                settlement: OnceLock::new(),
            });
            let task = self.clone().handle(mail.clone()).in_current_span();
            let id = under_way.tasks.spawn(task).id();
            under_way.mails.insert(id, mail);
        }
        may_be_more
    }

    async fn told(&self) {
        match self.share {
            Share::Reserved => self.signal.reserved.notified().await,
            Share::Shared => self.signal.shared.notified().await,
        }
    }

    /// Delivers one mail and writes down what came of it.
    async fn handle(self, mail: Arc<Mail>) {
        let claimed = &mail.claimed;
        let delivery = Delivery::Ended(self.deliver.run(claimed).await);
        let decide = || self.settle.decide(claimed, delivery);
        let settlement = mail.settlement.get_or_init(decide);
        // A store that is away for a moment must not make a second delivery of it.
        for _ in 1..SETTLE_TRIES {
            match self.settle.run(claimed, settlement).await {
                Ok(()) => return,
                Err(error) => tracing::warn!(mail = %claimed.mail.id, %error,
                    "what came of a mail could not be written down; it is tried again"),
            }
            tokio::time::sleep(SETTLE_PAUSE).await;
        }
        if let Err(error) = self.settle.run(claimed, settlement).await {
            tracing::error!(mail = %claimed.mail.id, %error,
                "what came of a mail is not written down; it may be sent a second time");
        }
    }

    async fn give_back(&self, mut under_way: UnderWay) {
        under_way.tasks.abort_all();
        while let Some(ended) = under_way.tasks.join_next_with_id().await {
            // One that ended all the same is settled.
            if ended.is_ok() {
                under_way.ended(ended);
            }
        }
        for mail in under_way.mails.into_values() {
            let claimed = &mail.claimed;
            let broken_off = || self.settle.decide(claimed, Delivery::BrokenOff);
            let settlement = mail.settlement.get_or_init(broken_off);
            if let Err(error) = self.settle.run(claimed, settlement).await {
                tracing::warn!(mail = %claimed.mail.id, %error,
                    "a mail could not be given back; it is tried when its lease has run out");
            }
        }
    }
}

impl UnderWay {
    fn ended(&mut self, ended: Result<(Id, ()), JoinError>) {
        let id = match ended {
            Ok((id, ())) => id,
            Err(error) => {
                // Its lease runs out, and the try counts.
                tracing::error!(panicked = error.is_panic(), "a delivery broke off");
                error.id()
            }
        };
        self.mails.remove(&id);
    }
}
