//! Taking mail jobs out of the queue for good.

use kogents_domain::mail::{MailEntry, MailState};
use kogents_domain::store::Scope;
use kogents_usecases::mail::{PurgeMail, PurgeMailCommand, PurgeMailError};
use mockall::predicate::eq;

use super::given::entry;
use crate::support::{Bench, T0, lost, secs};

fn purge(bench: &Bench) -> PurgeMail {
    PurgeMail {
        store: bench.store(),
        clock: bench.clock(),
    }
}

#[tokio::test]
async fn a_job_that_waits_or_is_dead_is_taken_out() {
    let bench = Bench::new();
    let id = entry(MailState::Queued).id;
    bench.begins(Scope::System, |unit| {
        unit.outbox_administration
            .expect_void()
            .with(eq(id), eq(T0))
            .times(1)
            .return_once(|_, _| Ok(true));
    });

    let purged = purge(&bench).run(PurgeMailCommand::One(id)).await;

    assert_eq!(purged, Ok(1));
    assert_eq!(bench.journal.entries(), ["begin System", "commit"]);
    bench.finish();
}

#[tokio::test]
async fn what_is_finished_or_not_there_is_not_taken_out() {
    let finished = |state| (Some(entry(state)), PurgeMailError::Finished(state));
    let cases: [(Option<MailEntry>, PurgeMailError); 3] = [
        finished(MailState::Sent),
        finished(MailState::Void),
        (None, PurgeMailError::NotFound),
    ];
    for (found, error) in cases {
        let bench = Bench::new();
        let id = entry(MailState::Sent).id;
        bench.begins(Scope::System, |unit| {
            unit.outbox_administration
                .expect_void()
                .return_once(|_, _| Ok(false));
            unit.outbox_administration
                .expect_find()
                .with(eq(id))
                .times(1)
                .return_once(|_| Ok(found));
        });

        let refused = purge(&bench).run(PurgeMailCommand::One(id)).await;

        assert_eq!(refused, Err(error));
        assert_eq!(bench.journal.count("commit"), 0);
        bench.finish();
    }
}

#[tokio::test]
async fn dead_letters_of_an_age_are_taken_out_batch_by_batch() {
    let bench = Bench::new();
    for removed in [1_000, 0] {
        bench.begins(Scope::System, |unit| {
            unit.outbox_administration
                .expect_remove_dead()
                .with(eq(T0.minus(secs(86_400))), eq(1_000))
                .times(1)
                .return_once(move |_, _| Ok(removed));
        });
    }

    let command = PurgeMailCommand::DeadFor(secs(86_400));
    assert_eq!(purge(&bench).run(command).await, Ok(1_000));
    assert_eq!(bench.journal.count("commit"), 2);
    bench.finish();
}

#[tokio::test]
async fn a_store_that_fails_is_told() {
    let one = PurgeMailCommand::One(entry(MailState::Dead).id);
    for command in [one, PurgeMailCommand::DeadFor(secs(1))] {
        let no_unit = Bench::new();
        no_unit.begin_fails(lost());
        let no_change = Bench::new();
        no_change.begins(Scope::System, |unit| {
            unit.outbox_administration
                .expect_void()
                .returning(|_, _| Err(lost()));
            unit.outbox_administration
                .expect_remove_dead()
                .returning(|_, _| Err(lost()));
        });
        let no_commit = Bench::new();
        no_commit.fails_to_commit(Scope::System, lost(), |unit| {
            unit.outbox_administration
                .expect_void()
                .returning(|_, _| Ok(true));
            unit.outbox_administration
                .expect_remove_dead()
                .returning(|_, _| Ok(1));
        });
        for bench in [no_unit, no_change, no_commit] {
            let failed = purge(&bench).run(command).await;
            assert_eq!(failed, Err(PurgeMailError::Store(lost())));
            bench.finish();
        }
    }
}
