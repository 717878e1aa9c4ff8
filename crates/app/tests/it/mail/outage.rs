//! R2: a mail server that is down for a while.

use serde_json::json;

use super::{entries, mail_server, start_with_mail};
use crate::support::{Backend, Mood, on_both};

on_both!(r2_while_the_mail_server_is_down_no_signup_fails_and_no_mail_is_lost);

const PERSONS: usize = 8;

/// A minute without a mail server, by the server's clock; the code of whoever waited too long is
/// void by then.
async fn r2_while_the_mail_server_is_down_no_signup_fails_and_no_mail_is_lost(backend: &Backend) {
    let mail = mail_server();
    mail.set(Mood::Away);
    let app = start_with_mail(backend, &mail).await;
    let address = |who: &str, n: usize| format!("{who}{n}@example.com");
    let ask = async |who: &str, n: usize| {
        let signup = app.sign_up(&address(who, n)).await;
        app.choose_workspace(&signup, &format!("{who}-{n}")).await;
        let body = json!({ "sessionId": signup });
        let answer = app.post("/auth/verify/send-for-session", body).await;
        answer.expect(200);
        signup
    };
    // These wait for their code longer than it is good.
    let mut late = Vec::new();
    for n in 0..PERSONS {
        late.push(ask("late", n).await);
    }
    app.advance_secs(9 * 60);
    // These for a minute.
    let mut patient = Vec::new();
    for n in 0..PERSONS {
        patient.push(ask("patient", n).await);
    }
    app.advance_secs(60);
    assert_eq!(mail.mails(), []);

    mail.set(Mood::Takes);
    app.advance_secs(31);
    for (n, signup) in patient.iter().enumerate() {
        let code = mail.code(&address("patient", n)).await;
        app.confirm(signup, &code).await;
        mail.mail(&address("patient", n), "is ready").await;
        app.advance_secs(1);
    }
    // No code was sent after its end; a new one comes as usual.
    for n in 0..PERSONS {
        assert_eq!(mail.mails_to(&address("late", n)), []);
    }
    for (n, signup) in late.iter().enumerate() {
        let body = json!({ "sessionId": signup });
        let answer = app.post("/auth/verify/send-for-session", body).await;
        answer.expect(200);
        let code = mail.code(&address("late", n)).await;
        app.confirm(signup, &code).await;
        assert_eq!(mail.mails_to(&address("late", n)).len(), 1);
    }
    for entry in entries(&app).await {
        let finished = entry.finished_at.is_some();
        assert!(finished || entry.template == "welcome", "{entry:?}");
    }
}
