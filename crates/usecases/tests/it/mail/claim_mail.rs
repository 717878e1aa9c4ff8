//! Taking what is due in the mail queue.

use kogents_domain::mail::{Lane, QueuedMail};
use kogents_domain::store::Scope;
use kogents_usecases::mail::{ClaimMailCommand, ClaimMailError, ClaimedMail};

use super::given::{claim_mail, code_mail, rests, welcome_mail};
use crate::support::{Bench, Slot, T0, lost, secs};

fn command() -> ClaimMailCommand {
    ClaimMailCommand {
        lanes: &[Lane::Code, Lane::Security],
        limit: 20,
    }
}

/// The store is asked once for what is due, and has this. Gives the token that it is asked with.
fn has(bench: &Bench, due: Vec<QueuedMail>) -> Slot<i64> {
    let lease = Slot::new();
    let put = lease.clone();
    bench.begins(Scope::System, |unit| {
        unit.outbox
            .expect_claim_due()
            .withf(|claim| {
                claim.lanes == [Lane::Code, Lane::Security]
                    && (claim.now, claim.lease_until) == (T0, T0.plus(secs(60)))
                    && claim.limit == 20
            })
            .times(1)
            .return_once(move |claim| {
                put.put(claim.lease_token);
                Ok(due)
            });
    });
    lease
}

#[tokio::test]
async fn what_is_due_is_claimed_for_a_minute_in_the_order_of_the_lanes() {
    let bench = Bench::new();
    let due = vec![code_mail(&bench), welcome_mail(&bench, 3)];
    let lease = has(&bench, due.clone());

    let claimed = claim_mail(&bench, &rests()).run(command()).await;

    let claim = |mail| ClaimedMail {
        mail,
        lease_token: lease.only(),
        lease_until: T0.plus(secs(60)),
    };
    assert_eq!(claimed, Ok(due.into_iter().map(claim).collect()));
    assert_eq!(
        bench.journal.only(&["begin System", "commit"]),
        ["begin System", "commit"]
    );
    bench.finish();
}

#[tokio::test]
async fn with_nothing_due_nothing_is_taken() {
    let bench = Bench::new();
    has(&bench, Vec::new());
    let claimed = claim_mail(&bench, &rests()).run(command()).await;
    assert_eq!(claimed, Ok(Vec::new()));
    bench.finish();
}

#[tokio::test]
async fn r2_every_claim_has_a_lease_token_of_its_own() {
    let bench = Bench::new();
    let claim = claim_mail(&bench, &rests());
    let first = has(&bench, Vec::new());
    claim.run(command()).await.unwrap();
    let second = has(&bench, Vec::new());
    claim.run(command()).await.unwrap();
    assert_ne!(first.only(), second.only());
    bench.finish();
}

#[tokio::test]
async fn without_a_claim_that_is_committed_nothing_is_taken() {
    let no_unit = Bench::new();
    no_unit.begin_fails(lost());
    let no_claim = Bench::new();
    no_claim.begins(Scope::System, |unit| {
        unit.outbox.expect_claim_due().return_once(|_| Err(lost()));
    });
    let no_commit = Bench::new();
    let mail = code_mail(&no_commit);
    no_commit.fails_to_commit(Scope::System, lost(), |unit| {
        unit.outbox
            .expect_claim_due()
            .return_once(|_| Ok(vec![mail]));
    });
    for bench in [no_unit, no_claim, no_commit] {
        let failed = claim_mail(&bench, &rests()).run(command()).await;
        assert_eq!(failed, Err(ClaimMailError::Store(lost())));
        bench.finish();
    }
}
