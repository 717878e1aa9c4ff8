//! What the workers take from the queue, and when.

use crate::support::{Backend, on_both};

use super::{notice, queue};

on_both!(
    mail_that_another_process_queued_is_found,
    what_waits_when_the_server_stops_is_sent_after_the_next_start,
);

const EMAIL: &str = "ada@example.com";

async fn mail_that_another_process_queued_is_found(backend: &Backend) {
    let app = backend.start().await;
    queue(&app, &[notice(&app, EMAIL)]).await;
    let mail = app.mail(EMAIL, "account_exists").await;
    assert!(mail["otp"].is_null());
}

async fn what_waits_when_the_server_stops_is_sent_after_the_next_start(backend: &Backend) {
    let app = backend.start().await;
    queue(&app, &[notice(&app, EMAIL)]).await;
    let app = app.restart().await;
    // Which of the two servers has sent it, nobody can know; one has.
    let sent = async {
        loop {
            let entries = super::entries(&app).await;
            if entries.iter().all(|entry| entry.finished_at.is_some()) {
                return entries;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    let entries = tokio::time::timeout(std::time::Duration::from_secs(20), sent)
        .await
        .unwrap();
    let states: Vec<_> = entries.iter().map(|entry| entry.state.as_str()).collect();
    assert_eq!(states, ["sent"]);
    assert_eq!(
        (&entries[0].recipient, entries[0].has_message),
        (&None, false)
    );
}
