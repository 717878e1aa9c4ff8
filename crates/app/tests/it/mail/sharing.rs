//! R2: several workers and instances share the work, and each mail is sent once.

use std::collections::BTreeSet;

use kogents::config::Database;
use kogents_domain::mail::MailJob;

use super::{mail_server, notice, queue, send_by, start_with_mail};
use crate::support::Backend;

const MAILS: usize = 1_000;

/// Queues the mails and waits until all have arrived; none has come twice.
async fn r2_each_of_a_thousand_mails_is_sent_once(backend: &Backend, instances: usize) {
    let mail = mail_server();
    let app = start_with_mail(backend, &mail).await;
    let mut others = Vec::new();
    for _ in 1..instances {
        let instance = app.second_with(|config| {
            send_by(config, &mail);
            // The tests that run beside this one need connections too.
            if let Database::Postgres(postgres) = &mut config.stores.database {
                postgres.max_connections = Some(6);
            }
        });
        others.push(instance.await);
    }
    let jobs: Vec<MailJob> = (0..MAILS)
        .map(|n| notice(&app, &format!("person{n}@example.com")))
        .collect();
    queue(&app, &jobs).await;
    mail.until(|| (mail.mails().len() >= MAILS).then_some(()))
        .await;
    let unfinished = async {
        loop {
            let entries = super::entries(&app).await;
            let left = entries.iter().filter(|entry| entry.finished_at.is_none());
            if left.count() == 0 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    let settled = tokio::time::timeout(std::time::Duration::from_secs(30), unfinished).await;
    settled.expect("what came of each is written down");
    let mails = mail.mails();
    assert_eq!(mails.len(), MAILS);
    let ids: BTreeSet<&str> = mails.iter().map(|mail| mail.id()).collect();
    assert_eq!(ids.len(), MAILS);
}

#[tokio::test(flavor = "multi_thread")]
async fn r2_the_workers_of_one_instance_send_each_of_a_thousand_mails_once() {
    r2_each_of_a_thousand_mails_is_sent_once(&Backend::Embedded, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r2_four_instances_send_each_of_a_thousand_mails_once() {
    if let Some(backend) = Backend::servers().await {
        r2_each_of_a_thousand_mails_is_sent_once(&backend, 4).await;
    }
}
