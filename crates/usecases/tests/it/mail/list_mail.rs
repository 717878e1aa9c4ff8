//! Listing mail jobs for an operator.

use kogents_domain::ids::MailId;
use kogents_domain::mail::{Lane, MailFilter, MailState};
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::store::Scope;
use kogents_testkit::builders::unique_id;
use kogents_usecases::mail::{ListMail, ListMailCommand, ListMailError};
use mockall::predicate::eq;

use super::given::entry;
use crate::support::{Bench, lost};

fn list(bench: &Bench) -> ListMail {
    ListMail {
        store: bench.store(),
    }
}

fn command(after: Option<MailId>) -> ListMailCommand {
    ListMailCommand {
        filter: MailFilter {
            state: Some(MailState::Dead),
            lane: Some(Lane::Other),
        },
        limit: PageLimit::DEFAULT,
        after,
    }
}

#[tokio::test]
async fn a_page_comes_as_the_store_has_it() {
    for after in [None, Some(MailId::from_uuid(unique_id()))] {
        let bench = Bench::new();
        let asked = command(after);
        let first = entry(MailState::Dead);
        let page = Page {
            next: Some(first.id),
            items: vec![first],
        };
        let answer = page.clone();
        bench.reads(Scope::System, |unit| {
            unit.outbox_administration
                .expect_list()
                .with(eq(asked.filter), eq(asked.limit), eq(after))
                .times(1)
                .return_once(|_, _, _| Ok(answer));
        });

        assert_eq!(list(&bench).run(asked).await, Ok(page));
        bench.finish();
    }
}

#[tokio::test]
async fn a_store_that_fails_is_told() {
    let no_unit = Bench::new();
    no_unit.read_fails(lost());
    let no_answer = Bench::new();
    no_answer.reads(Scope::System, |unit| {
        unit.outbox_administration
            .expect_list()
            .return_once(|_, _, _| Err(lost()));
    });
    for bench in [no_unit, no_answer] {
        let failed = list(&bench).run(command(None)).await;
        assert_eq!(failed, Err(ListMailError::Store(lost())));
        bench.finish();
    }
}
