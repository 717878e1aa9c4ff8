//! The mail queue: its calls, for their plans, and what becomes of a job that cannot be read.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use kogents_domain::auth::{EmailAddress, Language};
use kogents_domain::ids::MailId;
use kogents_domain::mail::{
    ClaimDue, Dedupe, Lane, MailFilter, MailJob, MailState, OutboxAdministration, Template,
};
use kogents_domain::page::PageLimit;
use kogents_domain::store::{StoreError, UnitOfWork as _};
use kogents_domain::time::Span;
use uuid::Uuid;

use super::{KEY, NOW};
use crate::store::SqliteStore;
use crate::unit_of_work::{Begin, SqliteUnitOfWork};

fn mail() -> MailJob {
    MailJob {
        id: MailId::from_uuid(Uuid::from_u128(4)),
        template: Template::Welcome,
        language: Language::english(),
        recipient: EmailAddress::parse("ada@example.com").unwrap(),
        sealed: vec![1],
        dedupe: Some(Dedupe {
            key: KEY,
            until: NOW,
        }),
        replace_key: Some(KEY),
        run_at: NOW,
        expires_at: None,
        created_at: NOW,
    }
}

fn claim() -> ClaimDue {
    ClaimDue {
        lanes: Lane::ALL.to_vec(),
        now: NOW,
        lease_until: NOW.plus(Span::from_secs(60)),
        lease_token: 1,
        limit: 10,
    }
}

/// Calls every method of the queue.
pub(super) async fn call(work: &mut SqliteUnitOfWork) -> Result<(), StoreError> {
    let outbox = work.outbox();
    assert!(outbox.enqueue(&mail()).await?);
    outbox.claim_due(claim()).await?;
    let id = mail().id;
    outbox.mark_retry(id, 1, NOW, "x").await?;
    outbox.give_back(id, 1, NOW, "x").await?;
    outbox.mark_dead(id, 1, NOW, "x").await?;
    outbox.mark_sent(id, 1, NOW).await?;
    outbox.sweep(NOW, NOW).await?;
    call_administration(work.outbox_administration(), id).await
}

async fn call_administration(
    outbox: &mut dyn OutboxAdministration,
    id: MailId,
) -> Result<(), StoreError> {
    for state in [None, Some(MailState::Dead), Some(MailState::Queued)] {
        for lane in [None, Some(Lane::Other)] {
            let filter = MailFilter { state, lane };
            outbox.list(filter, PageLimit::DEFAULT, None).await?;
        }
    }
    outbox.find(id).await?;
    outbox.revive(id, NOW).await?;
    outbox.revive_dead(10, NOW).await?;
    outbox.void(id, NOW).await?;
    outbox.remove_dead(NOW, 10).await?;
    outbox.depths(NOW).await?;
    Ok(())
}

#[tokio::test]
async fn r2_a_job_that_cannot_be_read_is_a_dead_letter_and_stops_nothing() {
    let store = SqliteStore::in_memory().unwrap();
    let mut work = store.unit_of_work(Begin::Write).await.unwrap();
    let poison = mail();
    let good = MailJob {
        id: MailId::from_uuid(Uuid::from_u128(40)),
        dedupe: None,
        replace_key: None,
        ..mail()
    };
    for job in [&poison, &good] {
        assert!(work.outbox().enqueue(job).await.unwrap());
    }
    work.run(|conn| {
        sql_query("UPDATE outbox SET recipient = 'nobody' WHERE dedupe_key NOT NULL")
            .execute(conn)?;
        Ok(())
    })
    .await
    .unwrap();
    let claimed = work.outbox().claim_due(claim()).await.unwrap();
    assert_eq!(
        claimed.iter().map(|mail| mail.id).collect::<Vec<_>>(),
        [good.id]
    );
    #[derive(QueryableByName, PartialEq, Debug)]
    struct Dead {
        #[diesel(sql_type = Text)]
        last_error: String,
    }
    let query = "SELECT last_error FROM outbox WHERE state = 'dead' AND payload IS NOT NULL";
    let dead: Vec<Dead> = work
        .run(move |conn| Ok(sql_query(query).load(conn)?))
        .await
        .unwrap();
    let told = "a value of outbox.recipient does not read back".to_owned();
    assert_eq!(dead, [Dead { last_error: told }]);
}

#[tokio::test]
async fn r6_a_job_of_a_newer_release_is_left_to_it_and_shown() {
    let store = SqliteStore::in_memory().unwrap();
    let mut work = store.unit_of_work(Begin::Write).await.unwrap();
    assert!(work.outbox().enqueue(&mail()).await.unwrap());
    work.run(|conn| {
        sql_query("UPDATE outbox SET template = 'of a newer release', language = '?'")
            .execute(conn)?;
        Ok(())
    })
    .await
    .unwrap();
    assert_eq!(work.outbox().claim_due(claim()).await.unwrap(), []);
    let queue = work.outbox_administration();
    let entry = queue.find(mail().id).await.unwrap().unwrap();
    assert_eq!(entry.template, "of a newer release");
    assert_eq!(entry.language, "?");
    assert_eq!((entry.state, entry.attempts), (MailState::Queued, 0));
    let listed = queue.list(MailFilter::default(), PageLimit::DEFAULT, None);
    assert_eq!(listed.await.unwrap().items, [entry]);
}
