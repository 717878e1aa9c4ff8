//! Showing an operator one mail job.

use kogents_domain::mail::{MailEntry, MailState};
use kogents_domain::store::Scope;
use kogents_usecases::mail::{ShowMail, ShowMailError};
use mockall::predicate::eq;

use super::given::entry;
use crate::support::{Bench, lost};

/// What is shown of a job when the store finds this.
async fn shown(asked: &MailEntry, found: Option<MailEntry>) -> Result<MailEntry, ShowMailError> {
    let bench = Bench::new();
    bench.reads(Scope::System, |unit| {
        unit.outbox_administration
            .expect_find()
            .with(eq(asked.id))
            .times(1)
            .return_once(|_| Ok(found));
    });
    let show = ShowMail {
        store: bench.store(),
    };
    let shown = show.run(asked.id).await;
    bench.finish();
    shown
}

#[tokio::test]
async fn a_job_is_shown_whatever_became_of_it_and_one_that_is_not_there_is_not() {
    for state in MailState::ALL {
        let job = entry(state);
        assert_eq!(shown(&job, Some(job.clone())).await, Ok(job));
    }
    let gone = entry(MailState::Sent);
    assert_eq!(shown(&gone, None).await, Err(ShowMailError::NotFound));
}

#[tokio::test]
async fn a_store_that_fails_is_told() {
    let no_unit = Bench::new();
    no_unit.read_fails(lost());
    let no_answer = Bench::new();
    no_answer.reads(Scope::System, |unit| {
        unit.outbox_administration
            .expect_find()
            .return_once(|_| Err(lost()));
    });
    for bench in [no_unit, no_answer] {
        let show = ShowMail {
            store: bench.store(),
        };
        let failed = show.run(entry(MailState::Sent).id).await;
        assert_eq!(failed, Err(ShowMailError::Store(lost())));
        bench.finish();
    }
}
