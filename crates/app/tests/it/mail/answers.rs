//! R2: what becomes of a mail, whatever the mail server answers.

use std::time::Duration;

use kogents_domain::mail::{MailEntry, MailJob, MailState};

use super::{entry, mail_server, notice, queue, start_with_mail};
use crate::support::{Backend, Client, Mood, TestApp, on_both};

on_both!(
    s29_a_mail_has_the_headers_of_a_machine_and_no_others,
    r2_a_mail_that_is_put_off_is_tried_again_with_the_same_message_id,
    r2_a_mail_that_is_refused_is_a_dead_letter_and_stops_no_other,
    r2_a_refused_sign_in_puts_everything_off_and_kills_nothing,
    r2_a_mail_whose_answer_is_lost_comes_again_with_the_same_message_id,
    r2_a_mail_that_hangs_keeps_no_other_waiting,
    r2_mail_to_addresses_that_are_put_off_keeps_no_other_waiting,
    the_figures_tell_of_the_queue_and_its_deliveries,
);

const ADA: &str = "ada@example.com";
const BOB: &str = "bob@example.com";

/// Waits until a job is as it is to be.
async fn until(app: &TestApp, job: &MailJob, is_so: impl Fn(&MailEntry) -> bool) -> MailEntry {
    let waited = async {
        loop {
            let entry = entry(app, job).await;
            if is_so(&entry) {
                return entry;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(30), waited).await;
    waited.expect("the job comes to that")
}

async fn s29_a_mail_has_the_headers_of_a_machine_and_no_others(backend: &Backend) {
    let mail = mail_server();
    let app = start_with_mail(backend, &mail).await;
    let job = notice(&app, ADA);
    queue(&app, std::slice::from_ref(&job)).await;
    let arrived = mail.mail(ADA, "already has an account").await;
    assert_eq!(arrived.header("from"), "Kogents <no-reply@kogents.test>");
    assert_eq!(arrived.header("to"), ADA);
    assert_eq!(arrived.header("reply-to"), "help@kogents.test");
    assert_eq!(arrived.header("auto-submitted"), "auto-generated");
    assert_eq!(arrived.id(), format!("<{}@kogents.test>", job.id));
    let mut names: Vec<&str> = arrived.headers.iter().map(|(name, _)| &name[..]).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "auto-submitted",
            "content-type",
            "date",
            "from",
            "message-id",
            "mime-version",
            "reply-to",
            "subject",
            "to",
        ]
    );
    assert!(!arrived.html.contains("<img") && !arrived.html.contains("http-equiv"));
    let sent = until(&app, &job, |entry| entry.state == MailState::Sent).await;
    assert_eq!((sent.recipient, sent.has_message), (None, false));
}

async fn r2_a_mail_that_is_put_off_is_tried_again_with_the_same_message_id(backend: &Backend) {
    let mail = mail_server();
    mail.set(Mood::PutsOff);
    let app = start_with_mail(backend, &mail).await;
    let job = notice(&app, ADA);
    queue(&app, std::slice::from_ref(&job)).await;
    for tries in 1..=3 {
        let waiting = until(&app, &job, |entry| {
            entry.attempts == tries && entry.lease_until.is_none() && entry.run_at > app.now()
        })
        .await;
        assert_eq!(waiting.state, MailState::Queued);
        let why = waiting.last_error.expect("a reason");
        assert!(why.contains("451") && why.contains("recipient"), "{why}");
        // Five seconds after the first try, ten after the second, and never sooner than half of it.
        let pause = waiting.run_at.since(app.now()).as_millis();
        let longest = 5_000 << (tries - 1);
        assert!((longest / 2 - 1_000..=longest).contains(&pause), "{pause}");
        if tries == 3 {
            mail.set(Mood::Takes);
        }
        app.advance_millis(pause);
    }
    let arrived = mail.mail(ADA, "already has an account").await;
    assert_eq!(arrived.id(), format!("<{}@kogents.test>", job.id));
    until(&app, &job, |entry| entry.state == MailState::Sent).await;
    assert_eq!(mail.mails().len(), 1);
}

async fn r2_a_mail_that_is_refused_is_a_dead_letter_and_stops_no_other(backend: &Backend) {
    let mail = mail_server();
    let app = start_with_mail(backend, &mail).await;
    for mood in [Mood::RefusesRecipient, Mood::RefusesContent] {
        mail.set(mood);
        let refused = notice(&app, ADA);
        queue(&app, std::slice::from_ref(&refused)).await;
        let dead = until(&app, &refused, |entry| entry.state == MailState::Dead).await;
        assert_eq!(dead.attempts, 1);
        // It keeps what an operator needs to send it all the same.
        assert_eq!(dead.recipient.as_deref(), Some(ADA));
        assert!(dead.has_message);
        let why = dead.last_error.expect("a reason");
        assert!(why.contains("550") && !why.contains('@'), "{why}");
        mail.set(Mood::Takes);
        let taken = notice(&app, BOB);
        queue(&app, std::slice::from_ref(&taken)).await;
        until(&app, &taken, |entry| entry.state == MailState::Sent).await;
    }
    assert_eq!(mail.mails_to(ADA), []);
    assert_eq!(mail.mails_to(BOB).len(), 2);
}

async fn r2_a_refused_sign_in_puts_everything_off_and_kills_nothing(backend: &Backend) {
    let mail = mail_server();
    mail.set(Mood::RefusesSignIn);
    let app = start_with_mail(backend, &mail).await;
    let jobs: Vec<MailJob> = (0..40)
        .map(|n| notice(&app, &format!("person{n}@example.com")))
        .collect();
    queue(&app, &jobs).await;
    let put_off = until(&app, &jobs[0], |entry| {
        entry.last_error.is_some() && entry.lease_until.is_none()
    })
    .await;
    // No server took the mail, so that was no try of it.
    assert_eq!((put_off.state, put_off.attempts), (MailState::Queued, 0));
    // The whole queue has not been tried for it: those that were under way, and then one by one.
    let calls = mail.calls();
    assert!(calls <= 10, "{calls} sign-ins for 40 mails");
    // A day of it uses up no tries.
    for _ in 0..6 {
        app.advance_secs(4 * 3_600);
        let before = mail.calls();
        mail.until(|| (mail.calls() > before).then_some(())).await;
    }
    mail.set(Mood::Takes);
    // Time goes twenty times as fast: what waits for the end of a rest waits no longer than it must.
    mail.until(|| {
        app.advance_millis(100);
        (mail.mails().len() >= 40).then_some(())
    })
    .await;
    for job in &jobs {
        let sent = until(&app, job, |entry| entry.state == MailState::Sent).await;
        assert_eq!(sent.attempts, 1);
    }
    assert_eq!(mail.mails().len(), 40);
}

async fn r2_a_mail_whose_answer_is_lost_comes_again_with_the_same_message_id(backend: &Backend) {
    let mail = mail_server();
    mail.set(Mood::Drops);
    let app = start_with_mail(backend, &mail).await;
    let job = notice(&app, ADA);
    queue(&app, std::slice::from_ref(&job)).await;
    let lost = until(&app, &job, |entry| {
        entry.last_error.is_some() && entry.lease_until.is_none()
    })
    .await;
    assert_eq!((lost.state, lost.attempts), (MailState::Queued, 1));
    mail.set(Mood::Takes);
    app.advance_secs(5);
    until(&app, &job, |entry| entry.state == MailState::Sent).await;
    let ids: Vec<String> = mail
        .mails()
        .iter()
        .map(|mail| mail.id().to_owned())
        .collect();
    let id = format!("<{}@kogents.test>", job.id);
    assert_eq!(ids, [id.clone(), id]);
}

async fn r2_a_mail_that_hangs_keeps_no_other_waiting(backend: &Backend) {
    let mail = mail_server();
    mail.set(Mood::Hangs);
    let app = start_with_mail(backend, &mail).await;
    // As many as are delivered at once of all mail that is no code.
    let hanging: Vec<MailJob> = (0..8)
        .map(|n| notice(&app, &format!("hanging{n}@example.com")))
        .collect();
    queue(&app, &hanging).await;
    mail.until(|| (mail.mails().len() == 8).then_some(())).await;
    mail.set(Mood::Takes);
    let signup = app.sign_up(ADA).await;
    app.choose_workspace(&signup, "engines").await;
    let body = serde_json::json!({ "sessionId": signup });
    let answer = app.post("/auth/verify/send-for-session", body).await;
    answer.expect(200);
    let began = std::time::Instant::now();
    let code = mail.code(ADA).await;
    let took = began.elapsed();
    assert!(took < Duration::from_secs(5), "{took:?}");
    app.confirm(&signup, &code).await;
    for job in &hanging {
        assert_eq!(entry(&app, job).await.state, MailState::Queued);
    }
}

/// Whom a mail goes to is anybody's to choose.
async fn r2_mail_to_addresses_that_are_put_off_keeps_no_other_waiting(backend: &Backend) {
    let mail = mail_server();
    let app = start_with_mail(backend, &mail).await;
    let mut letters = Vec::new();
    for n in 0..40 {
        letters.push(notice(&app, &format!("person{n}@put-off.example")));
    }
    queue(&app, &letters).await;
    until(&app, &letters[0], |entry| entry.last_error.is_some()).await;
    let good = notice(&app, ADA);
    queue(&app, std::slice::from_ref(&good)).await;
    let began = std::time::Instant::now();
    until(&app, &good, |entry| entry.state == MailState::Sent).await;
    let took = began.elapsed();
    assert!(took < Duration::from_secs(20), "{took:?}");
}

async fn the_figures_tell_of_the_queue_and_its_deliveries(backend: &Backend) {
    let mail = mail_server();
    let app = backend
        .start_with(|config| {
            super::send_by(config, &mail);
            config.server.metrics_port = Some(0);
        })
        .await;
    let metrics = Client::new(format!("http://{}", app.facts().metrics.unwrap()));
    let sent = notice(&app, ADA);
    queue(&app, std::slice::from_ref(&sent)).await;
    until(&app, &sent, |entry| entry.state == MailState::Sent).await;
    let figures = metrics.get("/metrics").await.text;
    for line in [
        "kogents_mail_tries_total{lane=\"other\",outcome=\"sent\"} 1",
        "kogents_mail_accepted_after_seconds_count{lane=\"other\"} 1",
        "kogents_mail_queued{lane=\"code\"} 0",
        "kogents_mail_dead{lane=\"other\"} 0",
        "kogents_mail_oldest_seconds{lane=\"other\"}",
    ] {
        assert!(figures.contains(line), "{line} in {figures}");
    }
}
