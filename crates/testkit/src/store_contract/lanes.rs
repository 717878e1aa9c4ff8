//! Cases of claiming in some lanes, and of how full the lanes are.

use kogents_domain::mail::{ClaimDue, Lane, LaneDepth, MailJob, Template};
use kogents_domain::time::Timestamp;

use super::claims::{dead, sent};
use super::outbox::{claim_by, claim_of, claim_with, enqueue, fresh_token, mail_ids};
use super::support::{StorePort, at, read};
use crate::builders::a_mail_job;

/// A template of each lane, in the order of the lanes.
const TEMPLATES: [Template; 4] = [
    Template::PasswordReset,
    Template::NewDevice,
    Template::Invitation,
    Template::Test,
];

/// One job in every lane, in the order of the lanes; the least urgent is due longest.
async fn one_in_each(store: &StorePort) -> [MailJob; 4] {
    let mut secs = 10;
    let jobs = TEMPLATES.map(|template| {
        secs -= 1;
        a_mail_job(template).queued_at(at(secs)).build()
    });
    for job in &jobs {
        assert!(enqueue(store, job).await);
    }
    jobs
}

fn claim_in(lanes: &[Lane], limit: u16) -> ClaimDue {
    ClaimDue {
        lanes: lanes.to_vec(),
        ..claim_of(fresh_token(), at(20), limit)
    }
}

async fn depths(store: &StorePort, now: Timestamp) -> Vec<LaneDepth> {
    let mut unit = read(store).await;
    unit.outbox_administration().depths(now).await.unwrap()
}

/// In the order that is asked for, whatever the lanes' own.
pub async fn r2_lanes_are_served_in_the_order_that_is_asked_for(store: StorePort) {
    let [code, security, invitation, other] = one_in_each(&store).await;
    let order = [Lane::Invitation, Lane::Code, Lane::Other, Lane::Security];
    let first = claim_with(&store, claim_in(&order, 3)).await;
    assert_eq!(mail_ids(&first), [invitation.id, code.id, other.id]);
    let rest = claim_with(&store, claim_in(&order, 3)).await;
    assert_eq!(mail_ids(&rest), [security.id]);
}

/// A lane that is not asked for is left alone.
pub async fn r2_lanes_that_are_not_asked_for_are_left_alone(store: StorePort) {
    let [code, security, invitation, other] = one_in_each(&store).await;
    assert_eq!(claim_with(&store, claim_in(&[], 10)).await, []);
    let one = claim_with(&store, claim_in(&[Lane::Security], 10)).await;
    assert_eq!(mail_ids(&one), [security.id]);
    let one = claim_with(&store, claim_in(&[Lane::Security], 10)).await;
    assert_eq!(one, []);
    let rest = claim_with(&store, claim_in(&Lane::ALL, 10)).await;
    assert_eq!(mail_ids(&rest), [code.id, invitation.id, other.id]);
}

/// Those due longest, not those queued first.
pub async fn r2_within_a_lane_those_due_longest_come_first(store: StorePort) {
    let job = |queued, due| {
        let job = a_mail_job(Template::Welcome).queued_at(at(queued));
        job.run_at(at(due)).build()
    };
    let (third, first, second) = (job(0, 9), job(1, 3), job(2, 6));
    for waiting in [&third, &first, &second] {
        assert!(enqueue(&store, waiting).await);
    }
    let claimed = claim_with(&store, claim_in(&[Lane::Other], 2)).await;
    assert_eq!(mail_ids(&claimed), [first.id, second.id]);
    let claimed = claim_with(&store, claim_in(&[Lane::Other], 2)).await;
    assert_eq!(mail_ids(&claimed), [third.id]);
}

/// Every lane is told of, in its order, also when nothing is in it.
pub async fn every_lane_has_a_depth(store: StorePort) {
    let empty = Lane::ALL.map(|lane| LaneDepth {
        lane,
        queued: 0,
        waiting_since: None,
        dead: 0,
    });
    assert_eq!(depths(&store, at(0)).await, empty);
}

/// What waits counts from when it was queued, leased and of the future, too; not what has expired, was sent or voided.
pub async fn a_depth_counts_what_waits_and_what_is_dead(store: StorePort) {
    let [code, _, _, other] = one_in_each(&store).await;
    let expiring = a_mail_job(Template::PasswordReset)
        .queued_at(at(1))
        .expires_at(at(30))
        .build();
    let later = a_mail_job(Template::Test)
        .queued_at(at(10))
        .run_at(at(500))
        .build();
    for job in [&expiring, &later] {
        assert!(enqueue(&store, job).await);
    }
    let depth = |lane, queued, waiting_since, dead| LaneDepth {
        lane,
        queued,
        waiting_since,
        dead,
    };
    let all = depths(&store, at(29)).await;
    assert_eq!(
        all,
        [
            depth(Lane::Code, 2, Some(at(1)), 0),
            depth(Lane::Security, 1, Some(at(8)), 0),
            depth(Lane::Invitation, 1, Some(at(7)), 0),
            depth(Lane::Other, 2, Some(at(6)), 0),
        ]
    );
    let expired = depths(&store, at(30)).await;
    assert_eq!(
        expired.first(),
        Some(&depth(Lane::Code, 1, Some(code.created_at), 0))
    );
    let token = fresh_token();
    assert_eq!(claim_by(&store, token, at(40), 10).await.len(), 4);
    assert_eq!(depths(&store, at(41)).await, depths(&store, at(40)).await);
    assert!(dead(&store, code.id, token, 41).await);
    assert!(sent(&store, other.id, token, 41).await);
    let finished = depths(&store, at(41)).await;
    assert_eq!(finished.first(), Some(&depth(Lane::Code, 0, None, 1)));
    assert_eq!(
        finished.last(),
        Some(&depth(Lane::Other, 1, Some(at(10)), 0))
    );
}

/// A decoy, due when it has expired or later, counts while it is there; nobody waits for it.
pub async fn a_job_that_is_never_due_waits_for_nothing(store: StorePort) {
    let job = |queued, due, ends| {
        let job = a_mail_job(Template::PasswordReset).queued_at(at(queued));
        job.run_at(at(due)).expires_at(at(ends)).build()
    };
    for (decoy, queued) in [(job(0, 30, 30), 1), (job(1, 31, 30), 2)] {
        assert!(enqueue(&store, &decoy).await);
        let all = depths(&store, at(5)).await;
        let code = all.first().unwrap();
        assert_eq!((code.queued, code.waiting_since), (queued, None));
    }
    assert!(enqueue(&store, &job(2, 29, 30)).await);
    for (now, expected) in [(5, (3, Some(at(2)))), (30, (0, None))] {
        let all = depths(&store, at(now)).await;
        let code = all.first().unwrap();
        assert_eq!((code.queued, code.waiting_since), expected);
    }
}
