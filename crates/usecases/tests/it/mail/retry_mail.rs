//! Queueing dead letters again.

use kogents_domain::mail::{MailEntry, MailState};
use kogents_domain::store::Scope;
use kogents_usecases::mail::{RetryMail, RetryMailCommand, RetryMailError};
use mockall::predicate::eq;

use super::given::entry;
use crate::support::{Bench, T0, lost, secs};

fn retry(bench: &Bench) -> RetryMail {
    RetryMail {
        store: bench.store(),
        clock: bench.clock(),
    }
}

#[tokio::test]
async fn r2_a_dead_letter_is_queued_again() {
    let bench = Bench::new();
    let id = entry(MailState::Dead).id;
    bench.begins(Scope::System, |unit| {
        unit.outbox_administration
            .expect_revive()
            .with(eq(id), eq(T0))
            .times(1)
            .return_once(|_, _| Ok(true));
    });

    let revived = retry(&bench).run(RetryMailCommand::One(id)).await;

    assert_eq!(revived, Ok(1));
    assert_eq!(bench.journal.entries(), ["begin System", "commit"]);
    bench.finish();
}

#[tokio::test]
async fn what_cannot_be_queued_again_says_why() {
    let refused = |state: MailState| match state {
        MailState::Dead => RetryMailError::Expired,
        MailState::Queued | MailState::Sent | MailState::Void => RetryMailError::NotDead(state),
    };
    let mut cases: Vec<(Option<MailEntry>, RetryMailError)> = MailState::ALL
        .into_iter()
        .map(|state| (Some(entry(state)), refused(state)))
        .collect();
    cases.push((None, RetryMailError::NotFound));
    for (found, error) in cases {
        let bench = Bench::new();
        let id = entry(MailState::Dead).id;
        bench.begins(Scope::System, |unit| {
            unit.outbox_administration
                .expect_revive()
                .return_once(|_, _| Ok(false));
            unit.outbox_administration
                .expect_find()
                .with(eq(id))
                .times(1)
                .return_once(|_| Ok(found));
        });

        let refused = retry(&bench).run(RetryMailCommand::One(id)).await;

        assert_eq!(refused, Err(error));
        assert_eq!(bench.journal.count("commit"), 0);
        bench.finish();
    }
}

#[tokio::test]
async fn all_dead_letters_are_queued_again_batch_by_batch_but_none_that_dies_meanwhile() {
    let bench = Bench::new();
    let clock = bench.clock.clone();
    for revived in [1_000, 1_000, 7] {
        bench.begins(Scope::System, |unit| {
            let clock = clock.clone();
            unit.outbox_administration
                .expect_revive_dead()
                .with(eq(1_000), eq(T0))
                .times(1)
                .return_once(move |_, _| {
                    clock.advance(secs(1));
                    Ok(revived)
                });
        });
    }

    let revived = retry(&bench).run(RetryMailCommand::AllDead).await;

    assert_eq!(revived, Ok(2_007));
    assert_eq!(bench.journal.count("commit"), 3);
    bench.finish();
}

#[tokio::test]
async fn a_store_that_fails_is_told() {
    let one = RetryMailCommand::One(entry(MailState::Dead).id);
    for command in [one, RetryMailCommand::AllDead] {
        let no_unit = Bench::new();
        no_unit.begin_fails(lost());
        let no_change = Bench::new();
        no_change.begins(Scope::System, |unit| {
            unit.outbox_administration
                .expect_revive()
                .returning(|_, _| Err(lost()));
            unit.outbox_administration
                .expect_revive_dead()
                .returning(|_, _| Err(lost()));
        });
        let no_commit = Bench::new();
        no_commit.fails_to_commit(Scope::System, lost(), |unit| {
            unit.outbox_administration
                .expect_revive()
                .returning(|_, _| Ok(true));
            unit.outbox_administration
                .expect_revive_dead()
                .returning(|_, _| Ok(1));
        });
        for bench in [no_unit, no_change, no_commit] {
            let failed = retry(&bench).run(command).await;
            assert_eq!(failed, Err(RetryMailError::Store(lost())));
            bench.finish();
        }
    }
}
