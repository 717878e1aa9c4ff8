//! The figures of the mail queue.

use std::sync::Arc;

use kogents_domain::mail::{DeliveryObserver, DeliveryOutcome, Lane, LaneDepth};
use kogents_domain::time::{Span, Timestamp};
use kogents_usecases::mail::LaneRests;
use prometheus::{
    GaugeVec, HistogramOpts, HistogramVec, IntCounterVec, IntGaugeVec, Opts, Registry,
};

use super::sampled::Sampled;
use super::seconds;

/// Upper bounds of the histogram's buckets, in seconds: from a mail that leaves at once to one that
/// has waited for a server for hours.
const BUCKETS: [f64; 12] = [
    0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 1_800.0, 14_400.0,
];

/// How mail goes out, and how much waits.
///
/// Growth: bounded by the lanes and outcomes there are.
#[derive(Debug, Clone)]
pub(crate) struct MailFigures {
    tries: IntCounterVec,
    accepted: HistogramVec,
    queued: IntGaugeVec,
    oldest: GaugeVec,
    dead: IntGaugeVec,
}

impl MailFigures {
    /// Registers the figures.
    pub(crate) fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let figures = Self {
            tries: IntCounterVec::new(
                Opts::new(
                    "kogents_mail_tries_total",
                    "Tries of this process to deliver a mail, by how they ended.",
                ),
                &["lane", "outcome"],
            )?,
            accepted: HistogramVec::new(
                HistogramOpts::new(
                    "kogents_mail_accepted_after_seconds",
                    "Time from queueing a mail to its being taken by the mail server.",
                )
                .buckets(BUCKETS.to_vec()),
                &["lane"],
            )?,
            queued: IntGaugeVec::new(
                Opts::new("kogents_mail_queued", "Mails that wait, retries included."),
                &["lane"],
            )?,
            oldest: GaugeVec::new(
                Opts::new(
                    "kogents_mail_oldest_seconds",
                    "How long the mail has waited that has waited longest, retries included.",
                ),
                &["lane"],
            )?,
            dead: IntGaugeVec::new(
                Opts::new(
                    "kogents_mail_dead",
                    "Dead letters: mails that were given up and are kept for 30 days.",
                ),
                &["lane"],
            )?,
        };
        registry.register(Box::new(figures.tries.clone()))?;
        registry.register(Box::new(figures.accepted.clone()))?;
        registry.register(Box::new(figures.queued.clone()))?;
        registry.register(Box::new(figures.oldest.clone()))?;
        registry.register(Box::new(figures.dead.clone()))?;
        // So that a rate of them is known from the first one on.
        for lane in Lane::ALL {
            figures.accepted.with_label_values(&[lane.as_str()]);
            figures.queued.with_label_values(&[lane.as_str()]);
            figures.oldest.with_label_values(&[lane.as_str()]);
            figures.dead.with_label_values(&[lane.as_str()]);
            for outcome in DeliveryOutcome::ALL {
                let labels = [lane.as_str(), outcome.as_str()];
                figures.tries.with_label_values(&labels);
            }
        }
        Ok(figures)
    }

    /// Registers the figure of the lanes that rest.
    pub(crate) fn tell_rests(
        registry: &Registry,
        rests: Arc<LaneRests>,
    ) -> Result<(), prometheus::Error> {
        let resting = IntGaugeVec::new(
            Opts::new(
                "kogents_mail_lane_resting",
                "Whether this process leaves a lane alone because the mail server takes nothing: 1, \
                 or 0 while mail goes out.",
            ),
            &["lane"],
        )?;
        let told = resting.clone();
        Sampled::register(registry, vec![Box::new(resting)], move || {
            for lane in Lane::ALL {
                let rests = i64::from(rests.is_resting(lane));
                told.with_label_values(&[lane.as_str()]).set(rests);
            }
        })
    }

    /// How full the lanes are.
    pub(crate) fn depths(&self, depths: &[LaneDepth], now: Timestamp) {
        for depth in depths {
            let labels = [depth.lane.as_str()];
            self.queued
                .with_label_values(&labels)
                .set(count(depth.queued));
            self.dead.with_label_values(&labels).set(count(depth.dead));
            let waited = depth
                .waiting_since
                .map_or(0, |since| now.since(since).as_millis());
            self.oldest
                .with_label_values(&labels)
                .set(seconds(waited.max(0)));
        }
    }
}

impl DeliveryObserver for MailFigures {
    fn tried(&self, lane: Lane, outcome: DeliveryOutcome, since_queued: Span) {
        let labels = [lane.as_str(), outcome.as_str()];
        self.tries.with_label_values(&labels).inc();
        if outcome == DeliveryOutcome::Sent {
            self.accepted
                .with_label_values(&[lane.as_str()])
                .observe(seconds(since_queued.as_millis().max(0)));
        }
    }
}

fn count(rows: u64) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use prometheus::TextEncoder;

    use super::*;

    #[test]
    fn the_queue_and_its_deliveries_are_told_by_lane() {
        let registry = Registry::new();
        let figures = MailFigures::new(&registry).unwrap();
        figures.tried(Lane::Code, DeliveryOutcome::Sent, Span::from_millis(200));
        figures.tried(Lane::Other, DeliveryOutcome::Dead, Span::from_secs(9));
        let now = Timestamp::from_millis(10_000);
        let depth = LaneDepth {
            lane: Lane::Security,
            queued: 3,
            waiting_since: Some(Timestamp::from_millis(7_500)),
            dead: 2,
        };
        figures.depths(&[depth], now);
        let text = TextEncoder::new()
            .encode_to_string(&registry.gather())
            .unwrap();
        for line in [
            "kogents_mail_tries_total{lane=\"code\",outcome=\"sent\"} 1",
            "kogents_mail_tries_total{lane=\"code\",outcome=\"dead\"} 0",
            "kogents_mail_tries_total{lane=\"other\",outcome=\"dead\"} 1",
            "kogents_mail_accepted_after_seconds_bucket{lane=\"code\",le=\"0.25\"} 1",
            "kogents_mail_accepted_after_seconds_count{lane=\"other\"} 0",
            "kogents_mail_queued{lane=\"security\"} 3",
            "kogents_mail_oldest_seconds{lane=\"security\"} 2.5",
            "kogents_mail_dead{lane=\"security\"} 2",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
    }
}
